/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Weights from PyTorch Geometric: matrices are turned, terms side by side are taken apart, what the file does
 * not say is filled in, and what is wrong is refused. Whether the module answers the same, tests/peers asks
 * PyTorch. */
#include "weights/torch.h"

#include "base/cleanup.h"
#include "random_model.h"
#include "weights/safetensors.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { INPUTS = 3, HIDDEN = 4, HALF = HIDDEN / 2, KINDS = 2, TENSORS = 17, WEIGHTS_MAX = 256 };

/* The state dictionary of docs/model.md's module: their shapes, and where our numbers of it lie. */
struct state {
    struct heal_tensor_draft tensor[TENSORS];
    float number[TENSORS][WEIGHTS_MAX];
    unsigned tensors;
};

static struct heal_weights number;
static struct heal_gnn_layout layout;
static struct state state_;

/* A matrix of ours, outputs first. */
static void turn(const float *ours, unsigned inputs, unsigned outputs, unsigned columns, float *theirs) {
    for (unsigned i = 0; i < inputs; i++)
        for (unsigned o = 0; o < outputs; o++)
            theirs[o * columns + i] = ours[i * outputs + o];
}

static float *add(const char *name, uint32_t rows, uint32_t columns) {
    float *numbers = state_.number[state_.tensors];

    state_.tensor[state_.tensors++] = (struct heal_tensor_draft){
        .name = name,
        .type = HEAL_TENSOR_F32,
        .dimensions = columns > 0 ? 2 : 1,
        .dimension = {rows, columns},
        .numbers = numbers
    };
    return numbers;
}

static void add_matrix(const char *name, uint32_t at, unsigned inputs, unsigned outputs) {
    turn(number.number + at, inputs, outputs, inputs, add(name, outputs, inputs));
}

static void add_vector(const char *name, uint32_t at, unsigned count) {
    memcpy(add(name, count, 0), number.number + at, count * sizeof(float));
}

static void add_layer(unsigned layer, const char *const name[static 3], unsigned inputs) {
    const struct heal_gnn_layer *terms = &number.card.shape.layer[layer];
    unsigned columns = 0, first = 0;

    add_matrix(name[0], layout.layer[layer].self, inputs, HIDDEN);
    add_vector(name[1], layout.layer[layer].bias, HIDDEN);
    for (unsigned t = 0; t < terms->terms; t++)
        columns += terms->term[t].width;
    float *theirs = add(name[2], HIDDEN, columns);
    for (unsigned t = 0; t < terms->terms; first += terms->term[t++].width)
        turn(number.number + layout.layer[layer].term[t], terms->term[t].width, HIDDEN, columns,
             theirs + first);
}

static int setup(void **state) {
    struct heal_gnn_shape shape;

    (void)state;
    heal_gnn_shape_default(INPUTS, HIDDEN, KINDS, &shape);
    if (random_model_make(&shape, 3, &number) < 0)
        return -1;
    heal_gnn_layout_make(&shape, &layout);
    add_layer(0, (const char *const[]){"conv1.lin_r.weight", "conv1.lin_l.bias", "conv1.lin_l.weight"},
              INPUTS);
    add_layer(1, (const char *const[]){"conv2.lin_r.weight", "conv2.lin_l.bias", "conv2.lin_l.weight"},
              HIDDEN);
    add_matrix("gate.0.weight", layout.gate, HIDDEN, HALF);
    add_vector("gate.0.bias", layout.gate_bias, HALF);
    add_matrix("gate.2.weight", layout.gate_out, HALF, 1);
    add_vector("gate.2.bias", layout.gate_out_bias, 1);
    add_matrix("head.0.weight", layout.head, HIDDEN, HALF);
    add_vector("head.0.bias", layout.head_bias, HALF);
    add_matrix("sick.weight", layout.sick, HALF, 1);
    add_vector("sick.bias", layout.sick_bias, 1);
    add_matrix("kind.weight", layout.kind, HALF, KINDS);
    add_vector("kind.bias", layout.kind_bias, KINDS);
    add_vector("normal", layout.normal, 1);
    return state_.tensors == TENSORS ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    heal_weights_deinit(&number);
    return 0;
}

static int decode(const struct heal_entry_draft *entry, size_t entries, size_t tensors,
                  struct heal_weights *ret_weights, struct heal_error *error) {
    uint8_t *bytes;
    size_t length;

    assert_int_equal(heal_safetensors_encode(entry, entries, state_.tensor, tensors, &bytes, &length), 0);
    int r = heal_torch_decode(bytes, length, ret_weights, error);
    free(bytes);
    return r;
}

