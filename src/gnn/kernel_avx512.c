/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* AVX-512 with VNNI: one instruction for four products and their sum, sixty-four values at once. */
#include "gnn/kernel_ymm.h"

#define ZMM __attribute__((target("avx2,avx512f,avx512bw,avx512vl,avx512vnni")))
#define ZMM_INLINE                                                                                           \
    static inline __attribute__((always_inline, target("avx2,avx512f,avx512bw,avx512vl,avx512vnni")))

/* A tile has twenty-four sums: six rows of sixty-four outputs, or twelve of thirty-two. */
enum { TALL = 12, LANES = 16, LIFTED = HEAL_GNN_SUMMANDS_MAX };

static bool is_there(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vnni");
}

/* The instruction takes inputs without a sign: 128 more of each, which the lifted start takes back. */
ZMM_INLINE void lift(const int8_t *input, size_t count, int8_t *ret_lifted) {
    for (size_t i = 0; i < count; i += HEAL_GNN_LINE)
        _mm512_store_si512(ret_lifted + i,
                           _mm512_xor_si512(_mm512_loadu_si512(input + i), _mm512_set1_epi8(INT8_MIN)));
}

/* How the sums of a block become values; in the order in which packing leaves them. */
struct ending {
    __m512i shift[4], multiplier[2], low, rest;
};

/* Thirty-two numbers, as sixteen bits. */
ZMM_INLINE __m512i packed(const int32_t *number) {
    return _mm512_packs_epi32(_mm512_loadu_si512(number), _mm512_loadu_si512(number + LANES));
}

ZMM_INLINE struct ending ending_of(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                                   unsigned output, int wide, bool rectified) {
    const int32_t *shift = network->shift + dense->output + output;
    const int32_t *multiplier = network->multiplier + dense->output + output;
    struct ending ending = {.low = _mm512_set1_epi8(rectified ? 0 : -HEAL_GNN_MOST),
                            .rest = _mm512_set1_epi16((int16_t)(1 << (15 - dense->rest)))};

#pragma GCC unroll 4
    for (int c = 0; c < wide; c++)
        ending.shift[c] = _mm512_loadu_si512(shift + c * LANES);
    ending.multiplier[0] = packed(multiplier);
    if (wide == 4)
        ending.multiplier[1] = packed(multiplier + (ptrdiff_t)2 * LANES);
    return ending;
}

/* Thirty-two sums, as sixteen bits. */
ZMM_INLINE __m512i scaled(const struct ending *ending, const __m512i *sum, int half) {
    __m512i value = _mm512_packs_epi32(_mm512_srav_epi32(sum[2 * half], ending->shift[2 * half]),
                                       _mm512_srav_epi32(sum[2 * half + 1], ending->shift[2 * half + 1]));

    return _mm512_mulhrs_epi16(_mm512_mulhrs_epi16(value, ending->multiplier[half]), ending->rest);
}

ZMM_INLINE void end(const struct ending *ending, const __m512i *sum, int wide, int8_t *ret_value) {
    __m512i first = scaled(ending, sum, 0), second = wide == 4 ? scaled(ending, sum, 1) : first;
    __m512i value = _mm512_max_epi8(_mm512_packs_epi16(first, second), ending->low);

    /* Fours lie as 0 4 8 12 1 5 9 13 …; of two vectors, 8 and 12 are 0 and 4 again. */
    value = _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15),
                                     value);
    if (wide == 4)
        _mm512_storeu_si512(ret_value, value);
    else
        _mm256_storeu_si256((__m256i *)ret_value, _mm512_castsi512_si256(value));
}

/* So many rows of so many vectors of outputs. */
ZMM_INLINE void multiply_tile(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                              unsigned output, int tall, int wide, bool rectified, const int8_t *lifted,
                              struct heal_gnn_rows values) {
    const int8_t *weight = network->weight + dense->weight + (size_t)output * HEAL_GNN_GROUP;
    const struct ending ending = ending_of(network, dense, output, wide, rectified);
    const size_t step = (size_t)dense->outputs * HEAL_GNN_GROUP, inputs = dense->inputs;
    __m512i sum[TALL][4];

#pragma GCC unroll 12
    for (int r = 0; r < tall; r++)
#pragma GCC unroll 4
        for (int c = 0; c < wide; c++)
            sum[r][c] = _mm512_loadu_si512(network->lifted + dense->output + output + c * LANES);
    for (size_t i = 0; i < inputs; i += HEAL_GNN_GROUP, weight += step) {
        __m512i column[4];

#pragma GCC unroll 4
        for (int c = 0; c < wide; c++)
            column[c] = _mm512_loadu_si512(weight + c * HEAL_GNN_LINE);
#pragma GCC unroll 12
        for (int r = 0; r < tall; r++) {
            __m512i group = _mm512_set1_epi32(heal_gnn_group_at(lifted + r * LIFTED + i));

#pragma GCC unroll 4
            for (int c = 0; c < wide; c++)
                sum[r][c] = _mm512_dpbusd_epi32(sum[r][c], group, column[c]);
        }
    }
#pragma GCC unroll 12
    for (int r = 0; r < tall; r++)
        end(&ending, sum[r], wide, values.value + (size_t)r * values.stride + output);
}

/* Twelve rows, or one. */
ZMM_INLINE void multiply_rows(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                              bool rectified, int tall, struct heal_gnn_rows input,
                              struct heal_gnn_rows values) {
    _Alignas(HEAL_GNN_LINE) int8_t lifted[TALL * LIFTED];
    const int at_once = tall == TALL ? TALL / 2 : 1;
    unsigned o = 0;

    for (int r = 0; r < tall; r++)
        lift(input.value + (size_t)r * input.stride, dense->inputs, lifted + r * LIFTED);
    for (; o + 4 * LANES <= dense->outputs; o += 4 * LANES) {
        for (int r = 0; r < tall; r += at_once) {
            struct heal_gnn_rows to = {values.value + (size_t)r * values.stride, values.stride};

            multiply_tile(network, dense, o, at_once, 4, rectified, lifted + r * LIFTED, to);
        }
    }
    if (o < dense->outputs)
        multiply_tile(network, dense, o, tall, 2, rectified, lifted, values);
}

ZMM static void multiply(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                         bool rectified, size_t rows, struct heal_gnn_rows input,
                         struct heal_gnn_rows values) {
    size_t r = 0;

    for (; r + TALL <= rows;
         r += TALL, input.value += TALL * input.stride, values.value += TALL * values.stride)
        multiply_rows(network, dense, rectified, TALL, input, values);
    for (; r < rows; r++, input.value += input.stride, values.value += values.stride)
        multiply_rows(network, dense, rectified, 1, input, values);
}

const struct heal_gnn_kernel heal_gnn_kernel_avx512 = {
    .name = "avx512",
    .is_there = is_there,
    .gather = heal_gnn_avx2_gather,
    .multiply = multiply,
    .sum = heal_gnn_avx2_sum,
    .scale = heal_gnn_avx2_scale,
};
