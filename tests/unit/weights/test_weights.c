/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Whole models: what is written is read back and judges the same to the bit; what is wrong is refused with
 * the tensor or text and its byte. */
#include "random_model.h"

#include "base/cleanup.h"
#include "weights/safetensors.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LENGTH_BYTES = 8, VERTICES = 200, DEGREE = 6, KINDS = 3 };

static struct heal_weights number, integer; /* the same network */
static uint8_t *number_bytes, *integer_bytes;
static size_t number_length, integer_length;

static int make_models(void **state) {
    struct heal_gnn_shape shape;

    (void)state;
    heal_gnn_shape_default(8, 64, KINDS, &shape);
    if (random_model_make(&shape, 7, &number) < 0 || heal_weights_quantise(&number, &integer, NULL) < 0)
        return -1;
    heal_card_set_figure(&number.card, "f1", 0.9738F);
    return heal_weights_encode(&number, &number_bytes, &number_length, NULL) < 0 ||
                   heal_weights_encode(&integer, &integer_bytes, &integer_length, NULL) < 0
               ? -1
               : 0;
}

static int free_models(void **state) {
    (void)state;
    heal_weights_deinit(&number);
    heal_weights_deinit(&integer);
    free(number_bytes);
    free(integer_bytes);
    return 0;
}

static void a_float_model_is_read_back(void **state) {
    struct heal_gnn_layout layout;
    struct heal_weights read;
    uint8_t *again;
    size_t length;

    (void)state;
    heal_gnn_layout_make(&number.card.shape, &layout);
    assert_int_equal(heal_weights_decode(number_bytes, number_length, &read, NULL), 0);
    assert_memory_equal(&read.card, &number.card, sizeof read.card);
    assert_memory_equal(read.number, number.number, layout.weights * sizeof *read.number);
    assert_int_equal(heal_weights_encode(&read, &again, &length, NULL), 0);
    assert_int_equal(length, number_length);
    assert_memory_equal(again, number_bytes, length);
    heal_weights_deinit(&read);
    free(again);
}

static void a_model_in_integers_is_read_back_and_judges_the_same(void **state) {
    static int32_t sick[VERTICES], kind[VERTICES * KINDS], sick_again[VERTICES], kind_again[VERTICES * KINDS];
    struct heal_random random;
    struct random_graph graph;
    struct heal_weights read;
    uint8_t *again;
    size_t length;

    (void)state;
    heal_random_init(&random, 11);
    assert_int_equal(heal_weights_decode(integer_bytes, integer_length, &read, NULL), 0);
    assert_memory_equal(&read.card, &integer.card, sizeof read.card);
    assert_int_equal(random_graph_make(&random, VERTICES, DEGREE, 8, &graph), 0);
    assert_int_equal(random_model_run_integer(&integer, &graph, sick, kind), 0);
    assert_int_equal(random_model_run_integer(&read, &graph, sick_again, kind_again), 0);
    assert_memory_equal(sick, sick_again, sizeof sick);
    assert_memory_equal(kind, kind_again, sizeof kind);
    assert_int_equal(heal_weights_encode(&read, &again, &length, NULL), 0);
    assert_int_equal(length, integer_length);
    assert_memory_equal(again, integer_bytes, length);
    heal_weights_deinit(&read);
    random_graph_deinit(&graph);
    free(again);
}

/* What a node carries: M64 of eight features, with a dozen kinds and all figures a trainer writes. */
static void a_model_in_integers_has_20_kilobytes(void **state) {
    struct heal_gnn_shape shape;
    struct heal_weights from, into;
    uint8_t *bytes;
    size_t length;

    (void)state;
    heal_gnn_shape_default(8, 64, 12, &shape);
    assert_int_equal(random_model_make(&shape, 7, &from), 0);
    memset(from.card.data, 'a', sizeof from.card.data - 1);
    memset(from.card.made, 'm', 160);
    memset(from.card.recipe, 'r', 160);
    for (unsigned i = 0; i < 20; i++) {
        char name[HEAL_GNN_NAME_MAX];

        snprintf(name, sizeof name, "recall.kind%u", i);
        heal_card_set_figure(&from.card, name, 0.98765432F);
    }
    assert_int_equal(heal_weights_quantise(&from, &into, NULL), 0);
    assert_int_equal(heal_weights_encode(&into, &bytes, &length, NULL), 0);
    print_message("    %zu bytes\n", length);
    assert_true(length <= 20 * 1024);
    heal_weights_deinit(&from);
    heal_weights_deinit(&into);
    free(bytes);
}

