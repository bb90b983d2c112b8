/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* raise-power: both ends send 3 dB louder. In no built-in policy: what helps one link is noise to all others,
 * and how loud a station may be is a matter of law. */
#include "plan/proposal.h"
#include "plan/remedies.h"
#include "plan/tuning.h"

#include <errno.h>

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    uint32_t now;
    return heal_element_is_own_link(&incident->element) &&
           heal_tuning_now(world, HEAL_TUNE_POWER, incident->element.port.ifname, &now) &&
           heal_proposal_power(now) != 0;
}

static int aim(const struct heal_world *world, const struct heal_incident *incident, struct heal_step *step) {
    const char *ifname = incident->element.port.ifname;
    uint32_t now;
    if (!heal_tuning_now(world, HEAL_TUNE_POWER, ifname, &now))
        return -ENOENT;
    step->port.peer = incident->element.port.peer;
    return heal_tuning_aim(world, HEAL_RAISE_POWER, HEAL_TUNE_POWER, ifname, heal_proposal_power(now), step);
}

static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    return heal_tuning_shows(world, step) && heal_remedies_trouble_is_gone(world, incident, HEAL_US_PER_S)
               ? HEAL_VERDICT_WORKED
               : HEAL_VERDICT_PENDING;
}

const struct heal_remedy_rule heal_remedy_raise_power = {
    .remedy = HEAL_RAISE_POWER,
    .timeout = 8 * HEAL_US_PER_S,
    .risk = 0.3f,
    .holds = true,
    .hold_us = 60 * HEAL_US_PER_S,
    .shares = HEAL_SHARES_INTERFACE,
    .applies = applies,
    .aim = aim,
    .act = heal_tuning_act,
    .verify = verify,
    .undo = heal_tuning_undo,
};
