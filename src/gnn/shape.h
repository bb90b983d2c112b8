/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What a network looks like, apart from its numbers: how wide it is, and what of its neighbours a vertex
 * takes in at each of the two layers. A GraphSAGE network (W. L. Hamilton, R. Ying, J. Leskovec, "Inductive
 * Representation Learning on Large Graphs", 2017) with several aggregators side by side (G. Corso et al.,
 * "Principal Neighbourhood Aggregation for Graph Nets", 2020), a gate over the state, and one or two heads.
 * A shape lies in the model's file; nothing of it is fixed when heald is built. Values only.
 *
 *     z1 = b1 + x W1 + sum over terms t of layer 1: aggregate_t(neighbours' x) W1t       h1 = max(0, z1)
 *     h2 = b2 + h1 W2 + sum over terms t of layer 2: aggregate_t(neighbours' h1) W2t
 *     u  = h2 sigmoid(max(0, h2 Wg + bg) wg + cg)                                   the gate
 *     p  = max(0, u Wp + bp)
 *     sick = p ws + cs          kind = p Wk + bk (where it has kinds)               logits
 *
 * A node is as sick as the sickest of its vertices. What is wrong with a graph is one of kinds + 1 classes:
 * 0, that nothing is, has a logit that is learnt, and k that of all vertices together for kind k
 * (gnn/pool.h).
 */
#ifndef HEAL_GNN_SHAPE_H
#define HEAL_GNN_SHAPE_H

#include "heal/error.h"

#include <stddef.h>
#include <stdint.h>

enum {
    HEAL_GNN_INPUTS_MAX = 64,
    HEAL_GNN_HIDDEN_MAX = 256,
    HEAL_GNN_KINDS_MAX = 32,
    HEAL_GNN_TERMS_MAX = 4,
    HEAL_GNN_LAYERS = 2,
    HEAL_GNN_TENSORS_MAX = HEAL_GNN_LAYERS * (2 + HEAL_GNN_TERMS_MAX) + 11,
};

enum heal_gnn_aggregate { HEAL_GNN_MEAN, HEAL_GNN_LARGEST, HEAL_GNN_LEAST, HEAL_GNN_AGGREGATES };

/** One thing that a layer takes of the neighbours: so many channels, summed up in one way. */
struct heal_gnn_term {
    enum heal_gnn_aggregate aggregate;
    uint16_t from, width; /**< channels of the layer's input; the last is from + width - 1 */
};

struct heal_gnn_layer {
    uint16_t terms;
    struct heal_gnn_term term[HEAL_GNN_TERMS_MAX];
};

struct heal_gnn_shape {
    uint16_t inputs, hidden; /**< hidden: even; the heads have half of it */
    uint16_t kinds;          /**< 0: only the head that says how sick */
    struct heal_gnn_layer layer[HEAL_GNN_LAYERS];
};

/** A matrix among the weights, input-major: weight[i * outputs + o] leads from input i to output o. */
struct heal_gnn_tensor {
    char name[32];
    uint16_t inputs, outputs; /**< a bias has one input */
    uint32_t at;              /**< where in the weights it begins */
};

/** The tensors of a shape, in the order in which they lie in the weights. */
struct heal_gnn_layout {
    uint16_t tensors;
    uint32_t weights; /**< in all */
    struct heal_gnn_tensor tensor[HEAL_GNN_TENSORS_MAX];
    struct {
        uint32_t self, bias, term[HEAL_GNN_TERMS_MAX];
    } layer[HEAL_GNN_LAYERS]; /**< where each begins */
    uint32_t gate, gate_bias, gate_out, gate_out_bias;
    uint32_t head, head_bias, sick, sick_bias, kind, kind_bias, normal;
};

/** Mean, largest and least of the neighbours' inputs; mean and largest of half their states each. */
void heal_gnn_shape_default(uint16_t inputs, uint16_t hidden, uint16_t kinds,
                            struct heal_gnn_shape *ret_shape);

/** @return 0, or -EINVAL with words: a width or a channel out of range. */
int heal_gnn_shape_check(const struct heal_gnn_shape *shape, struct heal_error *error);

/** Of a shape that was checked. */
void heal_gnn_layout_make(const struct heal_gnn_shape *shape, struct heal_gnn_layout *ret_layout);

#endif