/* A factor without what lies between its members. */
static struct heal_gnn_factor settled(struct heal_gnn_factor factor) {
    struct heal_gnn_factor clean;

    memset(&clean, 0, sizeof clean);
    clean.m = factor.m;
    clean.shift = factor.shift;
    return clean;
}

static void settle(struct heal_gnn_integer *network) {
    for (unsigned l = 0; l < HEAL_GNN_LOGITS_MAX; l++) {
        struct heal_gnn_factor clean = settled(network->logit[l]);
        memcpy(&network->logit[l], &clean, sizeof clean);
    }
    for (unsigned layer = 0; layer < HEAL_GNN_LAYERS; layer++) {
        for (unsigned t = 0; t < HEAL_GNN_TERMS_MAX; t++) {
            struct heal_gnn_factor clean = settled(network->mean[layer][t]);
            memcpy(&network->mean[layer][t], &clean, sizeof clean);
        }
    }
}

static void a_node_gets_the_same_from_the_file(void **state) {
    static struct heal_gnn_model model, again;
    struct heal_weights read;

    (void)state;
    assert_int_equal(heal_weights_decode(integer_bytes, integer_length, &read, NULL), 0);
    assert_int_equal(heal_weights_model(&integer, 5, &model, NULL), 0);
    assert_int_equal(heal_weights_model(&read, 5, &again, NULL), 0);
    settle(&model.network);
    settle(&again.network);
    assert_memory_equal(&again, &model, sizeof model);
    heal_weights_deinit(&read);
}

static void a_node_gets_what_the_card_says(void **state) {
    static struct heal_gnn_model model;
    static const char *const names[] = {"feature1", "feature2", "feature3", "feature4",
                                        "feature5", "feature6", "feature7", "other"};
    struct heal_error error;

    (void)state;
    assert_int_equal(heal_weights_model(&integer, 5, &model, NULL), 0);
    assert_int_equal(model.id, 5);
    assert_int_equal(model.threshold, HEAL_GNN_LOGIT_ONE / 8);
    assert_string_equal(model.kind[2], "kind3");
    assert_memory_equal(&model.scaling, &integer.card.scaling, sizeof model.scaling);
    assert_memory_equal(&model.trained_on, &integer.card.trained_on, sizeof model.trained_on);
    assert_int_equal(heal_weights_model(&number, 5, &model, &error), -EINVAL);
    assert_non_null(strstr(error.what, "quantise it first"));
    assert_int_equal(heal_card_check_features(&integer.card, names, 8, &error), -EINVAL);
    assert_string_equal(error.what, "feature 8 of the model is feature8: here it is other");
    assert_int_equal(heal_card_check_features(&integer.card, names, 7, &error), -EINVAL);
    assert_string_equal(error.what, "the model takes 8 features: here are 7");
}

/* ---- what is wrong ---- */

/* A model with one text of its header put in another's place. */
static uint8_t *edited(const uint8_t *bytes, size_t length, const char *from, const char *into,
                       size_t *ret_length) {
    const uint8_t *found = memmem(bytes, length, from, strlen(from));
    size_t header = bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16;

    assert_non_null(found); /* the header has it */
    size_t before = (size_t)(found - bytes), after = length - before - strlen(from);
    uint8_t *edit = malloc(before + strlen(into) + after);
    assert_non_null(edit);
    memcpy(edit, bytes, before);
    memcpy(edit + before, into, strlen(into));
    memcpy(edit + before + strlen(into), found + strlen(from), after);
    header = header - strlen(from) + strlen(into);
    for (unsigned i = 0; i < 4; i++)
        edit[i] = (uint8_t)(header >> 8 * i);
    *ret_length = before + strlen(into) + after;
    return edit;
}

