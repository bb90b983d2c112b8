/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* hasten-routing: for a while this node announces itself far more often, and so does everybody within
 * earshot of the trouble. */
#include "plan/haste.h"
#include "plan/remedies.h"
#include "plan/tuning.h"

#include <errno.h>

/* Trouble that is older has moved all that it could. */
static const heal_us begins_within_us = 20 * HEAL_US_PER_S;

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    uint32_t now, fast = heal_haste_ms(world);
    const char *ifname = world->mesh.is.ifname;
    /* Trouble that comes and goes would only have its traffic back the sooner. */
    return incident->recurrences == 0 && world->now - incident->view.opened <= begins_within_us &&
           heal_tuning_now(world, HEAL_TUNE_ORIGINATOR, ifname, &now) && now >= fast &&
           heal_tuning_applies(world, HEAL_HASTEN_ROUTING, HEAL_TUNE_ORIGINATOR, ifname, fast) &&
           !heal_haste_is_beside(world);
}

static int aim(const struct heal_world *world, const struct heal_incident *incident, struct heal_step *step) {
    if (heal_haste_is_beside(world)) /* one that was planned in the same round has it */
        return -EALREADY;
    step->mark = heal_tuning_through(world, incident);
    return heal_tuning_aim(world, HEAL_HASTEN_ROUTING, HEAL_TUNE_ORIGINATOR, world->mesh.is.ifname,
                           heal_haste_ms(world), step);
}

const struct heal_remedy_rule heal_remedy_hasten_routing = {
    .remedy = HEAL_HASTEN_ROUTING,
    .timeout = 8 * HEAL_US_PER_S,
    .risk = 0.05f,
    .holds = true,
    .most_us = HEAL_HASTE_US,
    .shares = HEAL_SHARES_INTERFACE,
    .upstream = true,
    .idle_words = HEAL_TUNING_IDLE_WORDS,
    .applies = applies,
    .aim = aim,
    .act = heal_tuning_act,
    .verify = heal_tuning_verify,
    .eases = heal_tuning_eases,
    .taken_over = heal_tuning_taken_over,
    .undo = heal_tuning_undo,
};
