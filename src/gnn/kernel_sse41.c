/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* SSE4.1: sixteen values at once. */
#include "gnn/kernel_gather.h"

#include <smmintrin.h>

#define SSE __attribute__((target("sse4.1")))
#define SSE_INLINE static inline __attribute__((always_inline, target("sse4.1")))

enum { TALL = 2, WIDE = 4, LANES = 4, BLOCK = WIDE * LANES };

static bool is_there(void) {
    return __builtin_cpu_supports("sse4.1");
}

SSE_INLINE __m128i load(const void *from) {
    return _mm_loadu_si128((const __m128i *)from);
}

/* ---- what is taken of the neighbours ---- */

/* What sums become by a step, as heal_gnn_step_apply has it for shifts to the left. */
struct scaling {
    __m128i least, most, left, multiplier, rest;
};

SSE_INLINE struct scaling scaling_of(struct heal_gnn_step step) {
    int16_t most = (int16_t)(INT16_MAX >> -step.shift);

    return (struct scaling){_mm_set1_epi16((int16_t)-most), _mm_set1_epi16(most),
                            _mm_cvtsi32_si128(-step.shift), _mm_set1_epi16(step.multiplier),
                            _mm_set1_epi16((int16_t)(1 << (15 - step.rest)))};
}

SSE_INLINE __m128i scaled(__m128i value, const struct scaling *by) {
    value = _mm_min_epi16(_mm_max_epi16(value, by->least), by->most);
    value = _mm_mulhrs_epi16(_mm_sll_epi16(value, by->left), by->multiplier);
    return _mm_mulhrs_epi16(value, by->rest);
}

SSE_INLINE __m128i narrowed(__m128i first, __m128i second) {
    return _mm_max_epi8(_mm_packs_epi16(first, second), _mm_set1_epi8(-HEAL_GNN_MOST));
}

SSE_INLINE __m128i eight_of(const struct heal_gnn_taking *taking, uint32_t i, size_t c) {
    return _mm_loadl_epi64((const __m128i *)heal_gnn_taking_from(taking, i, c));
}

SSE_INLINE void take_8(const struct heal_gnn_taking *taking, size_t c, int8_t *taken) {
    __m128i value = eight_of(taking, 0, c);

    if (taking->aggregate == HEAL_GNN_LARGEST) {
        for (uint32_t i = 1; i < taking->degree; i++)
            value = _mm_max_epi8(value, eight_of(taking, i, c));
    } else if (taking->aggregate == HEAL_GNN_LEAST) {
        for (uint32_t i = 1; i < taking->degree; i++)
            value = _mm_min_epi8(value, eight_of(taking, i, c));
    } else {
        const struct scaling by = scaling_of(taking->step);
        __m128i sum = _mm_cvtepi8_epi16(value);

        for (uint32_t i = 1; i < taking->degree; i++)
            sum = _mm_add_epi16(sum, _mm_cvtepi8_epi16(eight_of(taking, i, c)));
        value = narrowed(scaled(sum, &by), sum);
    }
    _mm_storel_epi64((__m128i *)taken, value);
}

SSE_INLINE void take(const struct heal_gnn_taking *taking, int8_t *taken) {
    size_t c = 0;

    if (!heal_gnn_taking_is_short(taking)) {
        heal_gnn_take(taking, taken);
        return;
    }
    for (; c + 8 <= taking->width; c += 8)
        take_8(taking, c, taken + c);
    heal_gnn_take_rest(taking, c, taken);
}

SSE static void gather(const struct heal_gnn_gathering *gathering, struct heal_gnn_rows ret_summands) {
    heal_gnn_gather_by(gathering, ret_summands, take);
}

SSE static void scale(size_t rows, struct heal_gnn_rows values, size_t count, const int16_t *multiplier,
                      struct heal_gnn_step step) {
    for (size_t r = 0; r < rows; r++) {
        int8_t *value = values.value + r * values.stride;

        step.multiplier = multiplier[r];
        const struct scaling by = scaling_of(step);
        for (size_t c = 0; c < count; c += 16) {
            __m128i whole = load(value + c);
            __m128i low = scaled(_mm_cvtepi8_epi16(whole), &by);
            __m128i high = scaled(_mm_cvtepi8_epi16(_mm_srli_si128(whole, 8)), &by);

            _mm_storeu_si128((__m128i *)(value + c), narrowed(low, high));
        }
    }
}

/* ---- sums of products ---- */

/* Adds four products each to four sums. The instruction takes its first operand without a sign; two products
 * of at most 128 by 127 fit into sixteen bits. */
SSE_INLINE __m128i add_products(__m128i sum, __m128i input, __m128i weight) {
    __m128i pairs = _mm_maddubs_epi16(_mm_abs_epi8(input), _mm_sign_epi8(weight, input));

    return _mm_add_epi32(sum, _mm_madd_epi16(pairs, _mm_set1_epi16(1)));
}

