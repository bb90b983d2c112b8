/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/fixed.h"

#include <math.h>

enum { MANTISSA_BITS = 30, MOST = 127 };

struct heal_gnn_factor heal_gnn_factor_of(double value) {
    int exponent;
    double mantissa = frexp(value, &exponent); /* [0.5, 1) */

    if (!(value > 0) || MANTISSA_BITS - exponent > 62)
        return (struct heal_gnn_factor){.m = 0, .shift = 1};
    return (struct heal_gnn_factor){.m = (int32_t)lround(ldexp(mantissa, MANTISSA_BITS)),
                                    .shift = (uint8_t)(MANTISSA_BITS - exponent)};
}

int64_t heal_gnn_scale(int64_t value, struct heal_gnn_factor factor) {
    return (value * factor.m + ((int64_t)1 << (factor.shift - 1))) >> factor.shift;
}

/* To the nearest, halves up: the floor of the doubled and a half. */
static int64_t divide(int64_t value, int64_t divisor) {
    int64_t doubled = 2 * value + divisor, by = 2 * divisor;
    int64_t quotient = doubled / by;

    return quotient - (doubled % by < 0);
}

int64_t heal_gnn_scale_divided(int64_t value, struct heal_gnn_factor factor, uint32_t divisor) {
    /* Fifteen bits of the fraction stay until after the division. */
    uint8_t early = factor.shift > 15 ? (uint8_t)(factor.shift - 15) : 0;
    int64_t scaled = value * factor.m;

    if (early > 0)
        scaled = (scaled + ((int64_t)1 << (early - 1))) >> early;
    return divide(scaled, (int64_t)divisor << (factor.shift - early));
}

int8_t heal_gnn_narrow(int64_t value) {
    return (int8_t)(value > MOST ? MOST : value < -MOST ? -MOST : value);
}
