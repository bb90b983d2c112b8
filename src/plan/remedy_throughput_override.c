/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* throughput-override: BATMAN V is told that both ends' interfaces carry 1 Mbit/s, whatever it measures. For
 * where a hop penalty did not move it, which counts for nothing on ways over one and the same radio. */
#include "plan/avoid.h"
#include "plan/haste.h"
#include "plan/remedies.h"
#include "plan/tuning.h"

static const struct heal_avoidance by = {HEAL_THROUGHPUT_OVERRIDE, HEAL_TUNE_OVERRIDE, HEAL_AVOID_KBIT};

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    uint32_t now;
    const char *ifname = incident->element.port.ifname;
    /* One that somebody has set is his, and says that the measured one is not to be trusted here. */
    bool of_others =
        heal_tuning_now(world, HEAL_TUNE_OVERRIDE, ifname, &now) && now != 0 && now != HEAL_AVOID_KBIT;
    return !of_others && world->mesh.is.by_throughput && heal_avoid_applies(world, incident, &by);
}

static int aim(const struct heal_world *world, const struct heal_incident *incident, struct heal_step *step) {
    return heal_avoid_aim(world, incident, &by, step);
}

const struct heal_remedy_rule heal_remedy_throughput_override = {
    .remedy = HEAL_THROUGHPUT_OVERRIDE,
    .timeout = 8 * HEAL_US_PER_S,
    .risk = 0.1f,
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
