/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/elementary.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { TERMS = 14, ODD_TERMS = 17 };

/* ln 2 in two parts; the last bits of the high one are 0, so that k times it is exact. */
static const double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
static const double most = 700;
static const double whole =
    0x1.8p52; /* has no room for a fraction: what is added is rounded to the nearest */

/* 1 / n! */
static const double series[TERMS] = {
    1.0,        1.0,         1.0 / 2,      1.0 / 6,       1.0 / 24,       1.0 / 120,       1.0 / 720,
    1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};

/* e^x = 2^k e^r with |r| at most half of ln 2, where fourteen terms of Taylor's series are as good as exact.
 * No function of libm: training asks for three of these a vertex. */
double heal_gnn_exponential(double x) {
    double clipped = x > -most ? (x < most ? x : most) : -most;
    double k = clipped / M_LN2 + whole - whole;
    double r = clipped - k * ln2_high - k * ln2_low;
    double sum = series[TERMS - 1], power;

    for (int n = TERMS - 2; n >= 0; n--)
        sum = sum * r + series[n];
    uint64_t bits = (uint64_t)(1023 + (int)k) << 52;
    memcpy(&power, &bits, sizeof power);
    return sum * power;
}

/* 1 + x = 2^k m with m in [1 / sqrt 2, sqrt 2); ln m = 2 (s + s^3 / 3 + s^5 / 5 + ...) of
 * s = (m - 1) / (m + 1), which is below 0.172. */
double heal_gnn_logarithm(double x) {
    int k;
    double m = frexp(1 + fmax(x, 0), &k);

    if (isnan(x) || isinf(m))
        return x;
    if (m < M_SQRT1_2) {
        m *= 2;
        k--;
    }
    double s = (m - 1) / (m + 1), sum = 0;
    for (int n = ODD_TERMS; n > 0; n -= 2)
        sum = sum * s * s + 1.0 / n;
    return k * ln2_high + (2 * s * sum + k * ln2_low);
}

float heal_gnn_sigmoid(float x) {
    return (float)(1 / (1 + heal_gnn_exponential(-(double)x)));
}
