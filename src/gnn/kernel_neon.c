/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* NEON, of ARM's 32 bits and 64: sixteen values at once. */
#include "gnn/kernel_gather.h"

#ifdef __ARM_NEON
#include "gnn/kernel_arm.h"

enum { TALL = 2, BLOCK = 8 };

static bool is_there(void) {
    return true; /* what is built for it has it */
}

/* ---- what is taken of the neighbours ---- */

/* What sums become by a step, as heal_gnn_step_apply has it for shifts to the left. */
struct scaling {
    int16x8_t least, most, left;
    int16_t multiplier, rest;
};

static inline struct scaling scaling_of(struct heal_gnn_step step) {
    int16_t most = (int16_t)(INT16_MAX >> -step.shift);

    return (struct scaling){vdupq_n_s16((int16_t)-most), vdupq_n_s16(most), vdupq_n_s16((int16_t)-step.shift),
                            step.multiplier, (int16_t)(1 << (15 - step.rest))};
}

static inline int8x8_t scaled(int16x8_t value, const struct scaling *by) {
    value = vminq_s16(vmaxq_s16(value, by->least), by->most);
    value = vqrdmulhq_n_s16(vshlq_s16(value, by->left), by->multiplier);
    value = vqrdmulhq_n_s16(value, by->rest);
    return vmax_s8(vqmovn_s16(value), vdup_n_s8(-HEAL_GNN_MOST));
}

static inline int8x8_t eight_of(const struct heal_gnn_taking *taking, uint32_t i, size_t c) {
    return vld1_s8(heal_gnn_taking_from(taking, i, c));
}

static inline void take_8(const struct heal_gnn_taking *taking, size_t c, int8_t *taken) {
    int8x8_t value = eight_of(taking, 0, c);

    if (taking->aggregate == HEAL_GNN_LARGEST) {
        for (uint32_t i = 1; i < taking->degree; i++)
            value = vmax_s8(value, eight_of(taking, i, c));
    } else if (taking->aggregate == HEAL_GNN_LEAST) {
        for (uint32_t i = 1; i < taking->degree; i++)
            value = vmin_s8(value, eight_of(taking, i, c));
    } else {
        const struct scaling by = scaling_of(taking->step);
        int16x8_t sum = vmovl_s8(value);

        for (uint32_t i = 1; i < taking->degree; i++)
            sum = vaddw_s8(sum, eight_of(taking, i, c));
        value = scaled(sum, &by);
    }
    vst1_s8(taken, value);
}

static inline void take(const struct heal_gnn_taking *taking, int8_t *taken) {
    size_t c = 0;

    if (!heal_gnn_taking_is_short(taking)) {
        heal_gnn_take(taking, taken);
        return;
    }
    for (; c + 8 <= taking->width; c += 8)
        take_8(taking, c, taken + c);
    heal_gnn_take_rest(taking, c, taken);
}

void heal_gnn_neon_gather(const struct heal_gnn_gathering *gathering, struct heal_gnn_rows ret_summands) {
    heal_gnn_gather_by(gathering, ret_summands, take);
}

void heal_gnn_neon_scale(size_t rows, struct heal_gnn_rows values, size_t count, const int16_t *multiplier,
                         struct heal_gnn_step step) {
    for (size_t r = 0; r < rows; r++) {
        int8_t *value = values.value + r * values.stride;

        step.multiplier = multiplier[r];
        const struct scaling by = scaling_of(step);
        for (size_t c = 0; c < count; c += 8)
            vst1_s8(value + c, scaled(vmovl_s8(vld1_s8(value + c)), &by));
    }
}

/* ---- sums of products ---- */

void heal_gnn_neon_sum(size_t rows, struct heal_gnn_rows input, const int8_t *weight, size_t inputs,
                       int32_t *ret_sum) {
    for (size_t r = 0; r < rows; r++) {
        const int8_t *row = input.value + r * input.stride;
        int32x4_t sum = vdupq_n_s32(0);

        for (size_t i = 0; i < inputs; i += 8)
            sum = vpadalq_s16(sum, vmull_s8(vld1_s8(row + i), vld1_s8(weight + i)));
        int32x2_t two = vadd_s32(vget_low_s32(sum), vget_high_s32(sum));
        ret_sum[r] = vget_lane_s32(vpadd_s32(two, two), 0);
    }
}

