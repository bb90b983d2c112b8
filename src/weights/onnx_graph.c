/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "weights/onnx_graph.h"

#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fields by the specification's numbers. */
enum { MODEL_IR_VERSION = 1, MODEL_PRODUCER = 2, MODEL_GRAPH = 7, MODEL_OPSET = 8, MODEL_METADATA = 14 };
enum { OPSET_VERSION = 2 };
enum { ENTRY_KEY = 1, ENTRY_VALUE = 2 };
enum { GRAPH_NODE = 1, GRAPH_NAME = 2, GRAPH_INITIALIZER = 5, GRAPH_INPUT = 11, GRAPH_OUTPUT = 12 };
enum { NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_NAME = 3, NODE_OPERATOR = 4, NODE_ATTRIBUTE = 5 };
enum { ATTRIBUTE_NAME = 1, ATTRIBUTE_WHOLE = 3, ATTRIBUTE_TEXT = 4, ATTRIBUTE_TYPE = 20 };
enum { ATTRIBUTE_IS_WHOLE = 2, ATTRIBUTE_IS_TEXT = 3 };
enum { TENSOR_DIMENSION = 1, TENSOR_TYPE = 2, TENSOR_NAME = 8, TENSOR_RAW = 9 };
enum { PORT_NAME = 1, PORT_TYPE = 2, TYPE_TENSOR = 1, TENSOR_ELEMENT = 1, TENSOR_SHAPE = 2 };
enum { SHAPE_DIMENSION = 1, DIMENSION_SIZE = 1, DIMENSION_NAME = 2 };

enum { IR_VERSION = 8 };

struct heal_onnx_value heal_onnx_named(const char *name) {
    struct heal_onnx_value value = {.name = ""};

    heal_name_copy(value.name, sizeof value.name, name);
    return value;
}

static void add_attribute(struct heal_protobuf *nodes, const struct heal_onnx_attribute *attribute) {
    size_t message = heal_protobuf_begin(nodes, NODE_ATTRIBUTE);

    heal_protobuf_text(nodes, ATTRIBUTE_NAME, attribute->name);
    if (attribute->text)
        heal_protobuf_text(nodes, ATTRIBUTE_TEXT, attribute->text);
    else
        heal_protobuf_whole(nodes, ATTRIBUTE_WHOLE, (uint64_t)attribute->whole);
    heal_protobuf_whole(nodes, ATTRIBUTE_TYPE, attribute->text ? ATTRIBUTE_IS_TEXT : ATTRIBUTE_IS_WHOLE);
    heal_protobuf_end(nodes, message);
}

static void add_node(struct heal_onnx *graph, const char *operator_,
                     const struct heal_onnx_attribute *attribute, unsigned inputs,
                     const struct heal_onnx_value *input, const char *output) {
    size_t node = heal_protobuf_begin(&graph->nodes, GRAPH_NODE);

    for (unsigned i = 0; i < inputs; i++)
        heal_protobuf_text(&graph->nodes, NODE_INPUT, input[i].name);
    heal_protobuf_text(&graph->nodes, NODE_OUTPUT, output);
    heal_protobuf_text(&graph->nodes, NODE_NAME, output);
    heal_protobuf_text(&graph->nodes, NODE_OPERATOR, operator_);
    if (attribute)
        add_attribute(&graph->nodes, attribute);
    heal_protobuf_end(&graph->nodes, node);
}

struct heal_onnx_value heal_onnx_operate(struct heal_onnx *graph, const char *operator_,
                                         const struct heal_onnx_attribute *attribute, unsigned inputs,
                                         const struct heal_onnx_value *input) {
    struct heal_onnx_value value;

    snprintf(value.name, sizeof value.name, "%.30s.%u", operator_, ++graph->values);
    add_node(graph, operator_, attribute, inputs, input, value.name);
    return value;
}

struct heal_onnx_value heal_onnx_pair(struct heal_onnx *graph, const char *operator_,
                                      struct heal_onnx_value a, struct heal_onnx_value b) {
    const struct heal_onnx_value input[] = {a, b};

    return heal_onnx_operate(graph, operator_, NULL, 2, input);
}

struct heal_onnx_value heal_onnx_single(struct heal_onnx *graph, const char *operator_,
                                        struct heal_onnx_value a) {
    return heal_onnx_operate(graph, operator_, NULL, 1, &a);
}

void heal_onnx_name(struct heal_onnx *graph, struct heal_onnx_value value, const char *name) {
    add_node(graph, "Identity", NULL, 1, &value, name);
}

static size_t number_bytes(enum heal_onnx_type type) {
    switch (type) {
    case HEAL_ONNX_INT8:
    case HEAL_ONNX_BOOL:
        return 1;
    case HEAL_ONNX_FLOAT:
    case HEAL_ONNX_INT32:
        return 4;
    case HEAL_ONNX_INT64:
    case HEAL_ONNX_DOUBLE:
        break;
    }
    return 8;
}

