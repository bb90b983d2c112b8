/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What is normal for one quantity in one place: its middle and its usual deviation, by Huber's M-estimate
 * taken one sample at a time. A sample moves the middle by at most a small part of the usual deviation, so
 * that a fault cannot pull its own baseline after it; and the caller feeds none while something is suspected.
 */
#ifndef HEAL_MODEL_BASELINE_H
#define HEAL_MODEL_BASELINE_H

#include <stdbool.h>
#include <stdint.h>

enum { HEAL_BASELINE_WARM = 8 }; /**< samples before it speaks */

struct heal_baseline {
    uint32_t samples;
    float middle, deviation;
};

/** Takes one sample. @p floor: the least deviation that is believed (the measurement's own noise). */
void heal_baseline_add(struct heal_baseline *baseline, float value, float floor);

static inline bool heal_baseline_is_warm(const struct heal_baseline *baseline) {
    return baseline->samples >= HEAL_BASELINE_WARM;
}

#endif
