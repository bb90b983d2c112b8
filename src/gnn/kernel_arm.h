/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What the kernels of NEON and of its dot products share: all but how products are summed up. Theirs to
 * include.
 */
#ifndef HEAL_GNN_KERNEL_ARM_H
#define HEAL_GNN_KERNEL_ARM_H

#include "gnn/kernel.h"

#include <arm_neon.h>

void heal_gnn_neon_gather(const struct heal_gnn_gathering *gathering, struct heal_gnn_rows ret_summands);
void heal_gnn_neon_sum(size_t rows, struct heal_gnn_rows input, const int8_t *weight, size_t inputs,
                       int32_t *ret_sum);
void heal_gnn_neon_scale(size_t rows, struct heal_gnn_rows values, size_t count, const int16_t *multiplier,
                         struct heal_gnn_step step);

/** How eight sums become values. */
struct heal_neon_ending {
    int32x4_t right[2]; /* shifts: to the left, and below 0 */
    int16x8_t multiplier;
    int16_t rest;
    int8x8_t low;
};

static inline struct heal_neon_ending heal_neon_ending_of(const struct heal_gnn_integer *network,
                                                          const struct heal_gnn_dense *dense, unsigned output,
                                                          bool rectified) {
    const int32_t *shift = network->shift + dense->output + output;
    const int32_t *multiplier = network->multiplier + dense->output + output;

    return (struct heal_neon_ending){
        .right = {vnegq_s32(vld1q_s32(shift)), vnegq_s32(vld1q_s32(shift + 4))},
        .multiplier = vcombine_s16(vmovn_s32(vld1q_s32(multiplier)), vmovn_s32(vld1q_s32(multiplier + 4))),
        .rest = (int16_t)(1 << (15 - dense->rest)),
        .low = vdup_n_s8(rectified ? 0 : -HEAL_GNN_MOST),
    };
}

static inline void heal_neon_end(const struct heal_neon_ending *ending, int32x4_t first, int32x4_t second,
                                 int8_t *ret_value) {
    int16x8_t value = vcombine_s16(vqmovn_s32(vshlq_s32(first, ending->right[0])),
                                   vqmovn_s32(vshlq_s32(second, ending->right[1])));

    value = vqrdmulhq_n_s16(vqrdmulhq_s16(value, ending->multiplier), ending->rest);
    vst1_s8(ret_value, vmax_s8(vqmovn_s16(value), ending->low));
}

#endif
