/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Any bytes as a graph of a network: what is taken is a plan that a simulation can be made of. */
#include "sim/plan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct heal_sim_plan *plan) {
    if (plan->places < 2 || heal_sim_plan_degree(plan) > HEAL_SIM_DEGREE_MAX)
        abort();
    for (unsigned i = 0; i < plan->places; i++)
        if (plan->place[i].name[0] == '\0' || strpbrk(plan->place[i].name, " >-") != NULL)
            abort();
    for (unsigned i = 0; i < plan->edges; i++)
        if (plan->edge[i].a >= plan->places || plan->edge[i].b >= plan->places ||
            plan->edge[i].a == plan->edge[i].b)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_sim_plan plan = {0};
    struct heal_error error = {0};
    int r = heal_sim_plan_parse((const char *)data, size, &plan, &error);
    if (r == 0)
        check(&plan);
    else if (r > 0 || plan.place != NULL || error.what[0] == '\0')
        abort();
    heal_sim_plan_deinit(&plan);
    return 0;
}