/* Raw data has the least byte first. */
static void add_raw(struct heal_protobuf *initializers, enum heal_onnx_type type, size_t count,
                    const void *numbers) {
    size_t bytes = number_bytes(type);
    uint8_t *raw = malloc(count * bytes + 1);

    if (!raw) {
        initializers->failed = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const uint8_t *from = (const uint8_t *)numbers + i * bytes;
        uint64_t value = *from;
        uint32_t word;

        if (bytes == sizeof word) {
            memcpy(&word, from, sizeof word);
            value = word;
        } else if (bytes == sizeof value) {
            memcpy(&value, from, sizeof value);
        }
        for (size_t k = 0; k < bytes; k++, value >>= 8)
            raw[i * bytes + k] = (uint8_t)value;
    }
    heal_protobuf_bytes(initializers, TENSOR_RAW, raw, count * bytes);
    free(raw);
}

struct heal_onnx_value heal_onnx_constant(struct heal_onnx *graph, const char *name, enum heal_onnx_type type,
                                          unsigned dimensions, const uint32_t *dimension,
                                          const void *numbers) {
    size_t tensor = heal_protobuf_begin(&graph->initializers, GRAPH_INITIALIZER), count = 1;

    for (unsigned d = 0; d < dimensions; d++) {
        heal_protobuf_whole(&graph->initializers, TENSOR_DIMENSION, dimension[d]);
        count *= dimension[d];
    }
    heal_protobuf_whole(&graph->initializers, TENSOR_TYPE, type);
    heal_protobuf_text(&graph->initializers, TENSOR_NAME, name);
    add_raw(&graph->initializers, type, count, numbers);
    heal_protobuf_end(&graph->initializers, tensor);
    return heal_onnx_named(name);
}

struct heal_onnx_value heal_onnx_scalar(struct heal_onnx *graph, const char *name, float value) {
    return heal_onnx_constant(graph, name, HEAL_ONNX_FLOAT, 0, NULL, &value);
}

/* ---- the whole ---- */

static void add_port(struct heal_protobuf *model, unsigned field, const struct heal_onnx_port *port) {
    size_t value = heal_protobuf_begin(model, field), type, tensor, shape;

    heal_protobuf_text(model, PORT_NAME, port->name);
    type = heal_protobuf_begin(model, PORT_TYPE);
    tensor = heal_protobuf_begin(model, TYPE_TENSOR);
    heal_protobuf_whole(model, TENSOR_ELEMENT, port->type);
    shape = heal_protobuf_begin(model, TENSOR_SHAPE);
    for (unsigned d = 0; d < port->dimensions; d++) {
        size_t dimension = heal_protobuf_begin(model, SHAPE_DIMENSION);

        if (port->dimension_name[d])
            heal_protobuf_text(model, DIMENSION_NAME, port->dimension_name[d]);
        else
            heal_protobuf_whole(model, DIMENSION_SIZE, port->dimension[d]);
        heal_protobuf_end(model, dimension);
    }
    heal_protobuf_end(model, shape);
    heal_protobuf_end(model, tensor);
    heal_protobuf_end(model, type);
    heal_protobuf_end(model, value);
}

int heal_onnx_finish(const struct heal_onnx *graph, const struct heal_onnx_port *input, unsigned inputs,
                     const struct heal_onnx_port *output, unsigned outputs, const struct heal_onnx_text *text,
                     unsigned texts, uint8_t **ret_bytes, size_t *ret_length) {
    struct heal_protobuf model = {0};
    size_t message;

    heal_protobuf_whole(&model, MODEL_IR_VERSION, IR_VERSION);
    heal_protobuf_text(&model, MODEL_PRODUCER, "heald");
    message = heal_protobuf_begin(&model, MODEL_GRAPH);
    heal_protobuf_text(&model, GRAPH_NAME, "heald");
    heal_protobuf_append(&model, &graph->nodes);
    heal_protobuf_append(&model, &graph->initializers);
    for (unsigned i = 0; i < inputs; i++)
        add_port(&model, GRAPH_INPUT, &input[i]);
    for (unsigned i = 0; i < outputs; i++)
        add_port(&model, GRAPH_OUTPUT, &output[i]);
    heal_protobuf_end(&model, message);
    message = heal_protobuf_begin(&model, MODEL_OPSET);
    heal_protobuf_whole(&model, OPSET_VERSION, HEAL_ONNX_OPSET);
    heal_protobuf_end(&model, message);
    for (unsigned i = 0; i < texts; i++) {
        message = heal_protobuf_begin(&model, MODEL_METADATA);
        heal_protobuf_text(&model, ENTRY_KEY, text[i].name);
        heal_protobuf_text(&model, ENTRY_VALUE, text[i].value);
        heal_protobuf_end(&model, message);
    }
    if (model.failed) {
        free(model.bytes);
        return -ENOMEM;
    }
    *ret_bytes = model.bytes;
    *ret_length = model.length;
    return 0;
}
