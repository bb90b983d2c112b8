/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A network's matrices as ONNX operators. In single precision as they are. In integers, values are whole
 * numbers in floats: what goes into a matrix is brought to eight bits and back with a scale of 1
 * (QuantizeLinear, DequantizeLinear), weights with one of a power of two, so that sums are exact; what brings
 * them back to eight bits (gnn/fixed.h) is written out in double precision, where it is exact, too.
 */
#ifndef HEAL_WEIGHTS_ONNX_LAYER_H
#define HEAL_WEIGHTS_ONNX_LAYER_H

#include "weights/onnx_graph.h"
#include "weights/weights.h"

/** A model while it is made to operators. */
struct heal_onnx_model {
    struct heal_onnx graph;
    const struct heal_weights *weights;
    struct heal_gnn_layout layout;
    bool quantised;
    struct heal_onnx_value half, unit, zero8; /**< constants of it: heal_onnx_begin */
};

/** Some of a matrix' rows in single precision. */
struct heal_onnx_rows {
    uint32_t at; /**< in the weights */
    unsigned rows;
};

struct heal_onnx_matrix {
    const char *name;
    struct heal_onnx_rows part[1 + HEAL_GNN_TERMS_MAX];
    unsigned parts, outputs;
    uint32_t bias; /**< in the weights */
    bool rectified;
    /* In integers: one of them. */
    const struct heal_gnn_dense *dense;
    const struct heal_gnn_wide *wide;
};

/** Clears the graph, and adds what all else needs. */
void heal_onnx_begin(struct heal_onnx_model *model);

/** @return the network's inputs as it takes them. @param input in deviations, cut */
struct heal_onnx_value heal_onnx_input(struct heal_onnx_model *model, struct heal_onnx_value input);

/** @return [vertices, outputs]: of a dense matrix its values; of a wide one logits. @param input [parts] */
struct heal_onnx_value heal_onnx_multiply(struct heal_onnx_model *model, const struct heal_onnx_value *input,
                                          const struct heal_onnx_matrix *matrix);

/** @return the mean of a term. @param sum [vertices, width] @param degree [vertices, 1], at least 1 */
struct heal_onnx_value heal_onnx_mean(struct heal_onnx_model *model, unsigned layer, unsigned term,
                                      struct heal_onnx_value sum, struct heal_onnx_value degree);

/** @return the state, less what the gate holds back. @param logit [vertices, 1] */
struct heal_onnx_value heal_onnx_pass_gate(struct heal_onnx_model *model, struct heal_onnx_value state,
                                           struct heal_onnx_value logit);

#endif
