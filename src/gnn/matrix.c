/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/matrix.h"

/* One source for every vector unit: gcc and clang cut these eight lanes into what the processor has. */
enum { LANES = 8, WIDE = 2, TALL = 4 };
typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));

/* Where the loader can choose at run time: glibc on x86-64. "avx2" is not "fma": no product is fused. */
#if defined __x86_64__ && defined __GLIBC__ && !defined __SANITIZE_ADDRESS__
#define FOR_EACH_PROCESSOR __attribute__((target_clones("avx2", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Not a function: vectors wider than the default processor's have no way into or out of one. */
#define AT(place) (*(lanes *)(place))
#define GIVEN(place) (*(const lanes *)(place))

/* A tile of the results stays in registers while the inputs go by. */
ALWAYS_INLINE void multiply_tile(int tall, int wide, size_t inputs, size_t outputs, const float *x,
                                 const float *w, float *y) {
    lanes sum[TALL][WIDE];

#pragma GCC unroll 4
    for (int r = 0; r < tall; r++)
#pragma GCC unroll 2
        for (int c = 0; c < wide; c++)
            sum[r][c] = GIVEN(y + (size_t)r * outputs + (size_t)c * LANES);
    for (size_t i = 0; i < inputs; i++) {
#pragma GCC unroll 4
        for (int r = 0; r < tall; r++)
#pragma GCC unroll 2
            for (int c = 0; c < wide; c++)
                sum[r][c] += x[(size_t)r * inputs + i] * GIVEN(w + i * outputs + (size_t)c * LANES);
    }
#pragma GCC unroll 4
    for (int r = 0; r < tall; r++)
#pragma GCC unroll 2
        for (int c = 0; c < wide; c++)
            AT(y + (size_t)r * outputs + (size_t)c * LANES) = sum[r][c];
}

/* What is left at the right of the last whole vector. */
ALWAYS_INLINE void multiply_rest(int tall, size_t from, size_t inputs, size_t outputs, const float *x,
                                 const float *w, float *y) {
    for (int r = 0; r < tall; r++) {
        for (size_t o = from; o < outputs; o++) {
            float sum = y[(size_t)r * outputs + o];

            for (size_t i = 0; i < inputs; i++)
                sum += x[(size_t)r * inputs + i] * w[i * outputs + o];
            y[(size_t)r * outputs + o] = sum;
        }
    }
}

ALWAYS_INLINE void multiply_rows(int tall, size_t inputs, size_t outputs, const float *x, const float *w,
                                 float *y) {
    size_t o = 0;

    for (; o + WIDE * LANES <= outputs; o += WIDE * LANES)
        multiply_tile(tall, WIDE, inputs, outputs, x, w + o, y + o);
    for (; o + LANES <= outputs; o += LANES)
        multiply_tile(tall, 1, inputs, outputs, x, w + o, y + o);
    multiply_rest(tall, o, inputs, outputs, x, w, y);
}

FOR_EACH_PROCESSOR
void heal_matrix_multiply(size_t rows, size_t inputs, size_t outputs, const float *x, const float *w,
                          float *y) {
    size_t r = 0;

    for (; r + TALL <= rows; r += TALL)
        multiply_rows(TALL, inputs, outputs, x + r * inputs, w, y + r * outputs);
    for (; r < rows; r++)
        multiply_rows(1, inputs, outputs, x + r * inputs, w, y + r * outputs);
}

/* A tile of the weights stays in registers while the rows go by. */
ALWAYS_INLINE void gradient_tile(int tall, int wide, size_t rows, size_t inputs, size_t outputs,
                                 const float *x, const float *y, float *w) {
    lanes sum[TALL][WIDE];

#pragma GCC unroll 4
    for (int i = 0; i < tall; i++)
#pragma GCC unroll 2
        for (int c = 0; c < wide; c++)
            sum[i][c] = GIVEN(w + (size_t)i * outputs + (size_t)c * LANES);
    for (size_t r = 0; r < rows; r++) {
#pragma GCC unroll 4
        for (int i = 0; i < tall; i++)
#pragma GCC unroll 2
            for (int c = 0; c < wide; c++)
                sum[i][c] += x[r * inputs + (size_t)i] * GIVEN(y + r * outputs + (size_t)c * LANES);
    }
#pragma GCC unroll 4
    for (int i = 0; i < tall; i++)
#pragma GCC unroll 2
        for (int c = 0; c < wide; c++)
            AT(w + (size_t)i * outputs + (size_t)c * LANES) = sum[i][c];
}

ALWAYS_INLINE void gradient_rest(int tall, size_t from, size_t rows, size_t inputs, size_t outputs,
                                 const float *x, const float *y, float *w) {
    for (int i = 0; i < tall; i++) {
        for (size_t o = from; o < outputs; o++) {
            float sum = w[(size_t)i * outputs + o];

            for (size_t r = 0; r < rows; r++)
                sum += x[r * inputs + (size_t)i] * y[r * outputs + o];
            w[(size_t)i * outputs + o] = sum;
        }
    }
}

ALWAYS_INLINE void gradient_rows(int tall, size_t rows, size_t inputs, size_t outputs, const float *x,
                                 const float *y, float *w) {
    size_t o = 0;

    for (; o + WIDE * LANES <= outputs; o += WIDE * LANES)
        gradient_tile(tall, WIDE, rows, inputs, outputs, x, y + o, w + o);
    for (; o + LANES <= outputs; o += LANES)
        gradient_tile(tall, 1, rows, inputs, outputs, x, y + o, w + o);
    gradient_rest(tall, o, rows, inputs, outputs, x, y, w);
}

FOR_EACH_PROCESSOR
void heal_matrix_gradient(size_t rows, size_t inputs, size_t outputs, const float *x, const float *y,
                          float *w) {
    size_t i = 0;

    for (; i + TALL <= inputs; i += TALL)
        gradient_rows(TALL, rows, inputs, outputs, x + i, y, w + i * outputs);
    for (; i < inputs; i++)
        gradient_rows(1, rows, inputs, outputs, x + i, y, w + i * outputs);
}

void heal_matrix_transpose(size_t inputs, size_t outputs, const float *w, float *ret_transposed) {
    for (size_t i = 0; i < inputs; i++) {
        for (size_t o = 0; o < outputs; o++)
            ret_transposed[o * inputs + i] = w[i * outputs + o];
    }
}
