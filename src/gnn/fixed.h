/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Fixed-point arithmetic of networks in integers, the same to the bit on every machine. Whatever rounds,
 * rounds to the nearest, halves up. Values that are brought to eight bits go through sixteen, because that is
 * what vector units multiply at once: heal_gnn_multiply is one instruction of theirs (pmulhrsw, vqrdmulh).
 * Pure functions.
 */
#ifndef HEAL_GNN_FIXED_H
#define HEAL_GNN_FIXED_H

#include <stdint.h>

enum { HEAL_GNN_MOST = 127 /**< of eight bits: -128 has no opposite */ };

/** A factor m / 2^shift in full precision. */
struct heal_gnn_factor {
    int32_t m;     /**< at least 0 */
    uint8_t shift; /**< 1 to 62 */
};

/** A factor in sixteen bits: multiplier / 2^(15 + shift + rest). */
struct heal_gnn_step {
    int16_t multiplier; /**< at least 0 */
    int8_t shift;       /**< -HEAL_GNN_STEP_LEFT to HEAL_GNN_STEP_RIGHT */
    uint8_t rest;       /**< 1 to HEAL_GNN_STEP_REST: bits of a fraction, rounded off at the end */
};

enum {
    HEAL_GNN_STEP_LEFT = 8, /**< a value of eight bits has room for it in sixteen */
    HEAL_GNN_STEP_RIGHT = 24,
    HEAL_GNN_STEP_REST = 7,
};

/** The nearest factor to @p value, which lies in [2^-30, 2^30]; what is nearer 0 becomes 0. */
struct heal_gnn_factor heal_gnn_factor_of(double value);

/** @return value * factor. */
static inline int64_t heal_gnn_scale(int64_t value, struct heal_gnn_factor factor) {
    return (value * factor.m + ((int64_t)1 << (factor.shift - 1))) >> factor.shift;
}

/** The factor by a divisor above 0, within 2^-15 of it. What is above 128 is cut there, what is below 2^-32
 * is 0. */
struct heal_gnn_step heal_gnn_step_of(struct heal_gnn_factor factor, uint32_t divisor);

/** @return a b / 2^15. */
static inline int16_t heal_gnn_multiply(int16_t a, int16_t b) {
    return (int16_t)((a * b + (1 << 14)) >> 15);
}

/** @return the value in sixteen bits, or the end of their range. */
static inline int16_t heal_gnn_saturate(int32_t value) {
    return (int16_t)(value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value);
}

/** @return the value, cut to [-most, most]. */
static inline int32_t heal_gnn_cut(int32_t value, int32_t most) {
    return value > most ? most : value < -most ? -most : value;
}

/** @return sixteen bits of a fraction of @p rest, 1 to 7, bits, as eight, cut to [-127, 127]. */
static inline int8_t heal_gnn_round_off(int16_t value, unsigned rest) {
    return (int8_t)heal_gnn_cut(heal_gnn_multiply(value, (int16_t)(1 << (15 - rest))), HEAL_GNN_MOST);
}

/** @return value * step, cut to [-127, 127]. @param value above -2^31 + 2^24 and below 2^31 - 2^24 */
int8_t heal_gnn_step_apply(int32_t value, struct heal_gnn_step step);

#endif