/* Adds the products of four inputs, or of eight, to two sums each of two outputs: two products of at most 128
 * by 127 fit into sixteen bits. */
static inline int32x4_t add_products(int32x4_t sum, const int8_t *weight, size_t step, const int8x8_t *group,
                                     bool is_eight) {
    int16x8_t products = vmull_s8(group[0], vld1_s8(weight));

    if (is_eight)
        products = vmlal_s8(products, group[1], vld1_s8(weight + step));
    return vpadalq_s16(sum, products);
}

static inline int32x4_t joined(const int32x4_t *sum, const int32_t *start) {
    int32x2_t low = vpadd_s32(vget_low_s32(sum[0]), vget_high_s32(sum[0]));
    int32x2_t high = vpadd_s32(vget_low_s32(sum[1]), vget_high_s32(sum[1]));

    return vaddq_s32(vcombine_s32(low, high), vld1q_s32(start));
}

/* Eight outputs of some rows. */
static inline __attribute__((always_inline)) void
multiply_tile(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense, unsigned output,
              int tall, const struct heal_neon_ending *ending, const int8_t *input, size_t stride,
              struct heal_gnn_rows values) {
    const int8_t *weight = network->weight + dense->weight + (size_t)output * HEAL_GNN_GROUP;
    const int32_t *start = network->start + dense->output + output;
    const size_t step = (size_t)dense->outputs * HEAL_GNN_GROUP;
    int32x4_t sum[TALL][4];

    for (int r = 0; r < tall; r++)
        sum[r][0] = sum[r][1] = sum[r][2] = sum[r][3] = vdupq_n_s32(0);
    for (size_t i = 0; i < dense->inputs; i += (size_t)2 * HEAL_GNN_GROUP, weight += 2 * step) {
        bool is_eight = i + HEAL_GNN_GROUP < dense->inputs;

#pragma GCC unroll 2
        for (int r = 0; r < tall; r++) {
            const int8_t *at = input + (size_t)r * stride + i;
            const int8x8_t group[2] = {
                vreinterpret_s8_s32(vdup_n_s32(heal_gnn_group_at(at))),
                vreinterpret_s8_s32(vdup_n_s32(is_eight ? heal_gnn_group_at(at + HEAL_GNN_GROUP) : 0)),
            };

#pragma GCC unroll 4
            for (int c = 0; c < 4; c++)
                sum[r][c] = add_products(sum[r][c], weight + (size_t)c * 8, step, group, is_eight);
        }
    }
#pragma GCC unroll 2
    for (int r = 0; r < tall; r++)
        heal_neon_end(ending, joined(sum[r], start), joined(sum[r] + 2, start + 4),
                      values.value + (size_t)r * values.stride + output);
}

static void multiply(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                     bool rectified, size_t rows, struct heal_gnn_rows input, struct heal_gnn_rows values) {
    for (unsigned o = 0; o < dense->outputs; o += BLOCK) {
        const struct heal_neon_ending ending = heal_neon_ending_of(network, dense, o, rectified);
        struct heal_gnn_rows to = values;
        const int8_t *from = input.value;
        size_t r = 0;

        for (; r + TALL <= rows; r += TALL, from += TALL * input.stride, to.value += TALL * to.stride)
            multiply_tile(network, dense, o, TALL, &ending, from, input.stride, to);
        for (; r < rows; r++, from += input.stride, to.value += to.stride)
            multiply_tile(network, dense, o, 1, &ending, from, input.stride, to);
    }
}

const struct heal_gnn_kernel heal_gnn_kernel_neon = {
    .name = "neon",
    .is_there = is_there,
    .gather = heal_gnn_neon_gather,
    .multiply = multiply,
    .sum = heal_gnn_neon_sum,
    .scale = heal_gnn_neon_scale,
};
#endif