static const struct {
    bool in_integers;
    const char *from, *into, *words;
} bad[] = {
    {false, "\"heald.model\"",                                        "\"heald.other\"",                             "format: 'heald.other' is no model of heald"                   },
    {false, "\"version\":\"1\"",                                      "\"version\":\"2\"",                           "version: version '2' is not known here: 1 is"                 },
    {false, "\"version\":\"1\",",                                     "",                                            "__metadata__ does not say version"                            },
    {false, "\"network\":\"float\"",                                  "\"network\":\"double\"",
     "network: 'double' is no network that is known"                                                                                                                                },
    {false, "\"network\":\"float\"",                                  "\"network\":\"int8\"",                        "there is no tensor layer1.weight"                             },
    {true,  "\"network\":\"int8\"",                                   "\"network\":\"float\"",                       "tensor layer1"                                                },
    {false, "\"inputs\":\"8\"",                                       "\"inputs\":\"9\"",                            "features: 8 features, and 9 inputs"                           },
    {false, "\"inputs\":\"8\"",                                       "\"inputs\":\"7\"",                            "features: more features than inputs: there are 7"             },
    {false, "\"inputs\":\"8\"",                                       "\"inputs\":\"-8\"",                           "inputs: '-8' is no whole number up to 64"                     },
    {false, "\"inputs\":\"8\"",                                       "\"inputs\":\"99999999999999999999\"",
     "inputs: '99999999999999999999' is no whole"                                                                                                                                   },
    {false, "\"inputs\":\"8\"",                                       "\"inputs\":\"0\"",                            "features: more features than inputs: there are 0"             },
    {false, "\"hidden\":\"64\"",                                      "\"hidden\":\"63\"",                           "__metadata__: a hidden width of 63"                           },
    {false, "\"hidden\":\"64\"",                                      "\"hidden\":\"66\"",
     "tensor layer1.self.weight has the shape [8,64]: it must be [8,66]"                                                                                                            },
    {false, "mean:0+8",                                               "mode:0+8",                                    "layer1: 'mode:0+8' is no term"                                },
    {false, "mean:0+8",                                               "mean:1+8",                                    "__metadata__: term 1 of layer 1 takes channels 2 to 9"        },
    {false, "mean:0+8",                                               "mean:0+0",                                    "__metadata__: term 1 of layer 1"                              },
    {false, "mean:0+8",                                               "mean:8",                                      "layer1: 'mean:8' is no term"                                  },
    {false, "mean:0+8,",                                              "mean:0+8,min:0+1,min:0+1,",                   "layer1: more than 4 terms"                                    },
    {false, "mean:0+32,",                                             "",                                            "ranges.layer2: more than 1 numbers"                           },
    {false, "kind1,kind2",                                            "kind1,kind1",                                 "__metadata__: there are two kinds kind1"                      },
    {false, "kind1,kind2",                                            "kind1,,kind2",                                "__metadata__: kind 2 has no name"                             },
    {false, "kind1,kind2,kind3",                                      "kind1,kind2",                                 "tensor head.kind.weight has the shape [32,3]"                 },
    {false, "\"feature1,",                                            "\"feature3,",                                 "__metadata__: there are two features feature3"                },
    {false, "\"feature1,",                                            "\"feature1:sqrt,",                            "features: 'feature1:sqrt' is no feature"                      },
    {false, "\"feature1,",                                            "\"f ture1,",                                  "__metadata__: feature 1 has no name"                          },
    {false, "\"feature1,",                                            "\"0123456789012345678901234567890123456789,", "features: '0123456789"                                        },
    {false, "\"clip\":\"6\"",                                         "\"clip\":\"0\"",                              "__metadata__: clip is no number above 0"                      },
    {false, "\"clip\":\"6\"",                                         "\"clip\":\"1e99\"",                           "clip: '1e99' is no number"                                    },
    {false, "\"clip\":\"6\"",                                         "\"clip\":\"nan\"",                            "clip: 'nan' is no number"                                     },
    {false, "\"mean\":\"",                                            "\"mean\":\"1,",                               "mean: more than 8 numbers"                                    },
    {false, "\"deviation\":\"",                                       "\"deviation\":\"x",                           "deviation: 'x"                                                },
    {false, "\"deviation\":\"",                                       "\"deviation\":\"-",                           "__metadata__: the deviation of feature1 is no number"         },
    {false, "\"threshold\":\"0.125\"",                                "\"threshold\":\"inf\"",                       "threshold: 'inf' is no number"                                },
    {false, "\"ranges\":\"6,",                                        "\"ranges\":\"-6,",                            "__metadata__: a range is no number of 0 or more"              },
    {false, "\"ranges\":\"6,",                                        "\"ranges\":\"6,6,",                           "ranges: more than 6 numbers"                                  },
    {false, "\"ranges.layer1\":",                                     "\"figure.x\":",                               "figure.x: '"                                                  },
    {false, "\"quantiles\":{\"dtype\":\"F32\",\"shape\":[8,11]",
     "\"quantiles\":{\"dtype\":\"F32\",\"shape\":[11,8]",                                                            "tensor quantiles has the shape [11,8]: it must be [8,11]"     },
    {false, "\"seed\":\"7\"",                                         "\"seed\":\"7x\"",                             "seed: '7x' is no whole number"                                },
    {false, "\"seed\":\"7\"",                                         "\"seed\":\"7\",\"data\":\"abc\"",             "data: 'abc' is no SHA-256"                                    },
    {false, "\"seed\":\"7\"",                                         "\"seed\":\"7\",\"extra\":\"1\"",              "nobody here knows what extra is"                              },
    {false, "\"seed\":\"7\"",                                         "\"seed\":\"7\",\"figure.\":\"1\"",            "figure.: no name for a figure"                                },
    {false, "\"figure.f1\":\"0.9738\"",                               "\"figure.f1\":\"much\"",                      "figure.f1: 'much' is no number"                               },
    {false, "layer1.self.bias",                                       "layer1.self.bios",                            "there is no tensor layer1.self.bias"                          },
    {false, "\"layer1.self.bias\":{\"dtype\":\"F32\"",                "\"layer1.self.bias\":{\"dtype\":\"U32\"",
     "tensor layer1.self.bias has numbers of another type"                                                                                                                          },
    {false, "\"layer1.self.bias\":{\"dtype\":\"F32\",\"shape\":[64]",
     "\"layer1.self.bias\":{\"dtype\":\"F32\",\"shape\":[1,64]",                                                     "tensor layer1.self.bias has the shape [1,64]: it must be [64]"},
    {true,  "\"rest\":{",                                             "\"test\":{",                                  "there is no tensor rest"                                      },
    {true,  "gate.weight\":{\"dtype\":\"I8\"",                        "gate.weight\":{\"dtype\":\"U8\"",
     "tensor gate.weight has numbers of U8: it must be I8"                                                                                                                          },
};

