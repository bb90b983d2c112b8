/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* NEON with dot products (ARMv8.2 and later): one instruction for four products and their sum. */
#include "gnn/kernel_arm.h"

#include <sys/auxv.h>

#define DOT __attribute__((target("arch=armv8.2-a+dotprod")))
#define DOT_INLINE static inline __attribute__((always_inline, target("arch=armv8.2-a+dotprod")))

enum { TALL = 4, WIDE = 4, LANES = 4, BLOCK = WIDE * LANES };

static const unsigned long has_dot_products = 1UL << 20; /* HWCAP_ASIMDDP */

static bool is_there(void) {
    return (getauxval(AT_HWCAP) & has_dot_products) != 0; /* the kernel has told the process at its start */
}

/* Sixteen outputs of some rows. */
DOT_INLINE void multiply_tile(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                              unsigned output, int tall, const struct heal_neon_ending *ending,
                              const int8_t *input, size_t stride, struct heal_gnn_rows values) {
    const int8_t *weight = network->weight + dense->weight + (size_t)output * HEAL_GNN_GROUP;
    const int32_t *start = network->start + dense->output + output;
    const size_t step = (size_t)dense->outputs * HEAL_GNN_GROUP;
    int32x4_t sum[TALL][WIDE];

#pragma GCC unroll 4
    for (int r = 0; r < tall; r++)
#pragma GCC unroll 4
        for (int c = 0; c < WIDE; c++)
            sum[r][c] = vld1q_s32(start + c * LANES);
    for (size_t i = 0; i < dense->inputs; i += HEAL_GNN_GROUP, weight += step) {
        int8x16_t column[WIDE];

#pragma GCC unroll 4
        for (int c = 0; c < WIDE; c++)
            column[c] = vld1q_s8(weight + c * LANES * HEAL_GNN_GROUP);
#pragma GCC unroll 4
        for (int r = 0; r < tall; r++) {
            int8x16_t group =
                vreinterpretq_s8_s32(vdupq_n_s32(heal_gnn_group_at(input + (size_t)r * stride + i)));

#pragma GCC unroll 4
            for (int c = 0; c < WIDE; c++)
                sum[r][c] = vdotq_s32(sum[r][c], column[c], group);
        }
    }
#pragma GCC unroll 4
    for (int r = 0; r < tall; r++) {
        int8_t *value = values.value + (size_t)r * values.stride + output;

        heal_neon_end(&ending[0], sum[r][0], sum[r][1], value);
        heal_neon_end(&ending[1], sum[r][2], sum[r][3], value + 2 * LANES);
    }
}

DOT static void multiply(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                         bool rectified, size_t rows, struct heal_gnn_rows input,
                         struct heal_gnn_rows values) {
    for (unsigned o = 0; o < dense->outputs; o += BLOCK) {
        const struct heal_neon_ending ending[2] = {
            heal_neon_ending_of(network, dense, o, rectified),
            heal_neon_ending_of(network, dense, o + BLOCK / 2, rectified),
        };
        struct heal_gnn_rows to = values;
        const int8_t *from = input.value;
        size_t r = 0;

        for (; r + TALL <= rows; r += TALL, from += TALL * input.stride, to.value += TALL * to.stride)
            multiply_tile(network, dense, o, TALL, ending, from, input.stride, to);
        for (; r < rows; r++, from += input.stride, to.value += to.stride)
            multiply_tile(network, dense, o, 1, ending, from, input.stride, to);
    }
}

const struct heal_gnn_kernel heal_gnn_kernel_dotprod = {
    .name = "dotprod",
    .is_there = is_there,
    .gather = heal_gnn_neon_gather,
    .multiply = multiply,
    .sum = heal_gnn_neon_sum,
    .scale = heal_gnn_neon_scale,
};
