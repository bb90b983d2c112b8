/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The way forward: the equations of shape.h. */
#include "gnn/aggregate.h"
#include "gnn/elementary.h"
#include "gnn/matrix.h"
#include "gnn/pass_state.h"

#include <string.h>

/* y = x w + b */
static void apply(const struct heal_gnn_pass *pass, size_t inputs, size_t outputs, const float *x, uint32_t w,
                  uint32_t bias, float *y) {
    for (size_t r = 0; r < pass->graph.vertices; r++)
        memcpy(y + r * outputs, pass->weights + bias, outputs * sizeof *y);
    heal_matrix_multiply(pass->graph.vertices, inputs, outputs, x, pass->weights + w, y);
}

static void rectify(float *value, size_t count) {
    for (size_t i = 0; i < count; i++)
        value[i] = value[i] > 0 ? value[i] : 0;
}

/* What is left is multiplied, so that the sums stay what they are when nothing is left out. */
static void drop(struct heal_gnn_dropout *dropout, float scale, float *value, size_t count) {
    if (!dropout || dropout->of_256 == 0)
        return;
    for (size_t i = 0; i < count; i += 4) {
        uint32_t bits = heal_random_next(&dropout->random);

        for (size_t k = i; k < i + 4 && k < count; k++, bits >>= 8)
            value[k] *= (bits & 0xff) < dropout->of_256 ? 0 : scale;
    }
}

static void run_layer(struct heal_gnn_pass *pass, unsigned number, size_t channels, const float *source,
                      float *state) {
    const struct heal_gnn_layer *layer = &pass->shape.layer[number];
    size_t hidden = pass->shape.hidden;

    apply(pass, channels, hidden, source, pass->layout.layer[number].self, pass->layout.layer[number].bias,
          state);
    for (unsigned t = 0; t < layer->terms; t++) {
        float *taken = pass->taken[number][t];

        heal_gnn_gather(&pass->graph, &layer->term[t], channels, source, taken,
                        number == 1 ? pass->picked[t] : NULL);
        heal_matrix_multiply(pass->graph.vertices, layer->term[t].width, hidden, taken,
                             pass->weights + pass->layout.layer[number].term[t], state);
    }
}

static void run_gate(struct heal_gnn_pass *pass) {
    const struct heal_gnn_layout *layout = &pass->layout;
    size_t hidden = pass->shape.hidden, half = hidden / 2, rows = pass->graph.vertices;

    apply(pass, hidden, half, pass->h2, layout->gate, layout->gate_bias, pass->gate_hidden);
    rectify(pass->gate_hidden, rows * half);
    apply(pass, half, 1, pass->gate_hidden, layout->gate_out, layout->gate_out_bias, pass->gate);
    for (size_t r = 0; r < rows; r++) {
        pass->gate[r] = heal_gnn_sigmoid(pass->gate[r]);
        for (size_t c = r * hidden; c < (r + 1) * hidden; c++)
            pass->u[c] = pass->h2[c] * pass->gate[r];
    }
}

void heal_gnn_pass_forward(struct heal_gnn_pass *pass, const struct heal_gnn_graph *graph, const float *input,
                           const float *weights, struct heal_gnn_dropout *dropout) {
    const struct heal_gnn_layout *layout = &pass->layout;
    size_t hidden = pass->shape.hidden, half = hidden / 2, rows = graph->vertices;

    pass->graph = *graph;
    pass->input = input;
    pass->weights = weights;
    pass->kept_scale = dropout ? 256.0F / (float)(256 - dropout->of_256) : 1;
    run_layer(pass, 0, pass->shape.inputs, input, pass->h1);
    rectify(pass->h1, rows * hidden);
    drop(dropout, pass->kept_scale, pass->h1, rows * hidden);
    run_layer(pass, 1, hidden, pass->h1, pass->h2);
    run_gate(pass);
    apply(pass, hidden, half, pass->u, layout->head, layout->head_bias, pass->p);
    rectify(pass->p, rows * half);
    drop(dropout, pass->kept_scale, pass->p, rows * half);
    apply(pass, half, 1, pass->p, layout->sick, layout->sick_bias, pass->sick);
    if (pass->shape.kinds > 0)
        apply(pass, half, pass->shape.kinds, pass->p, layout->kind, layout->kind_bias, pass->kind);
}
