/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The way forward, for unit_body.h: the equations of shape.h. */
#ifndef HEAL_GNN_FORWARD_H
#define HEAL_GNN_FORWARD_H

#include "gnn/aggregate.h"
#include "gnn/elementary.h"
#include "gnn/matrix.h"
#include "gnn/pass_state.h"

static void heal_gnn_run_sheet(const struct heal_gnn_pass *pass, enum heal_gnn_sheet_name name,
                               struct heal_gnn_plane x, bool rectified, struct heal_gnn_plane y) {
    const struct heal_gnn_sheet *sheet = &pass->sheet[name];

    heal_matrix_multiply(&(struct heal_gnn_product){.rows = pass->graph.vertices,
                                                    .terms = sheet->terms,
                                                    .columns = sheet->columns,
                                                    .x = x.value,
                                                    .x_row = x.stride,
                                                    .x_term = 1,
                                                    .w = pass->sheets + sheet->at,
                                                    .w_row = sheet->columns,
                                                    .y = y.value,
                                                    .y_row = y.stride,
                                                    .rectified = rectified});
}

static void heal_gnn_copy_inputs(const struct heal_gnn_pass *pass) {
    size_t inputs = pass->shape.inputs;

    for (size_t v = 0; v < pass->graph.vertices; v++)
        memcpy(pass->taken[0].value + v * pass->taken[0].stride, pass->input + v * inputs,
               inputs * sizeof *pass->input);
}

/* What a layer takes of the neighbours, behind what is the vertex' own, and the bias' 1. */
static void heal_gnn_take_all(const struct heal_gnn_pass *pass, unsigned number) {
    const struct heal_gnn_layer *layer = &pass->shape.layer[number];
    struct heal_gnn_plane taken = pass->taken[number];

    for (uint32_t v = 0; v < pass->graph.vertices; v++) {
        float *to = taken.value + v * taken.stride + heal_gnn_own_columns(pass, number);

        for (unsigned t = 0; t < layer->terms; t++) {
            const struct heal_gnn_term *term = &layer->term[t];
            const struct heal_gnn_source source = {&pass->graph, taken.value + term->from, taken.stride};
            uint32_t *picked = number == 1 ? pass->picked[t] + v * heal_gnn_picked_stride(term) : NULL;

            heal_gnn_take(&source, term, v, to, picked);
            to += term->width;
        }
        *to = 1;
    }
}

/* Thirty-two bits a lane, four draws of eight (G. Marsaglia, "Xorshift RNGs", 2003). */
struct heal_gnn_drops {
    uint32_t lane[HEAL_BLOCK];
};

static void heal_gnn_drops_init(struct heal_gnn_dropout *dropout, struct heal_gnn_drops *drops) {
    for (int l = 0; l < HEAL_BLOCK; l++)
        drops->lane[l] = heal_random_next(&dropout->random) | 1; /* never 0, where it would stay */
}

static void heal_gnn_drops_step(struct heal_gnn_drops *drops) {
    for (int l = 0; l < HEAL_BLOCK; l++) {
        uint32_t x = drops->lane[l];

        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        drops->lane[l] = x;
    }
}

/* What is left is multiplied, so that the sums stay what they are when nothing is left out. */
static void heal_gnn_drop(struct heal_gnn_drops *drops, unsigned of_256, float scale,
                          struct heal_gnn_plane plane, size_t rows, size_t width) {
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < width; c += HEAL_BLOCK) {
            float *value = plane.value + r * plane.stride + c;
            unsigned shift = (unsigned)(c / HEAL_BLOCK % 4) * 8;

            if (shift == 0)
                heal_gnn_drops_step(drops);
            for (int l = 0; l < HEAL_BLOCK; l++)
                value[l] = (drops->lane[l] >> shift & 0xff) < of_256 ? 0 : value[l] * scale;
        }
    }
}

static void heal_gnn_run_gate(const struct heal_gnn_pass *pass) {
    heal_gnn_run_sheet(pass, HEAL_GNN_SHEET_GATE, pass->h2, true, pass->gate_hidden);
    heal_gnn_run_sheet(pass, HEAL_GNN_SHEET_GATE_OUT, pass->gate_hidden, false, pass->gate_out);
    for (size_t r = 0; r < pass->graph.vertices; r++) {
        const float *from = pass->h2.value + r * pass->h2.stride;
        float *to = pass->u.value + r * pass->u.stride;
        float gate = heal_gnn_sigmoid(pass->gate_out.value[r * pass->gate_out.stride]);

        pass->gate[r] = gate;
        for (size_t c = 0; c < pass->hidden; c += HEAL_VECTOR)
            heal_store(heal_load(from + c) * heal_all(gate), to + c);
    }
}

static void heal_gnn_tell_logits(const struct heal_gnn_pass *pass) {
    size_t kinds = pass->shape.kinds;

    for (size_t r = 0; r < pass->graph.vertices; r++) {
        const float *logit = pass->logits.value + r * pass->logits.stride;

        pass->sick[r] = logit[0];
        for (size_t k = 0; k < kinds; k++)
            pass->kind[r * kinds + k] = logit[k + 1];
    }
}

static void heal_gnn_forward(struct heal_gnn_pass *pass, struct heal_gnn_dropout *dropout) {
    bool drops = dropout && dropout->of_256 > 0;
    struct heal_gnn_drops lanes;

    if (drops)
        heal_gnn_drops_init(dropout, &lanes);
    heal_gnn_copy_inputs(pass);
    heal_gnn_take_all(pass, 0);
    heal_gnn_run_sheet(pass, HEAL_GNN_SHEET_LAYER1, pass->taken[0], true, pass->taken[1]);
    if (drops)
        heal_gnn_drop(&lanes, dropout->of_256, pass->kept_scale, pass->taken[1], pass->graph.vertices,
                      pass->hidden);
    heal_gnn_take_all(pass, 1);
    heal_gnn_run_sheet(pass, HEAL_GNN_SHEET_LAYER2, pass->taken[1], false, pass->h2);
    heal_gnn_run_gate(pass);
    heal_gnn_run_sheet(pass, HEAL_GNN_SHEET_HEAD, pass->u, true, pass->p);
    if (drops)
        heal_gnn_drop(&lanes, dropout->of_256, pass->kept_scale, pass->p, pass->graph.vertices, pass->half);
    heal_gnn_run_sheet(pass, HEAL_GNN_SHEET_LOGITS, pass->p, false, pass->logits);
    heal_gnn_tell_logits(pass);
}

#endif
