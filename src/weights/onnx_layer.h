/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** A network's matrices as ONNX operators, in single precision or by way of eight bits. */
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
};

/** Some of a matrix' rows, which take one thing. */
struct heal_onnx_rows {
    struct heal_onnx_value value; /**< what they take */
    const char *name;             /**< of the weights */
    unsigned first, rows;         /**< of the matrix in integers */
    uint32_t at;                  /**< in the numbers of single precision */
    double scale;                 /**< of what they take, in eight bits */
};

/** What the rows lead to. */
struct heal_onnx_target {
    const char *name; /**< of the bias */
    unsigned outputs;
    uint32_t bias; /**< in the numbers of single precision */
    /* In integers: one of them. */
    const struct heal_gnn_dense *dense;
    const struct heal_gnn_wide *wide;
    double one; /**< what 1 stands for in its values of eight bits */
};

/** @return the sum of the products and the bias: [vertices, outputs]. */
struct heal_onnx_value heal_onnx_sum(struct heal_onnx_model *model, const struct heal_onnx_rows *rows,
                                     unsigned count, const struct heal_onnx_target *target);

/** @return a value as eight bits make it, with a scale; in single precision as it is. @param name of the
 * place */
struct heal_onnx_value heal_onnx_round(struct heal_onnx_model *model, struct heal_onnx_value value,
                                       const char *name, double scale);

#endif
