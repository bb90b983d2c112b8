/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/statistics.h"

#include <math.h>
#include <stdlib.h>

enum { SLOPE_POINTS_MAX = 16, SLOPE_PAIRS_MAX = SLOPE_POINTS_MAX * (SLOPE_POINTS_MAX - 1) / 2 };

struct heal_interval heal_share_interval(uint64_t hits, uint64_t trials) {
    if (trials == 0)
        return (struct heal_interval){.low = 0, .high = 1};
    const double z = 1.645, n = (double)trials, p = (double)hits / n;
    const double centre = p + z * z / (2 * n);
    const double spread = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    const double scale = 1 + z * z / n;
    return (struct heal_interval){
        .low = hits == 0 ? 0 : (float)((centre - spread) / scale),
        .high = hits >= trials ? 1 : (float)((centre + spread) / scale),
    };
}

static void sort(float *value, size_t count) {
    for (size_t i = 1; i < count; i++) {
        float moving = value[i];
        size_t place = i;
        for (; place > 0 && value[place - 1] > moving; place--)
            value[place] = value[place - 1];
        value[place] = moving;
    }
}

float heal_slope(const float *x, const float *y, size_t count) {
    float slope[SLOPE_PAIRS_MAX];
    size_t pairs = 0;
    if (count > SLOPE_POINTS_MAX)
        count = SLOPE_POINTS_MAX;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            slope[pairs++] = (y[j] - y[i]) / (x[j] - x[i]);
    if (pairs == 0)
        return 0;
    sort(slope, pairs);
    return pairs % 2 ? slope[pairs / 2] : (slope[pairs / 2 - 1] + slope[pairs / 2]) / 2;
}
