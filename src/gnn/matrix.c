/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/matrix.h"

/* As wide as every processor's vectors are; gcc has wider ones done in memory where they are cloned. */
enum { LANES = 4, WIDE = 2, TALL = 4 };
typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));

#define ALWAYS_INLINE static inline __attribute__((always_inline))

#define AT(place) (*(lanes *)(place))
#define GIVEN(place) (*(const lanes *)(place))

/* The left side of a product; its transpose is the same with the two steps exchanged. */
struct left {
    const float *value;
    size_t row, column; /* the steps from one to the next */
};

/* A tile of the results stays in registers while the terms go by. */
ALWAYS_INLINE void add_tile(int tall, int wide, struct left x, size_t terms, size_t outputs, const float *w,
                            float *y) {
    lanes sum[TALL][WIDE];

#pragma GCC unroll 4
    for (int r = 0; r < tall; r++)
#pragma GCC unroll 2
        for (int c = 0; c < wide; c++)
            sum[r][c] = GIVEN(y + (size_t)r * outputs + (size_t)c * LANES);
    for (size_t i = 0; i < terms; i++) {
#pragma GCC unroll 4
        for (int r = 0; r < tall; r++)
#pragma GCC unroll 2
            for (int c = 0; c < wide; c++)
                sum[r][c] +=
                    x.value[(size_t)r * x.row + i * x.column] * GIVEN(w + i * outputs + (size_t)c * LANES);
    }
#pragma GCC unroll 4
    for (int r = 0; r < tall; r++)
#pragma GCC unroll 2
        for (int c = 0; c < wide; c++)
            AT(y + (size_t)r * outputs + (size_t)c * LANES) = sum[r][c];
}

/* What is left at the right of the last whole vector. */
ALWAYS_INLINE void add_rest(int tall, size_t from, struct left x, size_t terms, size_t outputs,
                            const float *w, float *y) {
    for (int r = 0; r < tall; r++) {
        for (size_t o = from; o < outputs; o++) {
            float sum = y[(size_t)r * outputs + o];

            for (size_t i = 0; i < terms; i++)
                sum += x.value[(size_t)r * x.row + i * x.column] * w[i * outputs + o];
            y[(size_t)r * outputs + o] = sum;
        }
    }
}

ALWAYS_INLINE void add_rows(int tall, struct left x, size_t terms, size_t outputs, const float *w, float *y) {
    size_t o = 0;

    for (; o + WIDE * LANES <= outputs; o += WIDE * LANES)
        add_tile(tall, WIDE, x, terms, outputs, w + o, y + o);
    for (; o + LANES <= outputs; o += LANES)
        add_tile(tall, 1, x, terms, outputs, w + o, y + o);
    add_rest(tall, o, x, terms, outputs, w, y);
}

/* y += x w */
ALWAYS_INLINE void add_product(size_t rows, struct left x, size_t terms, size_t outputs, const float *w,
                               float *y) {
    size_t r = 0;

    for (; r + TALL <= rows; r += TALL, x.value += TALL * x.row)
        add_rows(TALL, x, terms, outputs, w, y + r * outputs);
    for (; r < rows; r++, x.value += x.row)
        add_rows(1, x, terms, outputs, w, y + r * outputs);
}

void heal_matrix_multiply(size_t rows, size_t inputs, size_t outputs, const float *x, const float *w,
                          float *y) {
    add_product(rows, (struct left){.value = x, .row = inputs, .column = 1}, inputs, outputs, w, y);
}

void heal_matrix_gradient(size_t rows, size_t inputs, size_t outputs, const float *x, const float *y,
                          float *w) {
    add_product(inputs, (struct left){.value = x, .row = 1, .column = inputs}, rows, outputs, y, w);
}

void heal_matrix_transpose(size_t inputs, size_t outputs, const float *w, float *ret_transposed) {
    for (size_t i = 0; i < inputs; i++) {
        for (size_t o = 0; o < outputs; o++)
            ret_transposed[o * inputs + i] = w[i * outputs + o];
    }
}
