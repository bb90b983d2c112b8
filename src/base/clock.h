/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The shell's clocks: the one that all times are by, which goes on while the host sleeps, and people's. Here
 * because os, net, lab and heald all have it from here; it is no part of libheal, which has no clock
 * (tests/layering/allowed-symbols).
 */
#ifndef HEAL_BASE_CLOCK_H
#define HEAL_BASE_CLOCK_H

#include "heal/types.h"

#include <time.h>

/** @return a time of the kernel's, without what is less than a microsecond. */
static inline heal_us heal_clock_us(const struct timespec *time) {
    return (heal_us)time->tv_sec * HEAL_US_PER_S + (heal_us)time->tv_nsec / 1000;
}

/** @return now, on the clock of the boot, which nobody can set: after a sleep the time that it took is over.
 */
static inline heal_us heal_clock_now(void) {
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return heal_clock_us(&now);
}

/** @return now, on the wall clock: since 1970. It may jump. */
static inline heal_us heal_clock_wall(void) {
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return heal_clock_us(&now);
}

#endif
