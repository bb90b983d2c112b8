/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What the loop learns: the same fault twenty times, in virtual time, under a policy whose order is wrong.
 * The second ten are compared with the first ten of the same run. Deterministic: the same figures each time.
 */
#include "sim/drill.h"

#include <stdio.h>
#include <string.h>

enum { SEEDS = 10 };

static void print_json(const struct sim_drill *first, const struct sim_drill *second) {
    printf("{\"faults\":%.0f,\"first_ten\":{\"heal_s\":%.3f,\"wrong_acts\":%.3f},"
           "\"second_ten\":{\"heal_s\":%.3f,\"wrong_acts\":%.3f},\"heal_ratio\":%.3f,\"version\":\"%s\"}\n",
           first->faults + second->faults, first->heal_s / first->faults, first->wrong / first->faults,
           second->heal_s / second->faults, second->wrong / second->faults, second->heal_s / first->heal_s,
           HEAL_VERSION);
}

int main(int argc, char **argv) {
    struct sim_drill first = {0}, second = {0};
    if (argc > 2 || (argc == 2 && strcmp(argv[1], "--json") != 0))
        return 64;
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        sim_drill_run(seed, &first, &second);
    if (argc == 2)
        print_json(&first, &second);
    else
        printf("first ten: healed in %.2f s after %.2f wrong acts; second ten: %.2f s, %.2f\n",
               first.heal_s / first.faults, first.wrong / first.faults, second.heal_s / second.faults,
               second.wrong / second.faults);
    return 0;
}
