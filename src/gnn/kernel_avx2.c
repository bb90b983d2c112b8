/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* AVX2: thirty-two values at once. */
#include "gnn/kernel_ymm.h"

#include "gnn/kernel_gather.h"

enum { TALL = 4, WIDE = 2, LANES = 8, BLOCK = WIDE * LANES };

static bool is_there(void) {
    return __builtin_cpu_supports("avx2");
}

/* ---- what is taken of the neighbours ---- */

/* What sums become by a step, as heal_gnn_step_apply has it for shifts to the left. */
struct scaling {
    __m256i least, most, multiplier, rest;
    __m128i left;
};

HEAL_AVX2_INLINE struct scaling scaling_of(struct heal_gnn_step step) {
    int16_t most = (int16_t)(INT16_MAX >> -step.shift);

    return (struct scaling){
        _mm256_set1_epi16((int16_t)-most), _mm256_set1_epi16(most), _mm256_set1_epi16(step.multiplier),
        _mm256_set1_epi16((int16_t)(1 << (15 - step.rest))), _mm_cvtsi32_si128(-step.shift)};
}

HEAL_AVX2_INLINE __m256i scaled(__m256i value, const struct scaling *by) {
    value = _mm256_min_epi16(_mm256_max_epi16(value, by->least), by->most);
    value = _mm256_mulhrs_epi16(_mm256_sll_epi16(value, by->left), by->multiplier);
    return _mm256_mulhrs_epi16(value, by->rest);
}

/* Thirty-two that were scaled, as bytes. */
HEAL_AVX2_INLINE __m256i narrowed(__m256i first, __m256i second) {
    __m256i value = _mm256_permute4x64_epi64(_mm256_packs_epi16(first, second), 0xd8);

    return _mm256_max_epi8(value, _mm256_set1_epi8(-HEAL_GNN_MOST));
}

HEAL_AVX2_INLINE __m256i widened(const int8_t *from) {
    return _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)from));
}

HEAL_AVX2_INLINE void take_32(const struct heal_gnn_taking *taking, size_t c, int8_t *taken) {
    const int8_t *from = heal_gnn_taking_from(taking, 0, c);
    __m256i value = _mm256_loadu_si256((const __m256i *)from);

    switch (taking->aggregate) {
    case HEAL_GNN_LARGEST:
        for (uint32_t i = 1; i < taking->degree; i++)
            value = _mm256_max_epi8(value,
                                    _mm256_loadu_si256((const __m256i *)heal_gnn_taking_from(taking, i, c)));
        break;
    case HEAL_GNN_LEAST:
        for (uint32_t i = 1; i < taking->degree; i++)
            value = _mm256_min_epi8(value,
                                    _mm256_loadu_si256((const __m256i *)heal_gnn_taking_from(taking, i, c)));
        break;
    case HEAL_GNN_MEAN:
    case HEAL_GNN_AGGREGATES: {
        const struct scaling by = scaling_of(taking->step);
        __m256i low = widened(from), high = widened(from + 16);

        for (uint32_t i = 1; i < taking->degree; i++) {
            from = heal_gnn_taking_from(taking, i, c);
            low = _mm256_add_epi16(low, widened(from));
            high = _mm256_add_epi16(high, widened(from + 16));
        }
        value = narrowed(scaled(low, &by), scaled(high, &by));
        break;
    }
    }
    _mm256_storeu_si256((__m256i *)taken, value);
}

HEAL_AVX2_INLINE void take_8(const struct heal_gnn_taking *taking, size_t c, int8_t *taken) {
    const int8_t *from = heal_gnn_taking_from(taking, 0, c);
    __m128i value = _mm_loadl_epi64((const __m128i *)from);

    switch (taking->aggregate) {
    case HEAL_GNN_LARGEST:
        for (uint32_t i = 1; i < taking->degree; i++)
            value = _mm_max_epi8(value, _mm_loadl_epi64((const __m128i *)heal_gnn_taking_from(taking, i, c)));
        break;
    case HEAL_GNN_LEAST:
        for (uint32_t i = 1; i < taking->degree; i++)
            value = _mm_min_epi8(value, _mm_loadl_epi64((const __m128i *)heal_gnn_taking_from(taking, i, c)));
        break;
    case HEAL_GNN_MEAN:
    case HEAL_GNN_AGGREGATES: {
        const struct scaling by = scaling_of(taking->step);
        __m128i sum = _mm_cvtepi8_epi16(value);

        for (uint32_t i = 1; i < taking->degree; i++)
            sum = _mm_add_epi16(
                sum, _mm_cvtepi8_epi16(_mm_loadl_epi64((const __m128i *)heal_gnn_taking_from(taking, i, c))));
        __m256i whole = scaled(_mm256_castsi128_si256(sum), &by);
        value = _mm256_castsi256_si128(narrowed(whole, whole));
        break;
    }
    }
    _mm_storel_epi64((__m128i *)taken, value);
}

