/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Vectors of single precision, as wide as the unit that a file is compiled for has them (unit_*.c). A product
 * and its sum are rounded once, on every machine: by an instruction where there is one. What is summed up
 * across a vector is summed up as of HEAL_BLOCK numbers, so that the bits do not depend on the width.
 */
#ifndef HEAL_GNN_LANES_H
#define HEAL_GNN_LANES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined __AVX512F__ || (defined __AVX2__ && defined __FMA__)
#include <immintrin.h>
#elif defined __aarch64__
#include <arm_neon.h>
#endif

#define HEAL_INLINE static inline __attribute__((always_inline))

enum {
    HEAL_BLOCK = 16, /**< what widths are rounded up to: the widest vector */
#if defined __AVX512F__
    HEAL_VECTOR = 16,
    HEAL_WIDEST = 4, /**< vectors side by side: six rows of them, and one row of factors, stay in registers */
#elif defined __AVX2__ && defined __FMA__
    HEAL_VECTOR = 8,
    HEAL_WIDEST = 2,
#else
    HEAL_VECTOR = 4,
    HEAL_WIDEST = 4,
#endif
    HEAL_BLOCK_VECTORS = HEAL_BLOCK / HEAL_VECTOR,
};

typedef float heal_vector __attribute__((vector_size(HEAL_VECTOR * sizeof(float))));
typedef int32_t heal_integers __attribute__((vector_size(HEAL_VECTOR * sizeof(int32_t))));

HEAL_INLINE heal_vector heal_load(const float *from) {
    heal_vector value;

    memcpy(&value, from, sizeof value);
    return value;
}

HEAL_INLINE void heal_store(heal_vector value, float *to) {
    memcpy(to, &value, sizeof value);
}

HEAL_INLINE heal_integers heal_load_integers(const uint32_t *from) {
    heal_integers value;

    memcpy(&value, from, sizeof value);
    return value;
}

HEAL_INLINE void heal_store_integers(heal_integers value, uint32_t *to) {
    memcpy(to, &value, sizeof value);
}

/** The same number in all lanes. */
HEAL_INLINE heal_vector heal_all(float value) {
#if defined __AVX512F__ || (defined __AVX2__ && defined __FMA__)
    return value - (heal_vector){0};
#else
    return (heal_vector){value, value, value, value};
#endif
}

HEAL_INLINE heal_integers heal_all_integers(uint32_t value) {
    return (int32_t)value - (heal_integers){0};
}

/** a where the mask is set, b elsewhere. */
HEAL_INLINE heal_integers heal_choose_integers(heal_integers mask, heal_integers a, heal_integers b) {
    return (mask & a) | (~mask & b);
}

HEAL_INLINE heal_vector heal_choose(heal_integers mask, heal_vector a, heal_vector b) {
    return (heal_vector)heal_choose_integers(mask, (heal_integers)a, (heal_integers)b);
}

/** The value where the mask is set, 0 elsewhere. */
HEAL_INLINE heal_vector heal_masked(heal_integers mask, heal_vector value) {
    return (heal_vector)(mask & (heal_integers)value);
}

/** A mask of the first so many lanes. */
HEAL_INLINE heal_integers heal_first_lanes(size_t count) {
    heal_integers number = {0};

    for (int l = 0; l < HEAL_VECTOR; l++)
        number[l] = l;
    return number < heal_all_integers(count < HEAL_VECTOR ? (uint32_t)count : HEAL_VECTOR);
}

/** Without an instruction: the product is exact in double precision; a sum that is not, is rounded to the odd
 * neighbour, and then again to what rounding once would have given (S. Boldo, G. Melquiond, "Emulation of FMA
 * and Correctly Rounded Sums: Proved Algorithms Using Rounding to Odd", 2008). */
HEAL_INLINE float heal_fused_one(float a, float b, float c) {
    double product = (double)a * (double)b, other = (double)c, sum = product + other;
    double part = sum - product, lost = (product - (sum - part)) + (other - part);
    uint64_t bits;

    memcpy(&bits, &sum, sizeof bits);
    if ((lost > 0 || lost < 0) && (bits & 1) == 0) /* no number, or an infinite one, has lost none */
        bits += (lost > 0) == (sum > 0) ? 1 : UINT64_MAX;
    memcpy(&sum, &bits, sizeof sum);
    return (float)sum;
}

/** a b + c, rounded once. */
HEAL_INLINE heal_vector heal_fused(heal_vector a, heal_vector b, heal_vector c) {
#if defined __AVX512F__
    return (heal_vector)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined __AVX2__ && defined __FMA__
    return (heal_vector)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined __aarch64__
    return (heal_vector)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#else
    for (int l = 0; l < HEAL_VECTOR; l++) {
#ifdef __FP_FAST_FMAF
        c[l] = __builtin_fmaf(a[l], b[l], c[l]);
#else
        c[l] = heal_fused_one(a[l], b[l], c[l]);
#endif
    }
    return c;
#endif
}

/** The sum of a block's lanes, by halves. */
HEAL_INLINE float heal_block_sum(const heal_vector *block) {
    float lane[HEAL_BLOCK];

    memcpy(lane, block, sizeof lane);
    for (int half = HEAL_BLOCK / 2; half > 0; half /= 2)
        for (int l = 0; l < half; l++)
            lane[l] += lane[l + half];
    return lane[0];
}

#endif
