/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/elementary.h"

#include <math.h>

enum { TERMS = 13, ODD_TERMS = 17 };

/* ln 2 in two parts; the last bits of the high one are 0, so that k times it is exact. */
static const double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
static const double most = 700;

/* e^x = 2^k e^r with |r| at most half of ln 2, where thirteen terms of Taylor's series are as good as exact.
 */
double heal_gnn_exponential(double x) {
    double clipped = fmin(fmax(x, -most), most);
    double k = rint(clipped / M_LN2);
    double r = clipped - k * ln2_high - k * ln2_low;
    double sum = 1;

    for (int n = TERMS; n > 0; n--)
        sum = 1 + sum * r / n;
    return ldexp(sum, (int)k);
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
