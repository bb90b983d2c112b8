/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A network in eight-bit integers: what a node runs. Weights are symmetric with a scale for each output,
 * values symmetric with a scale for each place, sums 32 bits wide (B. Jacob et al., "Quantization and
 * Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018). What is taken of the
 * neighbours has scales of its own, which lie in the weights, so that all that an output sums up has one
 * scale; a mean is brought back to eight bits before it is used, so that nothing grows with a vertex' degree.
 *
 * Everything is integer arithmetic: the results are the same to the bit on every machine. Nothing is
 * allocated; a network is one struct, which its user may keep where he likes.
 */
#ifndef HEAL_GNN_INTEGER_H
#define HEAL_GNN_INTEGER_H

#include "gnn/graph.h"
#include "gnn/scaling.h"
#include "gnn/shape.h"

enum {
    HEAL_GNN_GROUP = 4, /**< inputs that lie together: one step of a dot-product instruction */
    HEAL_GNN_SUMMANDS_MAX = HEAL_GNN_HIDDEN_MAX * (1 + HEAL_GNN_TERMS_MAX),
    HEAL_GNN_WEIGHT_BYTES_MAX = 1 << 17,
    HEAL_GNN_OUTPUTS_MAX = 3 * HEAL_GNN_HIDDEN_MAX + HEAL_GNN_KINDS_MAX + 2,
    HEAL_GNN_LOGIT_ONE = 1 << 10, /**< a logit of 1 */
    HEAL_GNN_GATE_STEPS = 256,    /**< of the gate's table, over logits of -8 to 8 */
};

/** A factor m / 2^shift: how a sum of one scale becomes a value of another. */
struct heal_gnn_factor {
    int32_t m;
    uint8_t shift; /**< 1 to 62 */
};

/** A matrix with its bias and what becomes of its sums. */
struct heal_gnn_dense {
    uint16_t inputs; /**< a multiple of HEAL_GNN_GROUP; those beyond the real ones have weights of 0 */
    uint16_t outputs;
    uint32_t weight; /**< where in the network's weights: [inputs / 4][outputs][4] */
    uint32_t output; /**< where in its biases and factors */
};

struct heal_gnn_integer {
    struct heal_gnn_shape shape;
    float input_scale; /**< an input of 1 deviation is 1 / input_scale */
    struct heal_gnn_factor mean[HEAL_GNN_LAYERS]
                               [HEAL_GNN_TERMS_MAX]; /**< from a sum to a mean's scale, by degree */
    struct heal_gnn_dense layer[HEAL_GNN_LAYERS], gate, gate_out, head, sick, kind;
    struct heal_gnn_factor gated;              /**< from state times gate to what the head takes */
    uint16_t gate_of[HEAL_GNN_GATE_STEPS + 1]; /**< the logistic function, in 1 / 32768 */
    uint32_t weights, outputs;                 /**< how much of the following is used */
    int8_t weight[HEAL_GNN_WEIGHT_BYTES_MAX];
    int32_t bias[HEAL_GNN_OUTPUTS_MAX];
    struct heal_gnn_factor factor[HEAL_GNN_OUTPUTS_MAX];
};

/** Brings one vertex' inputs, in deviations as heal_gnn_scaling_apply gives them, to eight bits. */
void heal_gnn_integer_input(const struct heal_gnn_integer *network, const float *input, int8_t *ret_input);

/**
 * The first layer of one vertex: what its neighbours want to know of it.
 * @param input of all vertices, each of shape.inputs bytes
 * @param ret_state shape.hidden bytes
 */
void heal_gnn_integer_state(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                            uint32_t vertex, const int8_t *input, int8_t *ret_state);

/**
 * The rest, given the states of the vertex and its neighbours.
 * @param state of all vertices, each of shape.hidden bytes
 * @param ret_kind [shape.kinds]; NULL: nobody asks
 * @return the logit of being sick, in 1 / HEAL_GNN_LOGIT_ONE
 */
int32_t heal_gnn_integer_verdict(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                                 uint32_t vertex, const int8_t *state, int32_t *ret_kind);

/**
 * A whole graph. @param state vertices by shape.hidden bytes, for the work
 * @param ret_logit [vertices]
 */
void heal_gnn_integer_run(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                          const int8_t *input, int8_t *state, int32_t *ret_logit);

#endif