static void all_that_the_file_says_is_taken(void **state) {
    static const struct heal_entry_draft entry[] = {
        {"format",    "pt"                      },
        {"features",  "loss,age:log1p,cpu"      },
        {"mean",      "1,2,3"                   },
        {"deviation", "4,5,6"                   },
        {"threshold", "-0.5"                    },
        {"clip",      "5"                       },
        {"kinds",     "noise,queue"             },
        {"layer1",    "mean:0+3,max:0+3,min:0+3"},
        {"figure.f1", "0.75"                    },
    };
    struct heal_weights weights;

    (void)state;
    assert_int_equal(decode(entry, HEAL_COUNT(entry), TENSORS, &weights, NULL), 0);
    assert_memory_equal(weights.number, number.number, layout.weights * sizeof *weights.number);
    assert_memory_equal(&weights.card.shape, &number.card.shape, sizeof weights.card.shape);
    assert_int_equal(weights.card.network, HEAL_CARD_FLOAT);
    assert_true(weights.card.scaling.feature[1].logarithm && !weights.card.scaling.feature[2].logarithm);
    assert_true(weights.card.scaling.mean[2] == 3 && weights.card.scaling.deviation[0] == 4);
    assert_true(weights.card.scaling.most == 5 && weights.card.threshold == -0.5F);
    assert_string_equal(weights.card.kind[1], "queue");
    assert_true(*heal_card_figure(&weights.card, "f1") == 0.75F);
    heal_weights_deinit(&weights);
}

static void what_it_does_not_say_is_as_usual(void **state) {
    static const struct heal_entry_draft entry[] = {
        {"features", "a,b,c"}
    };
    struct heal_weights weights;

    (void)state;
    assert_int_equal(decode(entry, 1, TENSORS, &weights, NULL), 0);
    assert_memory_equal(weights.number, number.number, layout.weights * sizeof *weights.number);
    assert_true(weights.card.scaling.mean[0] == 0 && weights.card.scaling.deviation[2] == 1);
    assert_true(weights.card.scaling.most == 6 && weights.card.threshold == 0);
    assert_string_equal(weights.card.kind[0], "kind1");
    assert_false(weights.card.measured);
    heal_weights_deinit(&weights);
}

static void expect_refused(const struct heal_entry_draft *entry, size_t entries, size_t tensors,
                           const char *words) {
    struct heal_weights weights;
    struct heal_error error = {0};

    int r = decode(entry, entries, tensors, &weights, &error);
    if (r != -EINVAL || !strstr(error.what, words))
        fail_msg("%d, '%s', not '%s'", r, error.what, words);
}

static void what_is_wrong_is_said(void **state) {
    static const struct heal_entry_draft features = {"features", "a,b,c"};
    const struct heal_entry_draft two[] = {
        features, {"layer2", "mean:0+4,max:0+4"}
    };
    const struct heal_entry_draft unknown[] = {
        features, {"colour", "blue"}
    };
    struct heal_tensor_draft kept = state_.tensor[0];

    (void)state;
    expect_refused(NULL, 0, TENSORS, "__metadata__ does not say features");
    expect_refused(&features, 1, TENSORS - 1, "there is no tensor normal");
    expect_refused(&features, 1, 0, "there is no tensor conv1.lin_r.weight");
    expect_refused(two, 2, TENSORS, "tensor conv2.lin_l.weight has the shape [4,4]: it must be [4,8]");
    expect_refused(unknown, 2, TENSORS, "nobody here knows what colour is");
    expect_refused(
        (const struct heal_entry_draft[]){
            {"features", "a,b"}
    },
        1, TENSORS, "2 features, and 3 inputs");
    expect_refused(
        (const struct heal_entry_draft[]){
            {"features", "a,b,b"}
    },
        1, TENSORS, "two features b");
    state_.tensor[0].dimensions = 1;
    state_.tensor[0].dimension[0] = HIDDEN * INPUTS;
    expect_refused(&features, 1, TENSORS, "has 1 dimensions: it must be a matrix");
    state_.tensor[0] = kept;
    state_.tensor[0].name = "other";
    expect_refused(&features, 1, TENSORS, "there is no tensor conv1.lin_r.weight");
    state_.tensor[0] = kept;
    float value = state_.number[4][1];
    state_.number[4][1] = NAN;
    expect_refused(&features, 1, TENSORS, "tensor conv2.lin_l.bias: number 1 is NaN");
    state_.number[4][1] = value;
    state_.tensor[0].dimension[0] = 2;
    state_.tensor[0].dimension[1] = HEAL_GNN_INPUTS_MAX + 1;
    expect_refused(&features, 1, TENSORS, "65 inputs, 2 hidden, 2 kinds: at most 64, 256 and 32");
    state_.tensor[0] = kept;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_the_file_says_is_taken),
        cmocka_unit_test(what_it_does_not_say_is_as_usual),
        cmocka_unit_test(what_is_wrong_is_said),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
