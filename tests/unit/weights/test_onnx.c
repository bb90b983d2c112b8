/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* ONNX files, read by a reader of their own: the graph holds together, its numbers are the network's, and in
 * integers every product is one of eight bits by eight. What such a file answers, tests/peers asks ONNX
 * Runtime. */
#include "weights/onnx.h"

#include "base/cleanup.h"
#include "random_model.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { KINDS = 3, NAME_MAX_ = 64, VALUES_MAX = 400, INPUTS_MAX = 8 };
enum { FLOAT = 1, INT8 = 3, INT64 = 7, BOOL = 9, DOUBLE = 11 };

/* ---- protocol buffers ---- */

struct slice {
    const uint8_t *at, *end;
};

/* A field: its number, and a whole number or bytes. */
struct field {
    unsigned number;
    uint64_t whole;
    struct slice bytes;
};

static uint64_t take_varint(struct slice *from) {
    uint64_t value = 0;

    for (unsigned shift = 0;; shift += 7) {
        assert_true(from->at < from->end && shift < 64);
        value |= (uint64_t)(*from->at & 0x7f) << shift;
        if (!(*from->at++ & 0x80))
            return value;
    }
}

static bool take_field(struct slice *from, struct field *ret_field) {
    if (from->at == from->end)
        return false;
    uint64_t key = take_varint(from);
    *ret_field = (struct field){.number = (unsigned)(key >> 3)};
    if ((key & 7) == 0) {
        ret_field->whole = take_varint(from);
        return true;
    }
    assert_int_equal(key & 7, 2); /* no other wire type is in our files */
    uint64_t length = take_varint(from);
    assert_true(length <= (uint64_t)(from->end - from->at));
    ret_field->bytes = (struct slice){from->at, from->at + length};
    from->at += length;
    return true;
}

static void text_of(struct slice bytes, char text[static NAME_MAX_]) {
    size_t length = (size_t)(bytes.end - bytes.at);

    assert_in_range(length, 1, NAME_MAX_ - 1);
    snprintf(text, NAME_MAX_, "%.*s", (int)length, (const char *)bytes.at);
}

/* ---- a model ---- */

/* Whatever has a name: an initializer, an input, or what a node makes. */
struct value {
    char name[NAME_MAX_], made_by[NAME_MAX_];
    unsigned type;
    size_t count; /* of an initializer's numbers */
    struct slice raw;
};

struct graph {
    struct value value[VALUES_MAX];
    unsigned values;
    struct slice node[VALUES_MAX];
    unsigned nodes;
    char output[4][NAME_MAX_];
    unsigned outputs, ir, opset;
    char threshold[NAME_MAX_];
};

static struct value *find(struct graph *graph, const char *name) {
    for (unsigned i = 0; i < graph->values; i++)
        if (strcmp(graph->value[i].name, name) == 0)
            return &graph->value[i];
    return NULL;
}

static struct value *add(struct graph *graph, const char *name, const char *made_by) {
    assert_null(find(graph, name)); /* each is made once */
    assert_true(graph->values < VALUES_MAX);
    struct value *value = &graph->value[graph->values++];
    *value = (struct value){.count = 0};
    snprintf(value->name, sizeof value->name, "%s", name);
    snprintf(value->made_by, sizeof value->made_by, "%s", made_by);
    return value;
}

static size_t bytes_of(unsigned type) {
    return type == FLOAT ? 4 : type == INT8 || type == BOOL ? 1 : 8;
}

static void read_initializer(struct graph *graph, struct slice bytes) {
    struct value read = {.count = 1};
    struct field field;

    while (take_field(&bytes, &field)) {
        if (field.number == 1)
            read.count *= field.whole;
        else if (field.number == 2)
            read.type = (unsigned)field.whole;
        else if (field.number == 8)
            text_of(field.bytes, read.name);
        else if (field.number == 9)
            read.raw = field.bytes;
    }
    struct value *value = add(graph, read.name, "");
    value->type = read.type;
    value->count = read.count;
    value->raw = read.raw;
    assert_true(read.type == FLOAT || read.type == INT8 || read.type == INT64 || read.type == BOOL ||
                read.type == DOUBLE);
    assert_int_equal(read.raw.end - read.raw.at, read.count * bytes_of(read.type));
}

