/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** What a pass keeps: for pass.c (its life), forward.c and backward.c. Rows are vertices. */
#ifndef HEAL_GNN_PASS_STATE_H
#define HEAL_GNN_PASS_STATE_H

#include "gnn/pass.h"

#include <stdbool.h>

struct heal_gnn_pass {
    struct heal_gnn_shape shape;
    struct heal_gnn_layout layout;
    size_t rows_max;
    /* Borrowed, from the way forward to the way back. */
    struct heal_gnn_graph graph;
    const float *input, *weights;
    float kept_scale; /**< what the channels that dropout left are multiplied by */
    /* The way forward; the names are those of shape.h. */
    float *taken[HEAL_GNN_LAYERS][HEAL_GNN_TERMS_MAX];
    uint32_t *picked[HEAL_GNN_TERMS_MAX]; /**< of layer 2: the inputs of layer 1 learn nothing */
    float *h1, *h2, *gate_hidden, *gate, *u, *p, *sick, *kind;
    /* The way back: derivatives by the values of the same names. */
    float *d_h1, *d_h2, *d_gate_hidden, *d_gate, *d_u, *d_p, *d_taken;
    float *transposed;
};

#endif
