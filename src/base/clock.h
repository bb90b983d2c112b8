/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The shell's clock: what all times are by. Here because os, net, lab and heald all have it from here; it is
 * no part of libheal, which has no clock (tests/layering/allowed-symbols).
 */
#ifndef HEAL_BASE_CLOCK_H
#define HEAL_BASE_CLOCK_H

#include "heal/types.h"

#include <time.h>

/** @return now, on the monotonic clock. */
static inline heal_us heal_clock_now(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (heal_us)now.tv_sec * HEAL_US_PER_S + (heal_us)now.tv_nsec / 1000;
}

#endif