static void what_is_wrong_is_said(void **state) {
    (void)state;
    for (size_t i = 0; i < HEAL_COUNT(bad); i++) {
        struct heal_error error = {0};
        struct heal_weights read;
        size_t length;
        uint8_t *bytes =
            edited(bad[i].in_integers ? integer_bytes : number_bytes,
                   bad[i].in_integers ? integer_length : number_length, bad[i].from, bad[i].into, &length);

        int r = heal_weights_decode(bytes, length, &read, &error);
        if (r != -EINVAL || !strstr(error.what, bad[i].words) || error.column < LENGTH_BYTES ||
            (size_t)error.column >= length)
            fail_msg("%s: %d, '%s' at %d, not '%s'", bad[i].into, r, error.what, error.column, bad[i].words);
        free(bytes);
    }
}

/* One number of a tensor put wrong. */
static void expect_refused(const uint8_t *bytes, size_t length, const char *tensor, size_t index,
                           const char *number_of_it, size_t size, const char *words) {
    static struct heal_safetensors file;
    struct heal_error error = {0};
    struct heal_weights read;
    uint8_t *copy = malloc(length);

    assert_non_null(copy);
    memcpy(copy, bytes, length);
    assert_int_equal(heal_safetensors_decode(copy, length, &file, NULL), 0);
    size_t place = heal_tensor_place(heal_safetensors_find(&file, tensor), index);
    memcpy(copy + place, number_of_it, size);
    assert_int_equal(heal_weights_decode(copy, length, &read, &error), -EINVAL);
    if (!strstr(error.what, words) || error.column != (int)place)
        fail_msg("%s: '%s' at %d, not '%s' at %zu", tensor, error.what, error.column, words, place);
    free(copy);
}

