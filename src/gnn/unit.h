/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Who does the arithmetic of training: the same passes, compiled once for each kind of vector unit. All give
 * the same bits (lanes.h). A unit keeps nothing.
 */
#ifndef HEAL_GNN_UNIT_H
#define HEAL_GNN_UNIT_H

#include "gnn/pass.h"

#include <stdbool.h>

enum { HEAL_GNN_TALL = 6 /**< rows of a product are worked out together */ };

/** y = x w, or y += x w. Rows are rounded up to HEAL_GNN_TALL, columns to HEAL_BLOCK (lanes.h): the matrices
 * have room for both. The transpose of x is the same with its steps exchanged. */
struct heal_gnn_product {
    size_t rows, terms, columns;
    const float *x;
    size_t x_row, x_term; /**< the steps of x from one to the next, in numbers */
    const float *w;
    size_t w_row;
    float *y;
    size_t y_row;
    bool adds, rectified; /**< what is below 0 becomes 0 */
};

struct heal_gnn_unit {
    const char *name;
    bool (*is_there)(void);
    void (*multiply)(const struct heal_gnn_product *product);
    void (*forward)(struct heal_gnn_pass *pass, struct heal_gnn_dropout *dropout);
    void (*backward)(struct heal_gnn_pass *pass, const float *sick, const float *kind);
};

/** Those of this kind of processor, the best first; the last is everywhere. */
extern const struct heal_gnn_unit *const heal_gnn_units[];
extern const size_t heal_gnn_units_count;

extern const struct heal_gnn_unit heal_gnn_unit_plain;
extern const struct heal_gnn_unit heal_gnn_unit_avx2, heal_gnn_unit_avx512; /* x86-64 */

/** @return the first that this processor has. */
const struct heal_gnn_unit *heal_gnn_unit_best(void);

#endif
