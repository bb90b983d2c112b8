/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A graph of ONNX operators while it is built: the few of onnx.proto's messages that a model of ours needs,
 * by the field numbers of the ONNX specification (IR version 8, https://onnx.ai/onnx/repo-docs/IR.html).
 * Values are known by their names; each operator's result has its operator's name and a number.
 */
#ifndef HEAL_WEIGHTS_ONNX_GRAPH_H
#define HEAL_WEIGHTS_ONNX_GRAPH_H

#include "weights/protobuf.h"

/** The types of TensorProto. */
enum heal_onnx_type {
    HEAL_ONNX_FLOAT = 1,
    HEAL_ONNX_INT8 = 3,
    HEAL_ONNX_INT32 = 6,
    HEAL_ONNX_INT64 = 7,
    HEAL_ONNX_BOOL = 9,
    HEAL_ONNX_DOUBLE = 11,
};

enum { HEAL_ONNX_INPUTS_MAX = 4, HEAL_ONNX_OPSET = 18 /**< since then ScatterND knows max and min */ };

struct heal_onnx_value {
    char name[48];
};

struct heal_onnx {
    struct heal_protobuf nodes, initializers; /**< fields of the graph; the caller frees their bytes */
    unsigned values;
};

/** An attribute of an operator: a whole number, or a text. */
struct heal_onnx_attribute {
    const char *name, *text;
    int64_t whole;
};

/** Adds an operator. @param attribute NULL: it has none @return its result */
struct heal_onnx_value heal_onnx_operate(struct heal_onnx *graph, const char *operator_,
                                         const struct heal_onnx_attribute *attribute, unsigned inputs,
                                         const struct heal_onnx_value *input);
/** With two values, and with one. */
struct heal_onnx_value heal_onnx_pair(struct heal_onnx *graph, const char *operator_,
                                      struct heal_onnx_value a, struct heal_onnx_value b);
struct heal_onnx_value heal_onnx_single(struct heal_onnx *graph, const char *operator_,
                                        struct heal_onnx_value a);

/** Adds constant numbers, as this machine has them. @param dimensions 0: a scalar */
struct heal_onnx_value heal_onnx_constant(struct heal_onnx *graph, const char *name, enum heal_onnx_type type,
                                          unsigned dimensions, const uint32_t *dimension,
                                          const void *numbers);
struct heal_onnx_value heal_onnx_scalar(struct heal_onnx *graph, const char *name, float value);

/** A value of the caller's, or of the model's inputs. */
struct heal_onnx_value heal_onnx_named(const char *name);
/** Gives a value the name of one of the model's outputs. */
void heal_onnx_name(struct heal_onnx *graph, struct heal_onnx_value value, const char *name);

/** What a model takes or gives: the numbers of one or two dimensions, or their names where they vary. */
struct heal_onnx_port {
    const char *name;
    enum heal_onnx_type type;
    unsigned dimensions;
    const char *dimension_name[2]; /**< NULL: the size below */
    uint32_t dimension[2];
};

/** Writes the whole model. @param text {name, value} pairs of its metadata @return 0 or -ENOMEM. @param
 * ret_bytes for free() */
struct heal_onnx_text {
    const char *name, *value;
};
int heal_onnx_finish(const struct heal_onnx *graph, const struct heal_onnx_port *input, unsigned inputs,
                     const struct heal_onnx_port *output, unsigned outputs, const struct heal_onnx_text *text,
                     unsigned texts, uint8_t **ret_bytes, size_t *ret_length);

#endif
