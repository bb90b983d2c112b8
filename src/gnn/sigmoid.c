/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/sigmoid.h"

#include <math.h>

enum { TERMS = 13 };

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

float heal_gnn_sigmoid(float x) {
    return (float)(1 / (1 + heal_gnn_exponential(-(double)x)));
}
