/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The way back, for unit_body.h: the chain rule, from the logits to the weights. */
#ifndef HEAL_GNN_BACKWARD_H
#define HEAL_GNN_BACKWARD_H

#include "gnn/aggregate.h"
#include "gnn/matrix.h"
#include "gnn/pass_state.h"

/* What the weights of y = x w gain. */
static void heal_gnn_gain(const struct heal_gnn_pass *pass, enum heal_gnn_sheet_name name,
                          struct heal_gnn_plane x, struct heal_gnn_plane d_y) {
    const struct heal_gnn_sheet *sheet = &pass->sheet[name];

    heal_matrix_multiply(&(struct heal_gnn_product){.rows = sheet->terms,
                                                    .terms = pass->graph.vertices,
                                                    .columns = sheet->columns,
                                                    .x = x.value,
                                                    .x_row = 1,
                                                    .x_term = x.stride,
                                                    .w = d_y.value,
                                                    .w_row = d_y.stride,
                                                    .y = pass->gradient + sheet->at,
                                                    .y_row = sheet->columns});
}

/* d_x = d_y by the transpose of w, or is added to. */
static void heal_gnn_pass_back(const struct heal_gnn_pass *pass, enum heal_gnn_sheet_name name,
                               struct heal_gnn_plane d_y, bool adds, struct heal_gnn_plane d_x) {
    const struct heal_gnn_sheet *sheet = &pass->sheet[name];

    heal_matrix_multiply(&(struct heal_gnn_product){.rows = pass->graph.vertices,
                                                    .terms = sheet->outputs,
                                                    .columns = sheet->turned_columns,
                                                    .x = d_y.value,
                                                    .x_row = d_y.stride,
                                                    .x_term = 1,
                                                    .w = pass->turned + sheet->turned_at,
                                                    .w_row = sheet->turned_columns,
                                                    .y = d_x.value,
                                                    .y_row = d_x.stride,
                                                    .adds = adds});
}

/* Of y = max(0, z), multiplied by what dropout left: where y is 0, nothing comes through. */
static void heal_gnn_derive_rectified(struct heal_gnn_plane y, float scale, size_t rows, size_t width,
                                      struct heal_gnn_plane d_y) {
    const heal_vector zero = {0};

    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < width; c += HEAL_VECTOR) {
            float *to = d_y.value + r * d_y.stride + c;
            heal_integers passes = heal_load(y.value + r * y.stride + c) > zero;

            heal_store(heal_masked(passes, heal_load(to) * heal_all(scale)), to);
        }
    }
}

static void heal_gnn_derive_heads(struct heal_gnn_pass *pass, const float *sick, const float *kind) {
    size_t kinds = pass->shape.kinds, rows = pass->graph.vertices;

    for (size_t r = 0; r < rows; r++) {
        float *logit = pass->d_logits.value + r * pass->d_logits.stride;

        logit[0] = sick[r];
        for (size_t k = 0; k < kinds; k++)
            logit[k + 1] = kind ? kind[r * kinds + k] : 0;
    }
    heal_gnn_gain(pass, HEAL_GNN_SHEET_LOGITS, pass->p, pass->d_logits);
    heal_gnn_pass_back(pass, HEAL_GNN_SHEET_LOGITS, pass->d_logits, false, pass->d_p);
    heal_gnn_derive_rectified(pass->p, pass->kept_scale, rows, pass->half, pass->d_p);
    heal_gnn_gain(pass, HEAL_GNN_SHEET_HEAD, pass->u, pass->d_p);
    heal_gnn_pass_back(pass, HEAL_GNN_SHEET_HEAD, pass->d_p, false, pass->d_u);
}

