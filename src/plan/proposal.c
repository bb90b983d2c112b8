/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "plan/proposal.h"

#include "base/cleanup.h"
#include "plan/tuning.h"

enum { STEP_MBM = 300, MOST_MBM = 2000 };

/* Channels 1, 6 and 11, and 36 to 48: each list is gone round. */
static const struct {
    uint32_t from, to;
} channels[] = {
    {2412, 2437},
    {2437, 2462},
    {2462, 2412},
    {5180, 5200},
    {5200, 5220},
    {5220, 5240},
    {5240, 5180},
};

uint32_t heal_proposal_channel(uint32_t frequency_mhz) {
    for (size_t i = 0; i < HEAL_COUNT(channels); i++)
        if (channels[i].from == frequency_mhz)
            return channels[i].to;
    return 0;
}

uint32_t heal_proposal_power(uint32_t mbm) {
    if (mbm >= MOST_MBM)
        return 0;
    return mbm + STEP_MBM < MOST_MBM ? mbm + STEP_MBM : MOST_MBM;
}

static bool add_channel(struct heal_text *text, const struct heal_world *world, const char *ifname) {
    uint32_t now;
    if (!heal_tuning_now(world, HEAL_TUNE_CHANNEL, ifname, &now) || heal_proposal_channel(now) == 0)
        return false;
    heal_text_add(text, "iw dev %s switch freq %u NOHT beacons 5", ifname, heal_proposal_channel(now));
    return true;
}

static bool add_power(struct heal_text *text, const struct heal_world *world, const char *ifname) {
    uint32_t now;
    if (!heal_tuning_now(world, HEAL_TUNE_POWER, ifname, &now) || heal_proposal_power(now) == 0)
        return false;
    heal_text_add(text, "iw dev %s set txpower fixed %u", ifname, heal_proposal_power(now));
    return true;
}

bool heal_proposal_add(struct heal_text *text, const struct heal_world *world,
                       const struct heal_incident *incident) {
    const char *ifname = incident->element.port.ifname;
    enum heal_diagnosis diagnosis = heal_incident_diagnosis(incident);
    if (!heal_element_is_own_link(&incident->element))
        return false;
    if (diagnosis == HEAL_WEAK_SIGNAL)
        return add_power(text, world, ifname);
    bool of_the_air = diagnosis == HEAL_INTERFERENCE || diagnosis == HEAL_HIDDEN_LOSS;
    return of_the_air && add_channel(text, world, ifname);
}
