/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The three products that training is made of, in single precision. Matrices are row-major and lie without
 * gaps. Every sum is taken in one order whatever the processor: the results are the same to the bit with
 * SSE2, AVX2 and NEON (no fused multiply-add). Pure functions; they keep nothing.
 */
#ifndef HEAL_GNN_MATRIX_H
#define HEAL_GNN_MATRIX_H

#include <stddef.h>

/** y += x w, for @p rows rows: x of @p inputs columns, y of @p outputs, w of inputs by outputs. */
void heal_matrix_multiply(size_t rows, size_t inputs, size_t outputs, const float *x, const float *w,
                          float *y);

/** w += the transpose of x, by y: what a product's weights gain, given what its results do. */
void heal_matrix_gradient(size_t rows, size_t inputs, size_t outputs, const float *x, const float *y,
                          float *w);

/** The transpose, outputs by inputs, of w, inputs by outputs. */
void heal_matrix_transpose(size_t inputs, size_t outputs, const float *w, float *ret_transposed);

#endif