static void name_of(struct slice bytes, char name[static NAME_MAX_]) {
    struct field field;

    name[0] = '\0';
    while (take_field(&bytes, &field))
        if (field.number == 1)
            text_of(field.bytes, name);
}

static void read_graph(struct graph *graph, struct slice bytes) {
    struct field field;

    while (take_field(&bytes, &field)) {
        char name[NAME_MAX_];

        if (field.number == 1)
            graph->node[graph->nodes++] = field.bytes;
        else if (field.number == 5)
            read_initializer(graph, field.bytes);
        else if (field.number == 11) {
            name_of(field.bytes, name);
            add(graph, name, "");
        } else if (field.number == 12)
            name_of(field.bytes, graph->output[graph->outputs++]);
        assert_true(graph->nodes < VALUES_MAX && graph->outputs < 4);
    }
}

static void read_metadata(struct graph *graph, struct slice bytes) {
    char key[NAME_MAX_] = "";
    struct field field;

    while (take_field(&bytes, &field)) {
        if (field.number == 1)
            text_of(field.bytes, key);
        else if (field.number == 2 && strcmp(key, "threshold") == 0)
            text_of(field.bytes, graph->threshold);
    }
}

static void read_model(struct graph *graph, struct slice bytes) {
    struct field field, inner;

    *graph = (struct graph){.values = 0};
    while (take_field(&bytes, &field)) {
        if (field.number == 1)
            graph->ir = (unsigned)field.whole;
        else if (field.number == 7)
            read_graph(graph, field.bytes);
        else if (field.number == 8 && take_field(&field.bytes, &inner))
            graph->opset = (unsigned)inner.whole;
        else if (field.number == 14)
            read_metadata(graph, field.bytes);
    }
}

/* ---- what must hold in every model ---- */

struct node {
    char operator_[NAME_MAX_], input[INPUTS_MAX][NAME_MAX_], output[NAME_MAX_];
    unsigned inputs;
};

static void read_node(struct slice bytes, struct node *ret_node) {
    struct field field;

    *ret_node = (struct node){.inputs = 0};
    while (take_field(&bytes, &field)) {
        assert_true(ret_node->inputs < INPUTS_MAX);
        if (field.number == 1)
            text_of(field.bytes, ret_node->input[ret_node->inputs++]);
        else if (field.number == 2)
            text_of(field.bytes, ret_node->output);
        else if (field.number == 4)
            text_of(field.bytes, ret_node->operator_);
    }
}

/* Every operator takes what is there already: initializers, inputs, and what others have made before it.
 * @return how many operators are called @p counted */
static unsigned check_graph(struct graph *graph, const char *counted) {
    unsigned count = 0;

    for (unsigned i = 0; i < graph->nodes; i++) {
        struct node node;

        read_node(graph->node[i], &node);
        for (unsigned k = 0; k < node.inputs; k++)
            if (!find(graph, node.input[k]))
                fail_msg("%s takes %s, which is not there", node.operator_, node.input[k]);
        add(graph, node.output, node.operator_);
        count += strcmp(node.operator_, counted) == 0;
    }
    for (unsigned i = 0; i < graph->outputs; i++)
        assert_non_null(find(graph, graph->output[i]));
    assert_int_equal(graph->ir, 8);
    assert_int_equal(graph->opset, 18);
    assert_string_equal(graph->threshold, "0.125");
    return count;
}

/* ONNX Runtime rounds what is no product of eight bits by eight as it likes. */
static void check_products(struct graph *graph) {
    for (unsigned i = 0; i < graph->nodes; i++) {
        struct node node;

        read_node(graph->node[i], &node);
        for (unsigned k = 0; strcmp(node.operator_, "MatMul") == 0 && k < node.inputs; k++)
            assert_string_equal(find(graph, node.input[k])->made_by, "DequantizeLinear");
    }
}

static struct graph graph;

/* @return the bytes that @ref graph looks into, for free() */
static uint8_t *encode(const struct heal_weights *weights) {
    uint8_t *bytes;
    size_t length;

    assert_int_equal(heal_onnx_encode(weights, &bytes, &length, NULL), 0);
    read_model(&graph, (struct slice){bytes, bytes + length});
    return bytes;
}

/* ---- tests ---- */

static struct heal_weights number, integer, plain;