SSE static void sum(size_t rows, struct heal_gnn_rows input, const int8_t *weight, size_t inputs,
                    int32_t *ret_sum) {
    for (size_t r = 0; r < rows; r++) {
        __m128i four = _mm_setzero_si128();

        for (size_t i = 0; i < inputs; i += 16)
            four = add_products(four, load(input.value + r * input.stride + i), load(weight + i));
        __m128i two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
        ret_sum[r] = _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0xb1)));
    }
}

/* Each of four sums by a shift of its own, which this vector unit cannot do in one. */
SSE_INLINE __m128i shifted(__m128i sum, const int32_t *shift) {
    __m128i first = _mm_sra_epi32(sum, _mm_cvtsi32_si128(shift[0]));
    __m128i second = _mm_sra_epi32(sum, _mm_cvtsi32_si128(shift[1]));
    __m128i third = _mm_sra_epi32(sum, _mm_cvtsi32_si128(shift[2]));
    __m128i fourth = _mm_sra_epi32(sum, _mm_cvtsi32_si128(shift[3]));

    return _mm_blend_epi16(_mm_blend_epi16(first, second, 0x0c), _mm_blend_epi16(third, fourth, 0xc0), 0xf0);
}

struct ending {
    const int32_t *shift, *multiplier;
    __m128i low, rest;
};

/* Eight sums. */
SSE_INLINE __m128i scaled_sums(const struct ending *ending, const __m128i *sum, unsigned at) {
    __m128i value =
        _mm_packs_epi32(shifted(sum[0], ending->shift + at), shifted(sum[1], ending->shift + at + 4));
    __m128i multiplier = _mm_packs_epi32(load(ending->multiplier + at), load(ending->multiplier + at + 4));

    return _mm_mulhrs_epi16(_mm_mulhrs_epi16(value, multiplier), ending->rest);
}

/* Sixteen outputs of some rows. */
SSE_INLINE void multiply_tile(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                              unsigned output, int tall, const struct ending *ending, const int8_t *input,
                              size_t stride, struct heal_gnn_rows values) {
    const int8_t *weight = network->weight + dense->weight + (size_t)output * HEAL_GNN_GROUP;
    __m128i sum[TALL][WIDE];

#pragma GCC unroll 2
    for (int r = 0; r < tall; r++)
#pragma GCC unroll 4
        for (int c = 0; c < WIDE; c++)
            sum[r][c] = load(network->start + dense->output + output + c * LANES);
    for (size_t i = 0; i < dense->inputs;
         i += HEAL_GNN_GROUP, weight += (size_t)dense->outputs * HEAL_GNN_GROUP) {
#pragma GCC unroll 2
        for (int r = 0; r < tall; r++) {
            int32_t four;

            memcpy(&four, input + (size_t)r * stride + i, sizeof four);
            __m128i group = _mm_set1_epi32(four);
#pragma GCC unroll 4
            for (int c = 0; c < WIDE; c++)
                sum[r][c] = add_products(sum[r][c], group, load(weight + c * LANES * HEAL_GNN_GROUP));
        }
    }
#pragma GCC unroll 2
    for (int r = 0; r < tall; r++) {
        __m128i value = _mm_packs_epi16(scaled_sums(ending, sum[r], 0), scaled_sums(ending, sum[r] + 2, 8));

        _mm_storeu_si128((__m128i *)(values.value + (size_t)r * values.stride + output),
                         _mm_max_epi8(value, ending->low));
    }
}

SSE static void multiply(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                         bool rectified, size_t rows, struct heal_gnn_rows input,
                         struct heal_gnn_rows values) {
    struct ending ending = {.low = _mm_set1_epi8(rectified ? 0 : -HEAL_GNN_MOST),
                            .rest = _mm_set1_epi16((int16_t)(1 << (15 - dense->rest)))};

    for (unsigned o = 0; o < dense->outputs; o += BLOCK) {
        struct heal_gnn_rows to = values;
        const int8_t *from = input.value;
        size_t r = 0;

        ending.shift = network->shift + dense->output + o;
        ending.multiplier = network->multiplier + dense->output + o;
        for (; r + TALL <= rows; r += TALL, from += TALL * input.stride, to.value += TALL * to.stride)
            multiply_tile(network, dense, o, TALL, &ending, from, input.stride, to);
        for (; r < rows; r++, from += input.stride, to.value += to.stride)
            multiply_tile(network, dense, o, 1, &ending, from, input.stride, to);
    }
}

const struct heal_gnn_kernel heal_gnn_kernel_sse41 = {
    .name = "sse4.1",
    .is_there = is_there,
    .gather = gather,
    .multiply = multiply,
    .sum = sum,
    .scale = scale,
};
