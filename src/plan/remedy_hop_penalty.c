/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* hop-penalty: both ends of the link make all that the mesh hears through their interface look worse, so that
 * it leads past them wherever there is another way. It stays free of loops, as batman-adv is, and nobody is
 * cut off: what has no other way still goes there. */
#include "plan/avoid.h"
#include "plan/haste.h"
#include "plan/remedies.h"
#include "plan/tuning.h"

static const struct heal_avoidance by = {HEAL_HOP_PENALTY, HEAL_TUNE_PENALTY, HEAL_AVOID_PENALTY};

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    bool dead = heal_incident_diagnosis(incident) == HEAL_NEIGHBOUR_LOST && incident->recurrences == 0;
    return !dead && heal_avoid_applies(world, incident, &by);
}

static int aim(const struct heal_world *world, const struct heal_incident *incident, struct heal_step *step) {
    return heal_avoid_aim(world, incident, &by, step);
}

const struct heal_remedy_rule heal_remedy_hop_penalty = {
    .remedy = HEAL_HOP_PENALTY,
    .timeout = 8 * HEAL_US_PER_S,
    .risk = 0.05f,
    .holds = true,
    .doubt_us = HEAL_TUNING_DOUBT_US,
    .isolates = HEAL_ISOLATES_NEIGHBOUR,
    .shares = HEAL_SHARES_INTERFACE,
    .drain = &heal_haste,
    .upstream = true,
    .idle_words = HEAL_TUNING_IDLE_WORDS,
    .applies = applies,
    .aim = aim,
    .act = heal_avoid_act,
    .verify = heal_avoid_verify,
    .eases = heal_tuning_eases,
    .taken_over = heal_tuning_taken_over,
    .undo = heal_tuning_undo,
};
