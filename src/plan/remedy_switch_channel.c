/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* switch-channel: the mesh moves to another channel; the radio announces it, and its neighbours follow. In no
 * built-in policy: it moves everybody who hears it, and only an operator knows which channels are his. */
#include "plan/drain.h"
#include "plan/proposal.h"
#include "plan/remedies.h"
#include "plan/tuning.h"

#include <errno.h>

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    uint32_t now;
    return heal_element_is_own_link(&incident->element) && incident->view.role == HEAL_ROLE_OWNER &&
           heal_tuning_now(world, HEAL_TUNE_CHANNEL, incident->element.port.ifname, &now) &&
           heal_proposal_channel(now) != 0;
}

static int aim(const struct heal_world *world, const struct heal_incident *incident, struct heal_step *step) {
    const char *ifname = incident->element.port.ifname;
    uint32_t now;
    if (!heal_tuning_now(world, HEAL_TUNE_CHANNEL, ifname, &now))
        return -ENOENT;
    step->port.peer = incident->element.port.peer;
    return heal_tuning_aim(world, HEAL_SWITCH_CHANNEL, HEAL_TUNE_CHANNEL, ifname, heal_proposal_channel(now),
                           step);
}

static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    return heal_tuning_shows(world, step) && heal_remedies_trouble_is_gone(world, incident, 2 * HEAL_US_PER_S)
               ? HEAL_VERDICT_WORKED
               : HEAL_VERDICT_PENDING;
}

const struct heal_remedy_rule heal_remedy_switch_channel = {
    .remedy = HEAL_SWITCH_CHANNEL,
    .timeout = 20 * HEAL_US_PER_S,
    .risk = 0.5f,
    .isolates = HEAL_ISOLATES_INTERFACE,
    .shares = HEAL_SHARES_INTERFACE,
    .drain = &heal_drain_interface,
    .applies = applies,
    .aim = aim,
    .act = heal_tuning_act,
    .verify = verify,
    .undo = heal_tuning_undo,
};