static int make_models(void **state) {
    struct heal_gnn_shape shape;

    (void)state;
    heal_gnn_shape_default(8, 16, KINDS, &shape);
    if (random_model_make(&shape, 7, &number) < 0 || heal_weights_quantise(&number, &integer, NULL) < 0)
        return -1;
    heal_gnn_shape_default(2, 4, 0, &shape);
    shape.layer[0].terms = 0;
    shape.layer[1] = (struct heal_gnn_layer){.terms = 1, .term = {{HEAL_GNN_LEAST, 1, 2}}};
    return random_model_make(&shape, 8, &plain);
}

static int free_models(void **state) {
    (void)state;
    heal_weights_deinit(&number);
    heal_weights_deinit(&integer);
    heal_weights_deinit(&plain);
    return 0;
}

static float float_at(const struct value *value, size_t index) {
    const uint8_t *raw = value->raw.at + 4 * index;
    uint32_t bits = raw[0] | (uint32_t)raw[1] << 8 | (uint32_t)raw[2] << 16 | (uint32_t)raw[3] << 24;
    float number_;

    memcpy(&number_, &bits, sizeof number_);
    return number_;
}

static void in_single_precision_it_has_the_networks_numbers(void **state) {
    uint8_t *bytes = encode(&number);
    struct heal_gnn_layout layout;

    (void)state;
    heal_gnn_layout_make(&number.card.shape, &layout);
    assert_int_equal(check_graph(&graph, "MatMul"), 7);
    assert_int_equal(graph.outputs, 3);
    assert_string_equal(graph.output[2], "class");
    const struct value *weight = find(&graph, "layer2.weight"), *bias = find(&graph, "head.kind.bias");
    assert_int_equal(weight->count, (16 + 8 + 8) * 16);
    for (size_t i = 0; i < 16 * 16; i++) /* its own, then what it takes of the neighbours */
        assert_true(float_at(weight, i) == number.number[layout.layer[1].self + i]);
    for (size_t i = 0; i < 8 * 16; i++)
        assert_true(float_at(weight, 24 * 16 + i) == number.number[layout.layer[1].term[1] + i]);
    for (size_t i = 0; i < KINDS; i++)
        assert_true(float_at(bias, i) == number.number[layout.kind_bias + i]);
    assert_true(float_at(find(&graph, "head.normal"), 0) == number.number[layout.normal]);
    free(bytes);
}

static void in_integers_it_has_the_nodes_eight_bits(void **state) {
    uint8_t *bytes = encode(&integer);
    const struct heal_gnn_integer *network = integer.integer;

    (void)state;
    assert_int_equal(check_graph(&graph, "MatMul"), 7);
    check_products(&graph);
    const struct value *weight = find(&graph, "layer1.weight"), *kind = find(&graph, "head.kind.weight");
    assert_int_equal(weight->type, INT8);
    assert_int_equal(weight->count, 8 * 4 * 16);
    for (unsigned i = 0; i < 8 * 4; i++)
        for (unsigned o = 0; o < 16; o++)
            assert_int_equal((int8_t)weight->raw.at[i * 16 + o],
                             network->weight[heal_gnn_dense_at(&network->layer[0], i, o)]);
    for (unsigned o = 0; o < KINDS; o++)
        assert_int_equal((int8_t)kind->raw.at[7 * KINDS + o],
                         network->weight[network->kind.weight + o * network->kind.inputs + 7]);
    free(bytes);
}

static void a_network_may_have_no_kinds_and_take_little(void **state) {
    uint8_t *bytes = encode(&plain);

    (void)state;
    assert_int_equal(check_graph(&graph, "Concat"), 3); /* two shapes, and one term beside the own values */
    assert_int_equal(graph.outputs, 1);
    assert_string_equal(graph.output[0], "sick");
    free(bytes);
}

static void what_is_no_model_is_not_written(void **state) {
    struct heal_weights broken = number;
    struct heal_error error;
    uint8_t *bytes;
    size_t length;

    (void)state;
    broken.card.scaling.most = 0;
    assert_int_equal(heal_onnx_encode(&broken, &bytes, &length, &error), -EINVAL);
    assert_string_equal(error.what, "clip is no number above 0");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_single_precision_it_has_the_networks_numbers),
        cmocka_unit_test(in_integers_it_has_the_nodes_eight_bits),
        cmocka_unit_test(a_network_may_have_no_kinds_and_take_little),
        cmocka_unit_test(what_is_no_model_is_not_written),
    };

    return cmocka_run_group_tests(tests, make_models, free_models);
}
