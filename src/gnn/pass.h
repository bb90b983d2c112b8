/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * One way of a graph, or of many side by side, through a network in single precision: forward, which says
 * how sick each vertex is; and backward, which says what each weight had to do with an error. It owns all
 * that is worked out on the way, for as many vertices as it was made for; the graph, the inputs and the
 * weights are borrowed from call to call.
 */
#ifndef HEAL_GNN_PASS_H
#define HEAL_GNN_PASS_H

#include "base/random.h"
#include "gnn/graph.h"
#include "gnn/shape.h"

struct heal_gnn_pass;

/** Channels that are left out at random while a network learns (N. Srivastava et al., 2014). */
struct heal_gnn_dropout {
    unsigned of_256; /**< how many of 256 channels are left out */
    struct heal_random random;
};

/** @return a pass for @p vertices vertices and a shape that was checked, or NULL: out of memory. */
struct heal_gnn_pass *heal_gnn_pass_new(const struct heal_gnn_shape *shape, size_t vertices);

/** @return NULL. */
struct heal_gnn_pass *heal_gnn_pass_free(struct heal_gnn_pass *pass);

/**
 * @param graph of at most so many vertices; it is to stay until the way back is done
 * @param input vertices by inputs, standardised
 * @param weights as heal_gnn_layout_make lays them
 * @param dropout NULL: nothing is left out
 */
void heal_gnn_pass_forward(struct heal_gnn_pass *pass, const struct heal_gnn_graph *graph, const float *input,
                           const float *weights, struct heal_gnn_dropout *dropout);

/** @return [vertices]: the logit of being sick, after a way forward. The pass owns it. */
const float *heal_gnn_pass_sick(const struct heal_gnn_pass *pass);
/** @return [vertices by kinds]: the kinds' logits. */
const float *heal_gnn_pass_kind(const struct heal_gnn_pass *pass);

/** Rows, one a vertex, that begin a stride apart. */
struct heal_gnn_plane {
    float *value;
    size_t stride;
};

/** What was worked out on the last way forward, by the names of shape.h. The pass owns it. */
struct heal_gnn_values {
    struct heal_gnn_plane taken[HEAL_GNN_LAYERS][HEAL_GNN_TERMS_MAX]; /**< each as wide as its term */
    struct heal_gnn_plane h1, h2, u;                                  /**< as wide as shape.hidden */
    struct heal_gnn_plane gate_hidden, p;                             /**< half as wide */
};
struct heal_gnn_values heal_gnn_pass_values(const struct heal_gnn_pass *pass);

/**
 * The way back of the last way forward.
 * @param sick [vertices]: the error's derivative by the logit of being sick
 * @param kind [vertices by kinds]: and by those of the kinds; NULL where there are none
 * @param gradient its derivative by each weight is added there
 */
void heal_gnn_pass_backward(struct heal_gnn_pass *pass, const float *sick, const float *kind,
                            float *gradient);

#endif
