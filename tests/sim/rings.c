/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/rings.h"

#include "sim/sim_state.h"

#include <stdio.h>
#include <stdlib.h>

struct heal_sim *rings_make(unsigned count, uint64_t seed, const struct heal_settings *settings) {
    struct heal_sim_plan plan = {0};
    struct heal_sim *sim;
    const struct heal_sim_options options = {.settings = settings, .seed = seed};
    if (heal_sim_plan_draw(HEAL_SIM_RING, count, seed, &plan) < 0 ||
        heal_sim_new(&plan, &options, &sim) < 0) {
        fprintf(stderr, "a ring of %u could not be made\n", count);
        exit(70);
    }
    heal_sim_plan_deinit(&plan);
    return sim;
}

unsigned rings_link(const struct heal_sim *sim, unsigned a, unsigned b) {
    return (unsigned)heal_sim_find_link(sim, a, b);
}
