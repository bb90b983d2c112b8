/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* AVX-VNNI: one instruction for four products and their sum, thirty-two values at once. */
#include "gnn/kernel_ymm.h"

#include <cpuid.h>

#define VNNI __attribute__((target("avx2,avxvnni")))
#define VNNI_INLINE static inline __attribute__((always_inline, target("avx2,avxvnni")))

enum { TALL = 6, WIDE = 2, LANES = 8, BLOCK = WIDE * LANES };

/* Leaf 7.1 of CPUID, EAX, bit 4 (Intel SDM, volume 2A): clang's __builtin_cpu_supports has no name for it. */
static bool is_there(void) {
    unsigned a = 0, b = 0, c = 0, d = 0;

    return __builtin_cpu_supports("avx2") && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 4 & 1) != 0;
}

/* The instruction takes inputs without a sign: 128 more of each, which the lifted start takes back. */
VNNI_INLINE void lift(const int8_t *input, size_t count, int8_t *ret_lifted) {
    for (size_t i = 0; i < count; i += 32) {
        __m256i value = _mm256_loadu_si256((const __m256i *)(input + i));

        _mm256_storeu_si256((__m256i *)(ret_lifted + i), _mm256_xor_si256(value, _mm256_set1_epi8(INT8_MIN)));
    }
}

/* Sixteen outputs of some rows. */
VNNI_INLINE void multiply_tile(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                               unsigned output, int tall, const struct heal_ymm_ending *ending,
                               const int8_t *lifted, struct heal_gnn_rows values) {
    const int8_t *weight = network->weight + dense->weight + (size_t)output * HEAL_GNN_GROUP;
    const __m256i *start = (const __m256i *)(network->lifted + dense->output + output);
    __m256i sum[TALL][WIDE];

#pragma GCC unroll 6
    for (int r = 0; r < tall; r++) {
        sum[r][0] = _mm256_loadu_si256(start);
        sum[r][1] = _mm256_loadu_si256(start + 1);
    }
    for (size_t i = 0; i < dense->inputs;
         i += HEAL_GNN_GROUP, weight += (size_t)dense->outputs * HEAL_GNN_GROUP) {
        __m256i first = _mm256_loadu_si256((const __m256i *)weight);
        __m256i second = _mm256_loadu_si256((const __m256i *)weight + 1);

#pragma GCC unroll 6
        for (int r = 0; r < tall; r++) {
            __m256i group = _mm256_set1_epi32(heal_gnn_group_at(lifted + r * HEAL_GNN_SUMMANDS_MAX + i));

            sum[r][0] = _mm256_dpbusd_avx_epi32(sum[r][0], group, first);
            sum[r][1] = _mm256_dpbusd_avx_epi32(sum[r][1], group, second);
        }
    }
#pragma GCC unroll 6
    for (int r = 0; r < tall; r++)
        heal_ymm_end(ending, sum[r][0], sum[r][1], values.value + (size_t)r * values.stride + output);
}

VNNI_INLINE void multiply_rows(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                               bool rectified, int tall, const int8_t *input, size_t stride,
                               struct heal_gnn_rows values) {
    _Alignas(HEAL_GNN_LINE) int8_t lifted[TALL * HEAL_GNN_SUMMANDS_MAX];

    for (int r = 0; r < tall; r++)
        lift(input + (size_t)r * stride, dense->inputs, lifted + r * HEAL_GNN_SUMMANDS_MAX);
    for (unsigned o = 0; o < dense->outputs; o += BLOCK) {
        const struct heal_ymm_ending ending = heal_ymm_ending_of(network, dense, o, rectified);

        multiply_tile(network, dense, o, tall, &ending, lifted, values);
    }
}

VNNI static void multiply(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                          bool rectified, size_t rows, struct heal_gnn_rows input,
                          struct heal_gnn_rows values) {
    size_t r = 0;

    for (; r + TALL <= rows;
         r += TALL, input.value += TALL * input.stride, values.value += TALL * values.stride)
        multiply_rows(network, dense, rectified, TALL, input.value, input.stride, values);
    for (; r < rows; r++, input.value += input.stride, values.value += values.stride)
        multiply_rows(network, dense, rectified, 1, input.value, input.stride, values);
}

const struct heal_gnn_kernel heal_gnn_kernel_avxvnni = {
    .name = "avxvnni",
    .is_there = is_there,
    .gather = heal_gnn_avx2_gather,
    .multiply = multiply,
    .sum = heal_gnn_avx2_sum,
    .scale = heal_gnn_avx2_scale,
};
