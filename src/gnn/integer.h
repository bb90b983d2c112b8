/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A network in eight-bit integers: what a node runs. Weights are symmetric with a scale for each output,
 * values symmetric with a scale for each place, sums 32 bits wide (B. Jacob et al., "Quantization and
 * Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018). What is taken of the
 * neighbours has scales of its own, which lie in the weights, so that all that an output sums up has one
 * scale; a mean is brought back to eight bits before it is used, so that nothing grows with a vertex' degree.
 *
 * Everything is integer arithmetic: the results are the same to the bit on every machine, whichever of its
 * kernels (gnn/kernel.h) does the work. Nothing is allocated; a network is one struct, which its user may
 * keep where he likes.
 *
 * A network is made by heal_gnn_quantise; or, of numbers from elsewhere: heal_gnn_integer_lay, the numbers,
 * heal_gnn_integer_prepare.
 */
#ifndef HEAL_GNN_INTEGER_H
#define HEAL_GNN_INTEGER_H

#include "gnn/fixed.h"
#include "gnn/graph.h"
#include "gnn/pool.h"
#include "gnn/scaling.h"
#include "gnn/shape.h"

enum {
    HEAL_GNN_GROUP = 4,  /**< inputs that lie together: one step of a dot-product instruction */
    HEAL_GNN_LANES = 32, /**< outputs that are worked out side by side */
    HEAL_GNN_SUMMANDS_MAX = HEAL_GNN_HIDDEN_MAX * (1 + HEAL_GNN_TERMS_MAX),
    HEAL_GNN_WEIGHT_BYTES_MAX = 1 << 17,
    HEAL_GNN_OUTPUTS_MAX = 3 * HEAL_GNN_HIDDEN_MAX,
    HEAL_GNN_LOGITS_MAX = HEAL_GNN_KINDS_MAX + 2,
    HEAL_GNN_LOGIT_ONE = 1 << 10, /**< a logit of 1 */
    HEAL_GNN_GATE_STEPS = 256,    /**< of the gate's table, over logits of -8 to 8 */
    HEAL_GNN_DEGREES = 64,        /**< up to which a mean's factors lie ready */
    HEAL_GNN_BIAS_MOST = 1 << 30,
};

/**
 * A matrix whose sums become values of eight bits. Inputs and outputs beyond the real ones have weights of 0.
 * A sum with its bias, by its output's multiplier / 2^(15 + shift + rest), is the value.
 */
struct heal_gnn_dense {
    uint16_t inputs;  /**< a multiple of HEAL_GNN_GROUP */
    uint16_t outputs; /**< a multiple of HEAL_GNN_LANES */
    uint8_t rest;     /**< 1 to HEAL_GNN_STEP_REST: bits of a fraction, rounded off at the end */
    uint32_t weight;  /**< where in the network's weights: [inputs / 4][outputs][4] */
    uint32_t output;  /**< where in its biases, shifts and multipliers */
};

/** Where in the network's weights the one from an input to an output lies. */
static inline size_t heal_gnn_dense_at(const struct heal_gnn_dense *dense, unsigned input, unsigned output) {
    return dense->weight + ((size_t)(input / HEAL_GNN_GROUP) * dense->outputs + output) * HEAL_GNN_GROUP +
           input % HEAL_GNN_GROUP;
}

/** A matrix whose sums stay wide: logits. */
struct heal_gnn_wide {
    uint16_t inputs;  /**< a multiple of HEAL_GNN_LANES; those beyond the real ones have weights of 0 */
    uint16_t outputs; /**< as many as are real */
    uint32_t weight;  /**< where in the network's weights: [outputs][inputs] */
    uint32_t output;  /**< where in its logits' biases and factors */
};

struct heal_gnn_kernel;

struct heal_gnn_integer {
    /* Where things lie: heal_gnn_integer_lay. */
    struct heal_gnn_shape shape;
    struct heal_gnn_dense layer[HEAL_GNN_LAYERS], gate, head;
    struct heal_gnn_wide gate_out, sick, kind;
    uint32_t weights, outputs, logits; /**< how much of the following is used */
    /* The numbers, and each matrix' rest. */
    float input_scale; /**< an input of 1 deviation is 1 / input_scale */
    struct heal_gnn_factor mean[HEAL_GNN_LAYERS]
                               [HEAL_GNN_TERMS_MAX]; /**< from a sum to a mean's scale, by degree */
    struct heal_gnn_step gated; /**< from state times gate to what the head takes; shift at most 0 */
    int8_t weight[HEAL_GNN_WEIGHT_BYTES_MAX];          /**< [-127, 127] */
    int32_t bias[HEAL_GNN_OUTPUTS_MAX];                /**< in sums */
    int32_t shift[HEAL_GNN_OUTPUTS_MAX];               /**< 0 to HEAL_GNN_STEP_RIGHT */
    int32_t multiplier[HEAL_GNN_OUTPUTS_MAX];          /**< below 2^15 */
    int32_t logit_bias[HEAL_GNN_LOGITS_MAX];           /**< in sums */
    struct heal_gnn_factor logit[HEAL_GNN_LOGITS_MAX]; /**< to 1 / HEAL_GNN_LOGIT_ONE */
    int32_t normal; /**< that nothing is wrong with a graph, in 1 / HEAL_GNN_LOGIT_ONE; 0 without kinds */
    /* What follows from them: heal_gnn_integer_prepare. */
    const struct heal_gnn_kernel *kernel; /**< who does the work; another that is there may be put in place */
    struct heal_gnn_step mean_of[HEAL_GNN_LAYERS][HEAL_GNN_TERMS_MAX][HEAL_GNN_DEGREES]; /**< by degree */
    struct heal_gnn_tables tables;                                                       /**< to pool kinds */
    int16_t gate_of[HEAL_GNN_GATE_STEPS + 1]; /**< the logistic function, times gated's multiplier */
    int32_t start[HEAL_GNN_OUTPUTS_MAX];      /**< where a sum begins: its bias, and what rounds its shift */
    int32_t lifted[HEAL_GNN_OUTPUTS_MAX];     /**< the same for a sum over inputs that are 128 larger */
};

