/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The product that training is made of. Every sum is taken in the order of its terms, each rounded once:
 * the results are the same to the bit whatever the unit (lanes.h). Pure functions.
 */
#ifndef HEAL_GNN_MATRIX_H
#define HEAL_GNN_MATRIX_H

#include "gnn/lanes.h"
#include "gnn/unit.h"

/* A tile of the results stays in registers while the terms go by. */
HEAL_INLINE void heal_matrix_tile(const struct heal_gnn_product *product, size_t row, size_t column,
                                  int wide) {
    const float *x = product->x + row * product->x_row, *w = product->w + column;
    float *y = product->y + row * product->y_row + column;
    const heal_vector zero = {0};
    heal_vector sum[HEAL_GNN_TALL][HEAL_WIDEST];

#pragma GCC unroll 6
    for (int r = 0; r < HEAL_GNN_TALL; r++)
#pragma GCC unroll 4
        for (int c = 0; c < wide; c++)
            sum[r][c] = zero;
    for (size_t t = 0; t < product->terms; t++, x += product->x_term, w += product->w_row) {
        heal_vector factor[HEAL_WIDEST];

#pragma GCC unroll 4
        for (int c = 0; c < wide; c++)
            factor[c] = heal_load(w + c * HEAL_VECTOR);
#pragma GCC unroll 6
        for (int r = 0; r < HEAL_GNN_TALL; r++) {
            heal_vector left = heal_all(x[(size_t)r * product->x_row]);

#pragma GCC unroll 4
            for (int c = 0; c < wide; c++)
                sum[r][c] = heal_fused(left, factor[c], sum[r][c]);
        }
    }
#pragma GCC unroll 6
    for (int r = 0; r < HEAL_GNN_TALL; r++) {
#pragma GCC unroll 4
        for (int c = 0; c < wide; c++) {
            float *to = y + (size_t)r * product->y_row + (size_t)c * HEAL_VECTOR;
            heal_vector value = product->adds ? heal_load(to) + sum[r][c] : sum[r][c];

            heal_store(product->rectified ? heal_choose(value > zero, value, zero) : value, to);
        }
    }
}

HEAL_INLINE size_t heal_matrix_strip(const struct heal_gnn_product *product, size_t column, int wide) {
    for (size_t row = 0; row < product->rows; row += HEAL_GNN_TALL)
        heal_matrix_tile(product, row, column, wide);
    return (size_t)wide * HEAL_VECTOR;
}

HEAL_INLINE void heal_matrix_multiply(const struct heal_gnn_product *product) {
    enum { HALF = HEAL_WIDEST / 2 > HEAL_BLOCK_VECTORS ? HEAL_WIDEST / 2 : HEAL_BLOCK_VECTORS };
    size_t column = 0;

    while (column < product->columns) {
        size_t left = product->columns - column;

        if (left >= HEAL_WIDEST * HEAL_VECTOR)
            column += heal_matrix_strip(product, column, HEAL_WIDEST);
        else if (left >= HALF * HEAL_VECTOR)
            column += heal_matrix_strip(product, column, HALF);
        else
            column += heal_matrix_strip(product, column, HEAL_BLOCK_VECTORS);
    }
}

#endif