/* u = h2 g: d_h2 = d_u g, and d_g = d_u . h2, through the sigmoid: g (1 - g). */
static void heal_gnn_derive_product(const struct heal_gnn_pass *pass, size_t row) {
    const float *d_u = pass->d_u.value + row * pass->d_u.stride, *h2 = pass->h2.value + row * pass->h2.stride;
    float *d_h2 = pass->d_h2.value + row * pass->d_h2.stride, gate = pass->gate[row];
    heal_vector sum[HEAL_BLOCK_VECTORS] = {{0}};

    for (size_t c = 0; c < pass->hidden; c += HEAL_BLOCK) {
#pragma GCC unroll 4
        for (int k = 0; k < HEAL_BLOCK_VECTORS; k++) {
            size_t at = c + (size_t)k * HEAL_VECTOR;
            heal_vector value = heal_load(d_u + at);

            sum[k] = heal_fused(value, heal_load(h2 + at), sum[k]);
            heal_store(value * heal_all(gate), d_h2 + at);
        }
    }
    pass->d_gate_out.value[row * pass->d_gate_out.stride] = heal_block_sum(sum) * gate * (1 - gate);
}

static void heal_gnn_derive_gate(struct heal_gnn_pass *pass) {
    size_t rows = pass->graph.vertices;

    for (size_t r = 0; r < rows; r++)
        heal_gnn_derive_product(pass, r);
    heal_gnn_gain(pass, HEAL_GNN_SHEET_GATE_OUT, pass->gate_hidden, pass->d_gate_out);
    heal_gnn_pass_back(pass, HEAL_GNN_SHEET_GATE_OUT, pass->d_gate_out, false, pass->d_gate_hidden);
    heal_gnn_derive_rectified(pass->gate_hidden, 1, rows, pass->half, pass->d_gate_hidden);
    heal_gnn_gain(pass, HEAL_GNN_SHEET_GATE, pass->h2, pass->d_gate_hidden);
    heal_gnn_pass_back(pass, HEAL_GNN_SHEET_GATE, pass->d_gate_hidden, true, pass->d_h2);
}

/* Each mean is shared out among those that it is of. */
static void heal_gnn_share_means(const struct heal_gnn_pass *pass, const struct heal_gnn_term *term,
                                 size_t at) {
    for (uint32_t v = 0; v < pass->graph.vertices; v++) {
        float *value = pass->d_taken.value + v * pass->d_taken.stride + at;
        uint32_t degree = heal_gnn_degree(&pass->graph, v);
        float share = degree > 0 ? 1 / (float)degree : 0;

        for (size_t c = 0; c < term->width; c++)
            value[c] *= share;
    }
}

/* From the second layer's state to the first's, which lies where the layer's own begins. */
static void heal_gnn_derive_state(struct heal_gnn_pass *pass) {
    const struct heal_gnn_layer *layer = &pass->shape.layer[1];
    struct heal_gnn_plane d_taken = pass->d_taken;
    size_t at = pass->hidden;

    heal_gnn_pass_back(pass, HEAL_GNN_SHEET_LAYER2, pass->d_h2, false, d_taken);
    for (unsigned t = 0; t < layer->terms; t++) {
        const struct heal_gnn_term *term = &layer->term[t];
        const struct heal_gnn_source source = {&pass->graph, d_taken.value + at, d_taken.stride};
        bool mean = term->aggregate == HEAL_GNN_MEAN;

        if (mean)
            heal_gnn_share_means(pass, term, at);
        for (uint32_t v = 0; v < pass->graph.vertices; v++) {
            float *to = d_taken.value + v * d_taken.stride + term->from;

            if (mean)
                heal_gnn_give(&source, term, v, NULL, 0, to);
            else
                heal_gnn_give(&source, term, v, pass->picked[t], heal_gnn_picked_stride(term), to);
        }
        at += term->width;
    }
    heal_gnn_derive_rectified(pass->taken[1], pass->kept_scale, pass->graph.vertices, pass->hidden, d_taken);
}

static void heal_gnn_backward(struct heal_gnn_pass *pass, const float *sick, const float *kind) {
    heal_gnn_derive_heads(pass, sick, kind);
    heal_gnn_derive_gate(pass);
    heal_gnn_gain(pass, HEAL_GNN_SHEET_LAYER2, pass->taken[1], pass->d_h2);
    heal_gnn_derive_state(pass);
    heal_gnn_gain(pass, HEAL_GNN_SHEET_LAYER1, pass->taken[0], pass->d_taken);
}

#endif
