/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/equalise.h"

#include "gnn/walk.h"

#include <math.h>

/* The largest that each channel of a place gets to. */
struct extents {
    float h1[HEAL_GNN_HIDDEN_MAX], h2[HEAL_GNN_HIDDEN_MAX];
    float gate_hidden[HEAL_GNN_HIDDEN_MAX / 2], p[HEAL_GNN_HIDDEN_MAX / 2];
};

static void widen(float *extent, struct heal_gnn_plane plane, size_t rows, size_t channels) {
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < channels; c++)
            extent[c] = fmaxf(extent[c], fabsf(plane.value[r * plane.stride + c]));
    }
}

/* What is watched: a network's channels, and how far they get. */
struct watched {
    size_t hidden;
    struct extents extents;
};

static void look(void *context, const struct heal_gnn_pass *pass, uint32_t vertices) {
    struct watched *watched = context;
    struct heal_gnn_values values = heal_gnn_pass_values(pass);
    struct extents *extents = &watched->extents;
    size_t hidden = watched->hidden;

    widen(extents->h1, values.h1, vertices, hidden);
    widen(extents->h2, values.h2, vertices, hidden);
    widen(extents->gate_hidden, values.gate_hidden, vertices, hidden / 2);
    widen(extents->p, values.p, vertices, hidden / 2);
}

/* A channel that is always 0, or all but, stays as it is. */
static float factor_of(float extent) {
    return extent > 1e-6F ? extent : 1;
}

/* Results of a matrix, or of a bias, which has one row, are divided. */
static void divide(float *weight, size_t inputs, size_t outputs, const float *extent) {
    for (size_t i = 0; i < inputs; i++) {
        for (size_t o = 0; o < outputs; o++)
            weight[i * outputs + o] /= factor_of(extent[o]);
    }
}

/* What a matrix takes was divided. */
static void multiply(float *weight, size_t inputs, size_t outputs, const float *extent) {
    for (size_t i = 0; i < inputs; i++) {
        for (size_t o = 0; o < outputs; o++)
            weight[i * outputs + o] *= factor_of(extent[i]);
    }
}

static void divide_layer(const struct heal_gnn_shape *shape, const struct heal_gnn_layout *layout,
                         unsigned number, const float *extent, float *weights) {
    const struct heal_gnn_layer *layer = &shape->layer[number];
    size_t hidden = shape->hidden;

    divide(weights + layout->layer[number].self, number == 0 ? shape->inputs : hidden, hidden, extent);
    divide(weights + layout->layer[number].bias, 1, hidden, extent);
    for (unsigned t = 0; t < layer->terms; t++)
        divide(weights + layout->layer[number].term[t], layer->term[t].width, hidden, extent);
}

/* Means, the largest and the least are divided as their sources are. */
static void multiply_layer(const struct heal_gnn_shape *shape, const struct heal_gnn_layout *layout,
                           const float *extent, float *weights) {
    const struct heal_gnn_layer *layer = &shape->layer[1];
    size_t hidden = shape->hidden;

    multiply(weights + layout->layer[1].self, hidden, hidden, extent);
    for (unsigned t = 0; t < layer->terms; t++)
        multiply(weights + layout->layer[1].term[t], layer->term[t].width, hidden,
                 extent + layer->term[t].from);
}

static void equalise(const struct heal_gnn_shape *shape, const struct extents *extents, float *weights) {
    struct heal_gnn_layout layout;
    size_t hidden = shape->hidden, half = hidden / 2;

    heal_gnn_layout_make(shape, &layout);
    divide_layer(shape, &layout, 0, extents->h1, weights);
    multiply_layer(shape, &layout, extents->h1, weights);
    divide_layer(shape, &layout, 1, extents->h2, weights);
    multiply(weights + layout.gate, hidden, half, extents->h2);
    multiply(weights + layout.head, hidden, half, extents->h2); /* a gate holds back all channels alike */
    divide(weights + layout.gate, hidden, half, extents->gate_hidden);
    divide(weights + layout.gate_bias, 1, half, extents->gate_hidden);
    multiply(weights + layout.gate_out, half, 1, extents->gate_hidden);
    divide(weights + layout.head, hidden, half, extents->p);
    divide(weights + layout.head_bias, 1, half, extents->p);
    multiply(weights + layout.sick, half, 1, extents->p);
    if (shape->kinds > 0)
        multiply(weights + layout.kind, half, shape->kinds, extents->p);
}

int heal_gnn_equalise(const struct heal_gnn_dataset *dataset, const struct heal_gnn_choice *choice,
                      const struct heal_gnn_shape *shape, const struct heal_gnn_scaling *scaling,
                      float *weights) {
    struct watched watched = {.hidden = shape->hidden};
    int r = heal_gnn_walk(&(struct heal_gnn_walk){.dataset = dataset,
                                                  .choice = choice,
                                                  .shape = shape,
                                                  .scaling = scaling,
                                                  .weights = weights,
                                                  .look = look,
                                                  .context = &watched});

    if (r == 0)
        equalise(shape, &watched.extents, weights);
    return r;
}