HEAL_AVX2_INLINE void take(const struct heal_gnn_taking *taking, int8_t *taken) {
    size_t c = 0;

    if (!heal_gnn_taking_is_short(taking)) {
        heal_gnn_take(taking, taken);
        return;
    }
    for (; c + 32 <= taking->width; c += 32)
        take_32(taking, c, taken + c);
    for (; c + 8 <= taking->width; c += 8)
        take_8(taking, c, taken + c);
    heal_gnn_take_rest(taking, c, taken);
}

HEAL_AVX2 void heal_gnn_avx2_gather(const struct heal_gnn_gathering *gathering,
                                    struct heal_gnn_rows ret_summands) {
    heal_gnn_gather_by(gathering, ret_summands, take);
}

HEAL_AVX2 void heal_gnn_avx2_scale(size_t rows, struct heal_gnn_rows values, size_t count,
                                   const int16_t *multiplier, struct heal_gnn_step step) {
    for (size_t r = 0; r < rows; r++) {
        int8_t *value = values.value + r * values.stride;

        step.multiplier = multiplier[r];
        const struct scaling by = scaling_of(step);
        for (size_t c = 0; c < count; c += 32)
            _mm256_storeu_si256((__m256i *)(value + c), narrowed(scaled(widened(value + c), &by),
                                                                 scaled(widened(value + c + 16), &by)));
    }
}

/* ---- sums of products ---- */

/* Adds four products each to eight sums. The instruction takes its first operand without a sign; two products
 * of at most 128 by 127 fit into sixteen bits. */
HEAL_AVX2_INLINE __m256i add_products(__m256i sum, __m256i input, __m256i weight) {
    __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(input), _mm256_sign_epi8(weight, input));

    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

HEAL_AVX2 void heal_gnn_avx2_sum(size_t rows, struct heal_gnn_rows input, const int8_t *weight, size_t inputs,
                                 int32_t *ret_sum) {
    for (size_t r = 0; r < rows; r++) {
        __m256i sum = _mm256_setzero_si256();

        for (size_t i = 0; i < inputs; i += HEAL_GNN_LANES)
            sum = add_products(sum, _mm256_loadu_si256((const __m256i *)(input.value + r * input.stride + i)),
                               _mm256_loadu_si256((const __m256i *)(weight + i)));
        __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
        __m128i two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
        ret_sum[r] = _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0xb1)));
    }
}

/* Sixteen outputs of some rows. */
HEAL_AVX2_INLINE void multiply_tile(const struct heal_gnn_integer *network,
                                    const struct heal_gnn_dense *dense, unsigned output, int tall,
                                    const struct heal_ymm_ending *ending, const int8_t *input, size_t stride,
                                    struct heal_gnn_rows values) {
    const int8_t *weight = network->weight + dense->weight + (size_t)output * HEAL_GNN_GROUP;
    const __m256i *start = (const __m256i *)(network->start + dense->output + output);
    __m256i sum[TALL][WIDE];

#pragma GCC unroll 4
    for (int r = 0; r < tall; r++) {
        sum[r][0] = _mm256_loadu_si256(start);
        sum[r][1] = _mm256_loadu_si256(start + 1);
    }
    for (size_t i = 0; i < dense->inputs;
         i += HEAL_GNN_GROUP, weight += (size_t)dense->outputs * HEAL_GNN_GROUP) {
        __m256i first = _mm256_loadu_si256((const __m256i *)weight);
        __m256i second = _mm256_loadu_si256((const __m256i *)weight + 1);

#pragma GCC unroll 4
        for (int r = 0; r < tall; r++) {
            __m256i group = _mm256_set1_epi32(heal_gnn_group_at(input + (size_t)r * stride + i));

            sum[r][0] = add_products(sum[r][0], group, first);
            sum[r][1] = add_products(sum[r][1], group, second);
        }
    }
#pragma GCC unroll 4
    for (int r = 0; r < tall; r++)
        heal_ymm_end(ending, sum[r][0], sum[r][1], values.value + (size_t)r * values.stride + output);
}

HEAL_AVX2 static void multiply(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                               bool rectified, size_t rows, struct heal_gnn_rows input,
                               struct heal_gnn_rows values) {
    for (unsigned o = 0; o < dense->outputs; o += BLOCK) {
        const struct heal_ymm_ending ending = heal_ymm_ending_of(network, dense, o, rectified);
        struct heal_gnn_rows to = values;
        const int8_t *from = input.value;
        size_t r = 0;

        for (; r + TALL <= rows; r += TALL, from += TALL * input.stride, to.value += TALL * to.stride)
            multiply_tile(network, dense, o, TALL, &ending, from, input.stride, to);
        for (; r < rows; r++, from += input.stride, to.value += to.stride)
            multiply_tile(network, dense, o, 1, &ending, from, input.stride, to);
    }
}

const struct heal_gnn_kernel heal_gnn_kernel_avx2 = {
    .name = "avx2",
    .is_there = is_there,
    .gather = heal_gnn_avx2_gather,
    .multiply = multiply,
    .sum = heal_gnn_avx2_sum,
    .scale = heal_gnn_avx2_scale,
};
