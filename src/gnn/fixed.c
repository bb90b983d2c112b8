/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/fixed.h"

#include <math.h>

enum { MANTISSA_BITS = 30, STEP_BITS = 15, EARLY = 30 /* so that no divisor leaves less than STEP_BITS */ };

struct heal_gnn_factor heal_gnn_factor_of(double value) {
    int exponent;
    double mantissa = frexp(value, &exponent); /* [0.5, 1) */

    if (!(value > 0) || MANTISSA_BITS - exponent > 62)
        return (struct heal_gnn_factor){.m = 0, .shift = 1};
    return (struct heal_gnn_factor){.m = (int32_t)lround(ldexp(mantissa, MANTISSA_BITS)),
                                    .shift = (uint8_t)(MANTISSA_BITS - exponent)};
}

struct heal_gnn_step heal_gnn_step_of(struct heal_gnn_factor factor, uint32_t divisor) {
    uint64_t quotient = ((uint64_t)factor.m << EARLY) / divisor, multiplier = quotient;
    int surplus = (quotient > 0 ? 64 - __builtin_clzll(quotient) : 0) - STEP_BITS;

    if (surplus > 0)
        multiplier = (quotient + ((uint64_t)1 << (surplus - 1))) >> surplus;
    if (multiplier == (uint64_t)1 << STEP_BITS) { /* rounded up to the next power of two */
        multiplier >>= 1;
        surplus++;
    }
    int rest = HEAL_GNN_STEP_REST, shift = EARLY + factor.shift - surplus - STEP_BITS - rest;
    if (surplus < 0 || shift > HEAL_GNN_STEP_RIGHT)
        return (struct heal_gnn_step){.multiplier = 0, .rest = HEAL_GNN_STEP_REST};
    if (shift < -HEAL_GNN_STEP_LEFT) {
        rest += shift + HEAL_GNN_STEP_LEFT;
        shift = -HEAL_GNN_STEP_LEFT;
    }
    if (rest < 1)
        return (struct heal_gnn_step){.multiplier = INT16_MAX, .shift = -HEAL_GNN_STEP_LEFT, .rest = 1};
    return (struct heal_gnn_step){
        .multiplier = (int16_t)multiplier, .shift = (int8_t)shift, .rest = (uint8_t)rest};
}

int8_t heal_gnn_step_apply(int32_t value, struct heal_gnn_step step) {
    if (step.shift > 0)
        value = heal_gnn_cut((value + (1 << (step.shift - 1))) >> step.shift, INT16_MAX);
    else
        value = heal_gnn_cut(value, INT16_MAX >> -step.shift) * (1 << -step.shift);
    return heal_gnn_round_off(heal_gnn_multiply((int16_t)value, step.multiplier), step.rest);
}
