/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What the kernels of AVX2 and of AVX-VNNI share: all but how products are summed up. Theirs, and that of
 * AVX-512, to include.
 */
#ifndef HEAL_GNN_KERNEL_YMM_H
#define HEAL_GNN_KERNEL_YMM_H

#include "gnn/kernel.h"

#include <immintrin.h>

#define HEAL_AVX2 __attribute__((target("avx2")))
#define HEAL_AVX2_INLINE static inline __attribute__((always_inline, target("avx2")))

void heal_gnn_avx2_gather(const struct heal_gnn_gathering *gathering, struct heal_gnn_rows ret_summands);
void heal_gnn_avx2_sum(size_t rows, struct heal_gnn_rows input, const int8_t *weight, size_t inputs,
                       int32_t *ret_sum);
void heal_gnn_avx2_scale(size_t rows, struct heal_gnn_rows values, size_t count, const int16_t *multiplier,
                         struct heal_gnn_step step);

/** How sixteen sums become values; in the order in which packing leaves them. */
struct heal_ymm_ending {
    __m256i shift[2], multiplier;
    __m128i low;
    __m256i rest;
};

HEAL_AVX2_INLINE struct heal_ymm_ending heal_ymm_ending_of(const struct heal_gnn_integer *network,
                                                           const struct heal_gnn_dense *dense,
                                                           unsigned output, bool rectified) {
    const __m256i *shift = (const __m256i *)(network->shift + dense->output + output);
    const __m256i *multiplier = (const __m256i *)(network->multiplier + dense->output + output);

    return (struct heal_ymm_ending){
        .shift = {_mm256_loadu_si256(shift), _mm256_loadu_si256(shift + 1)},
        .multiplier = _mm256_packs_epi32(_mm256_loadu_si256(multiplier), _mm256_loadu_si256(multiplier + 1)),
        .low = _mm_set1_epi8(rectified ? 0 : -HEAL_GNN_MOST),
        .rest = _mm256_set1_epi16((int16_t)(1 << (15 - dense->rest))),
    };
}

HEAL_AVX2_INLINE void heal_ymm_end(const struct heal_ymm_ending *ending, __m256i first, __m256i second,
                                   int8_t *ret_value) {
    __m256i value = _mm256_packs_epi32(_mm256_srav_epi32(first, ending->shift[0]),
                                       _mm256_srav_epi32(second, ending->shift[1]));

    value = _mm256_mulhrs_epi16(_mm256_mulhrs_epi16(value, ending->multiplier), ending->rest);
    value = _mm256_packs_epi16(value, value);
    /* Fours lie as 0 2 . . 1 3 . . */
    value = _mm256_permutevar8x32_epi32(value, _mm256_setr_epi32(0, 4, 1, 5, 0, 4, 1, 5));
    _mm_storeu_si128((__m128i *)ret_value, _mm_max_epi8(_mm256_castsi256_si128(value), ending->low));
}

#endif
