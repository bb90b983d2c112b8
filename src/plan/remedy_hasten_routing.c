/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* hasten-routing: for a while this node announces itself ten times a second. batman-adv leaves a way that has
 * died only after five announcements of its destination have come by another, which at one a second takes
 * five seconds. Everybody within earshot of the trouble does it: whoever is a destination must. */
#include "plan/remedies.h"
#include "plan/tuning.h"

enum { FAST_MS = 100 };
/* What has not moved by then, moves no faster. */
static const heal_us begins_within_us = 20 * HEAL_US_PER_S;

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    uint32_t now;
    const char *ifname = world->mesh.is.ifname;
    /* Trouble that comes and goes would only have its traffic back the sooner. */
    return incident->recurrences == 0 && world->now - incident->view.opened <= begins_within_us &&
           heal_tuning_now(world, HEAL_TUNE_ORIGINATOR, ifname, &now) && now >= FAST_MS &&
           heal_tuning_applies(world, HEAL_HASTEN_ROUTING, HEAL_TUNE_ORIGINATOR, ifname, FAST_MS);
}

static int aim(const struct heal_world *world, const struct heal_incident *incident, struct heal_step *step) {
    step->mark = heal_tuning_through(world, incident);
    return heal_tuning_aim(world, HEAL_HASTEN_ROUTING, HEAL_TUNE_ORIGINATOR, world->mesh.is.ifname, FAST_MS,
                           step);
}

const struct heal_remedy_rule heal_remedy_hasten_routing = {
    .remedy = HEAL_HASTEN_ROUTING,
    .timeout = 8 * HEAL_US_PER_S,
    .risk = 0.05f,
    .holds = true,
    .most_us = 4 * HEAL_US_PER_S,
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
