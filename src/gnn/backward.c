/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The way back: the chain rule, from the logits to the weights. */
#include "gnn/aggregate.h"
#include "gnn/matrix.h"
#include "gnn/pass_state.h"

#include <string.h>

/* What the weights of y = x w + b gain. */
static void gain(const struct heal_gnn_pass *pass, size_t inputs, size_t outputs, const float *x,
                 const float *d_y, float *gradient, uint32_t w, uint32_t bias) {
    heal_matrix_gradient(pass->graph.vertices, inputs, outputs, x, d_y, gradient + w);
    for (size_t r = 0; r < pass->graph.vertices; r++) {
        for (size_t o = 0; o < outputs; o++)
            gradient[bias + o] += d_y[r * outputs + o];
    }
}

/* d_x += d_y by the transpose of w. */
static void pass_back(struct heal_gnn_pass *pass, size_t inputs, size_t outputs, uint32_t w, const float *d_y,
                      float *d_x) {
    heal_matrix_transpose(inputs, outputs, pass->weights + w, pass->transposed);
    heal_matrix_multiply(pass->graph.vertices, outputs, inputs, d_y, pass->transposed, d_x);
}

/* Of y = max(0, z), multiplied by what dropout left: where y is 0, nothing comes through. */
static void derive_rectified(const float *y, float scale, size_t count, float *d_y) {
    for (size_t i = 0; i < count; i++)
        d_y[i] = y[i] > 0 ? d_y[i] * scale : 0;
}

static void clear(float *value, size_t count) {
    memset(value, 0, count * sizeof *value);
}

static void derive_heads(struct heal_gnn_pass *pass, const float *sick, const float *kind, float *gradient) {
    const struct heal_gnn_layout *layout = &pass->layout;
    size_t hidden = pass->shape.hidden, half = hidden / 2, kinds = pass->shape.kinds,
           rows = pass->graph.vertices;

    clear(pass->d_p, rows * half);
    gain(pass, half, 1, pass->p, sick, gradient, layout->sick, layout->sick_bias);
    pass_back(pass, half, 1, layout->sick, sick, pass->d_p);
    if (kinds > 0 && kind) {
        gain(pass, half, kinds, pass->p, kind, gradient, layout->kind, layout->kind_bias);
        pass_back(pass, half, kinds, layout->kind, kind, pass->d_p);
    }
    derive_rectified(pass->p, pass->kept_scale, rows * half, pass->d_p);
    gain(pass, hidden, half, pass->u, pass->d_p, gradient, layout->head, layout->head_bias);
    clear(pass->d_u, rows * hidden);
    pass_back(pass, hidden, half, layout->head, pass->d_p, pass->d_u);
}

/* u = h2 g: d_h2 = d_u g, and d_g = d_u . h2, through the sigmoid: g (1 - g). */
static void derive_gate(struct heal_gnn_pass *pass, float *gradient) {
    const struct heal_gnn_layout *layout = &pass->layout;
    size_t hidden = pass->shape.hidden, half = hidden / 2, rows = pass->graph.vertices;

    for (size_t r = 0; r < rows; r++) {
        float gate = pass->gate[r], sum = 0;

        for (size_t c = r * hidden; c < (r + 1) * hidden; c++) {
            sum += pass->d_u[c] * pass->h2[c];
            pass->d_h2[c] = pass->d_u[c] * gate;
        }
        pass->d_gate[r] = sum * gate * (1 - gate);
    }
    gain(pass, half, 1, pass->gate_hidden, pass->d_gate, gradient, layout->gate_out, layout->gate_out_bias);
    clear(pass->d_gate_hidden, rows * half);
    pass_back(pass, half, 1, layout->gate_out, pass->d_gate, pass->d_gate_hidden);
    derive_rectified(pass->gate_hidden, 1, rows * half, pass->d_gate_hidden);
    gain(pass, hidden, half, pass->h2, pass->d_gate_hidden, gradient, layout->gate, layout->gate_bias);
    pass_back(pass, hidden, half, layout->gate, pass->d_gate_hidden, pass->d_h2);
}

static void gain_layer(struct heal_gnn_pass *pass, unsigned number, size_t channels, const float *source,
                       const float *d_state, float *gradient) {
    const struct heal_gnn_layer *layer = &pass->shape.layer[number];
    size_t hidden = pass->shape.hidden;

    gain(pass, channels, hidden, source, d_state, gradient, pass->layout.layer[number].self,
         pass->layout.layer[number].bias);
    for (unsigned t = 0; t < layer->terms; t++)
        heal_matrix_gradient(pass->graph.vertices, layer->term[t].width, hidden, pass->taken[number][t],
                             d_state, gradient + pass->layout.layer[number].term[t]);
}

/* From the second layer's state to the first's. */
static void derive_state(struct heal_gnn_pass *pass) {
    const struct heal_gnn_layer *layer = &pass->shape.layer[1];
    size_t hidden = pass->shape.hidden, rows = pass->graph.vertices;

    clear(pass->d_h1, rows * hidden);
    pass_back(pass, hidden, hidden, pass->layout.layer[1].self, pass->d_h2, pass->d_h1);
    for (unsigned t = 0; t < layer->terms; t++) {
        clear(pass->d_taken, rows * layer->term[t].width);
        pass_back(pass, layer->term[t].width, hidden, pass->layout.layer[1].term[t], pass->d_h2,
                  pass->d_taken);
        heal_gnn_scatter(&pass->graph, &layer->term[t], hidden, pass->d_taken, pass->picked[t], pass->d_h1);
    }
    derive_rectified(pass->h1, pass->kept_scale, rows * hidden, pass->d_h1);
}

void heal_gnn_pass_backward(struct heal_gnn_pass *pass, const float *sick, const float *kind,
                            float *gradient) {
    derive_heads(pass, sick, kind, gradient);
    derive_gate(pass, gradient);
    gain_layer(pass, 1, pass->shape.hidden, pass->h1, pass->d_h2, gradient);
    derive_state(pass);
    gain_layer(pass, 0, pass->shape.inputs, pass->input, pass->d_h1, gradient);
}
