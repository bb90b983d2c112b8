/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What a pass keeps: for pass.c (its life), sheet.c (its weights), forward.h and backward.h (its arithmetic,
 * once a unit). Rows are vertices; they are as wide as a multiple of HEAL_BLOCK and may be written to their
 * end, so that nothing is done number by number.
 *
 * A bias is one more row of weights; every row of inputs ends in a 1, which it is multiplied by.
 */
#ifndef HEAL_GNN_PASS_STATE_H
#define HEAL_GNN_PASS_STATE_H

#include "gnn/pass.h"
#include "gnn/unit.h"

enum heal_gnn_sheet_name {
    HEAL_GNN_SHEET_LAYER1,
    HEAL_GNN_SHEET_LAYER2,
    HEAL_GNN_SHEET_GATE,
    HEAL_GNN_SHEET_GATE_OUT,
    HEAL_GNN_SHEET_HEAD,
    HEAL_GNN_SHEET_LOGITS, /**< of being sick, and of the kinds */
    HEAL_GNN_SHEETS,
};

/** All weights that the same inputs lead to the same outputs by, bias last. */
struct heal_gnn_sheet {
    uint32_t terms;                   /**< rows: inputs and bias */
    uint32_t outputs;                 /**< the real ones */
    uint32_t columns, turned_columns; /**< multiples of HEAL_BLOCK; turned: of the transpose without bias */
    uint32_t at, turned_at; /**< where it begins in sheets and gradient, and its transpose in turned */
};

/** Where a tensor of the layout lies in its sheet; HEAL_GNN_SHEETS: in none, no vertex is multiplied by it.
 */
struct heal_gnn_inset {
    uint16_t sheet, row, column;
};

struct heal_gnn_pass {
    struct heal_gnn_shape shape;
    struct heal_gnn_layout layout;
    const struct heal_gnn_unit *unit;
    size_t rows_max, hidden, half; /**< widths in whole blocks */
    struct heal_gnn_sheet sheet[HEAL_GNN_SHEETS];
    struct heal_gnn_inset inset[HEAL_GNN_TENSORS_MAX];
    uint32_t sheets_size, turned_size;
    float *sheets, *turned, *gradient;
    struct heal_gnn_graph graph; /**< borrowed, from the way forward to the way back */
    const float *input;          /**< borrowed, on the way forward */
    float kept_scale;            /**< what the channels that dropout left are multiplied by */
    /* The way forward; the names are those of shape.h. What a layer takes in: the vertex' own, then each
     * term's; the second layer's own is h1. */
    struct heal_gnn_plane taken[HEAL_GNN_LAYERS], h2, gate_hidden, gate_out, u, p, logits;
    uint32_t *picked[HEAL_GNN_TERMS_MAX]; /**< of layer 2: the inputs of layer 1 learn nothing */
    float *gate, *sick, *kind;
    /* The way back: derivatives by the values of the same names. */
    struct heal_gnn_plane d_taken, d_h2, d_gate_hidden, d_gate_out, d_u, d_p, d_logits;
};

/** How many columns the terms of a layer begin after. */
static inline size_t heal_gnn_own_columns(const struct heal_gnn_pass *pass, unsigned layer) {
    return layer == 0 ? pass->shape.inputs : pass->hidden;
}

/** A step between the rows that were picked for a term. */
static inline size_t heal_gnn_picked_stride(const struct heal_gnn_term *term) {
    return ((size_t)term->width + 15) / 16 * 16;
}

/** Lays the sheets out for the pass' layout. */
void heal_gnn_sheets_lay(struct heal_gnn_pass *pass);
/** Fills them, and their transposes. @param weights by the layout */
void heal_gnn_sheets_fill(struct heal_gnn_pass *pass, const float *weights);
/** Adds what the sheets' weights gain to @p gradient, by the layout. */
void heal_gnn_sheets_gain(const struct heal_gnn_pass *pass, float *gradient);

#endif
