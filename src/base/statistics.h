/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The few pieces of statistics that the loop stands on. Pure functions of their arguments.
 */
#ifndef HEAL_BASE_STATISTICS_H
#define HEAL_BASE_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

/** The two ends of a confidence interval, each in [0, 1]. */
struct heal_interval {
    float low, high;
};

/**
 * The share of successes that @p hits out of @p trials speaks for: E. B. Wilson's score interval (1927), at
 * 95 % one-sided on each end (z = 1.645). No trials: [0, 1].
 */
struct heal_interval heal_share_interval(uint64_t hits, uint64_t trials);

/**
 * The slope of a line through @p count points, as the median of the slopes of all pairs (Theil 1950, Sen
 * 1968): up to 29 % of the points may be wild. @p count at most 16, x strictly rising.
 * @return 0 for fewer than two points.
 */
float heal_slope(const float *x, const float *y, size_t count);

#endif
