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

/* Puts the value that is the @p nth in order in its place, no larger one before it and no smaller one after
 * it (C. A. R. Hoare, "Algorithm 65: Find", 1961; as in N. Wirth, "Algorithms + Data Structures", 2.4). */
static float find(float *value, int count, int nth) {
    int left = 0, right = count - 1;
    while (left < right) {
        float pivot = value[nth];
        int i = left, j = right;
        while (i <= j) {
            while (value[i] < pivot)
                i++;
            while (pivot < value[j])
                j--;
            if (i > j)
                break;
            float moving = value[i];
            value[i++] = value[j];
            value[j--] = moving;
        }
        left = j < nth ? i : left;
        right = nth < i ? j : right;
    }
    return value[nth];
}

/* The largest of what `find` left before the @p nth. */
static float before(const float *value, int nth) {
    float largest = value[0];
    for (int i = 1; i < nth; i++)
        largest = value[i] > largest ? value[i] : largest;
    return largest;
}

float heal_slope(const float *x, const float *y, size_t count) {
    float slope[SLOPE_PAIRS_MAX];
    int pairs = 0;
    if (count > SLOPE_POINTS_MAX)
        count = SLOPE_POINTS_MAX;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            slope[pairs++] = (y[j] - y[i]) / (x[j] - x[i]);
    if (pairs == 0)
        return 0;
    float upper = find(slope, pairs, pairs / 2);
    return pairs % 2 ? upper : (before(slope, pairs / 2) + upper) / 2;
}