/** @return 0, or -EINVAL with words: no shape, or one with more weights than there is room for. */
int heal_gnn_integer_fits(const struct heal_gnn_shape *shape, struct heal_error *error);

/** Clears a network and lays it out for a shape. @return 0 or -EINVAL: it does not fit. */
int heal_gnn_integer_lay(const struct heal_gnn_shape *shape, struct heal_gnn_integer *ret_network,
                         struct heal_error *error);

/** Makes a network that was laid out, and has its numbers, ready to run. @return 0, or -EINVAL with words: a
 * number out of range. */
int heal_gnn_integer_prepare(struct heal_gnn_integer *network, struct heal_error *error);

/** Brings one vertex' inputs, in deviations as heal_gnn_scaling_apply gives them, to eight bits. */
void heal_gnn_integer_input(const struct heal_gnn_integer *network, const float *input, int8_t *ret_input);

/** Vertices of a graph, one after another. */
struct heal_gnn_span {
    uint32_t from, count;
};

/**
 * The first layer of some vertices: what their neighbours want to know of them.
 * @param input of all vertices of the graph, each of shape.inputs bytes
 * @param ret_state of those of the span, each of shape.hidden bytes
 */
void heal_gnn_integer_states(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                             struct heal_gnn_span span, const int8_t *input, int8_t *ret_state);

/**
 * The rest, given the states of the vertices and of their neighbours.
 * @param state of all vertices of the graph, each of shape.hidden bytes; at 64 bytes, it goes fastest
 * @param ret_logit [span.count]: of being sick, in 1 / HEAL_GNN_LOGIT_ONE
 * @param ret_kind [span.count][shape.kinds]; NULL: nobody asks
 */
void heal_gnn_integer_verdicts(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                               struct heal_gnn_span span, const int8_t *state, int32_t *ret_logit,
                               int32_t *ret_kind);

/** The first layer of one vertex. @param ret_state shape.hidden bytes */
static inline void heal_gnn_integer_state(const struct heal_gnn_integer *network,
                                          const struct heal_gnn_graph *graph, uint32_t vertex,
                                          const int8_t *input, int8_t *ret_state) {
    heal_gnn_integer_states(network, graph, (struct heal_gnn_span){vertex, 1}, input, ret_state);
}

/** The rest, of one vertex. @param ret_kind [shape.kinds]; NULL: nobody asks @return the logit */
static inline int32_t heal_gnn_integer_verdict(const struct heal_gnn_integer *network,
                                               const struct heal_gnn_graph *graph, uint32_t vertex,
                                               const int8_t *state, int32_t *ret_kind) {
    int32_t logit;

    heal_gnn_integer_verdicts(network, graph, (struct heal_gnn_span){vertex, 1}, state, &logit, ret_kind);
    return logit;
}

/**
 * A whole graph. @param state vertices by shape.hidden bytes, for the work
 * @param ret_logit [vertices]
 */
static inline void heal_gnn_integer_run(const struct heal_gnn_integer *network,
                                        const struct heal_gnn_graph *graph, const int8_t *input,
                                        int8_t *state, int32_t *ret_logit) {
    const struct heal_gnn_span all = {0, graph->vertices};

    heal_gnn_integer_states(network, graph, all, input, state);
    heal_gnn_integer_verdicts(network, graph, all, state, ret_logit, NULL);
}

/** What is wrong with a graph, of which these are vertices. @param kind as heal_gnn_integer_verdicts gives it
 * @param ret_class [1 + shape.kinds], of struct heal_gnn_shape: the largest is the verdict */
static inline void heal_gnn_integer_classes(const struct heal_gnn_integer *network, uint32_t vertices,
                                            const int32_t *kind, int32_t *ret_class) {
    heal_gnn_pool_integer(&network->tables, vertices, network->shape.kinds, kind, network->normal, ret_class);
}

#endif
