/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "model/baseline.h"

#include <math.h>

/* How far out a sample still counts fully, in deviations (Huber 1964 uses 1.345; three keeps a quantity with
 * rare peaks from looking calmer than it is). */
static const float reach = 3;
static const float slow = 1.0f / 64;

static float clamp(float value, float limit) {
    return value > limit ? limit : value < -limit ? -limit : value;
}

void heal_baseline_add(struct heal_baseline *baseline, float value, float floor) {
    if (!isfinite(value))
        return;
    if (baseline->samples == 0) {
        baseline->middle = value;
        baseline->deviation = floor;
    }
    /* Quick while it warms, slow ever after. */
    float rate = baseline->samples < HEAL_BASELINE_WARM ? 1.0f / (float)(baseline->samples + 1) : slow;
    float limit = baseline->samples < HEAL_BASELINE_WARM ? INFINITY : reach * baseline->deviation;
    float off = clamp(value - baseline->middle, limit);
    baseline->middle += rate * off;
    /* The mean absolute deviation of a normal variable is 0.798 of its standard deviation. */
    baseline->deviation += rate * (fabsf(off) / 0.798f - baseline->deviation);
    if (baseline->deviation < floor)
        baseline->deviation = floor;
    baseline->samples++;
}