static void a_number_out_of_range_is_refused_where_it_is(void **state) {
    (void)state;
    expect_refused(number_bytes, number_length, "layer2.self.weight", 5, "\0\0\xc0\x7f", 4,
                   "tensor layer2.self.weight: number 5 is NaN");
    expect_refused(number_bytes, number_length, "head.sick.bias", 0, "\0\0\x80\xff", 4,
                   "tensor head.sick.bias: number 0 is infinite");
    expect_refused(number_bytes, number_length, "quantiles", 12, "\0\0\x80\xff", 4,
                   "tensor quantiles: number 12 is less than the one before, or no number");
    expect_refused(number_bytes, number_length, "quantiles", 5, "\0\0\xc0\x7f", 4,
                   "tensor quantiles: number 5 is less than the one before, or no number");
    expect_refused(integer_bytes, integer_length, "quantiles", 79, "\0\0\0\0", 4,
                   "tensor quantiles: number 79 is less than the one before, or no number");
    expect_refused(integer_bytes, integer_length, "layer1.weight", 9, "\x80", 1,
                   "tensor layer1.weight: number 9 is -128, not in -127 to 127");
    expect_refused(integer_bytes, integer_length, "layer1.bias", 3, "\0\0\0\x80", 4,
                   "tensor layer1.bias: number 3 is -2147483648");
    expect_refused(integer_bytes, integer_length, "gate.step", 0, "\xff\xff", 2,
                   "tensor gate.step: number 0 is -1, not in 0 to 32767");
    expect_refused(integer_bytes, integer_length, "gate.step", 1, "\x40\x00", 2,
                   "tensor gate.step: number 1 is 64, not in 0 to 24");
    expect_refused(integer_bytes, integer_length, "logit.factor", 1, "\0\0\0\0", 4,
                   "tensor logit.factor: number 1 is 0, not in 1 to 62");
    expect_refused(integer_bytes, integer_length, "mean.factor", 0, "\xff\xff\xff\xff", 4,
                   "tensor mean.factor: number 0 is -1");
    expect_refused(integer_bytes, integer_length, "gated.step", 1, "\x01\x00", 2,
                   "tensor gated.step: number 1 is 1, not in -8 to 0");
    expect_refused(integer_bytes, integer_length, "rest", 2, "\0", 1,
                   "tensor rest: number 2 is 0, not in 1 to 7");
    expect_refused(integer_bytes, integer_length, "input.scale", 0, "\0\0\0\0", 4,
                   "tensor input.scale is not above 0");
}

static void what_is_no_model_is_not_written(void **state) {
    struct heal_weights broken = number;
    struct heal_error error;
    uint8_t *bytes;
    size_t length;

    (void)state;
    broken.card.scaling.deviation[2] = 0;
    assert_int_equal(heal_weights_encode(&broken, &bytes, &length, &error), -EINVAL);
    assert_string_equal(error.what, "the deviation of feature3 is no number above 0");
    broken = number;
    broken.card.trained_on.edge[1][4] = broken.card.trained_on.edge[1][3] - 1;
    assert_int_equal(heal_weights_encode(&broken, &bytes, &length, &error), -EINVAL);
    assert_string_equal(error.what, "the quantiles of feature2 fall, or are no numbers");
    broken = number;
    broken.card.trained_on.known |= UINT64_C(1) << 8;
    assert_int_equal(heal_weights_encode(&broken, &bytes, &length, &error), -EINVAL);
    assert_string_equal(error.what, "quantiles of a feature that there is not");
    broken = number;
    float kept = number.number[9];
    number.number[9] = (float)NAN;
    assert_int_equal(heal_weights_encode(&broken, &bytes, &length, &error), -EINVAL);
    assert_string_equal(error.what, "weight 9 is no number");
    number.number[9] = kept;
    broken.card.measured = false;
    assert_int_equal(heal_weights_quantise(&broken, &broken, &error), -EINVAL);
    assert_non_null(strstr(error.what, "calibrate it on a data set"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_float_model_is_read_back),
        cmocka_unit_test(a_model_in_integers_is_read_back_and_judges_the_same),
        cmocka_unit_test(a_model_in_integers_has_20_kilobytes),
        cmocka_unit_test(a_node_gets_the_same_from_the_file),
        cmocka_unit_test(a_node_gets_what_the_card_says),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(a_number_out_of_range_is_refused_where_it_is),
        cmocka_unit_test(what_is_no_model_is_not_written),
    };

    return cmocka_run_group_tests(tests, make_models, free_models);
}
