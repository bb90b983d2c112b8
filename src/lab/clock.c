/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/clock.h"

#include <time.h>

heal_us heal_lab_now(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (heal_us)now.tv_sec * HEAL_US_PER_S + (heal_us)now.tv_nsec / 1000;
}
