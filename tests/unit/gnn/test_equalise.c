/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Channels made equally large: the network says the same in single precision, and more nearly so in eight
 * bits. */
#include "gnn/equalise.h"
#include "gnn/pass.h"
#include "gnn/quantise.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { INPUTS = 4, HIDDEN = 16, KINDS = 2, VERTICES = 10, SAMPLES = 30, ALL = SAMPLES * VERTICES };

static struct heal_gnn_dataset *dataset;
static struct heal_gnn_shape shape;
static struct heal_gnn_layout layout;
static struct heal_gnn_scaling scaling;
static uint32_t sample[SAMPLES];
static const struct heal_gnn_choice all = {.sample = sample, .count = SAMPLES};
static float weights[4096];

static void add_sample(struct heal_random *random, uint32_t index) {
    struct heal_gnn_edge edge[VERTICES];
    float feature[VERTICES * INPUTS];
    static const uint8_t label[VERTICES];

    for (uint32_t v = 0; v < VERTICES; v++)
        edge[v] = (struct heal_gnn_edge){v, (v + 1) % VERTICES};
    for (size_t i = 0; i < (size_t)VERTICES * INPUTS; i++)
        feature[i] = (float)heal_random_normal(random);
    const struct heal_gnn_snapshot snapshot = {
        .vertices = VERTICES, .edges = VERTICES, .feature = feature, .label = label, .edge = edge};
    sample[index] = index;
    assert_int_equal(heal_gnn_dataset_add(dataset, &snapshot, NULL), 0);
}

/* Channels of the first state differ in size by up to 2^11, and what they lead to has that taken back. */
static void make_uneven(void) {
    for (unsigned c = 0; c < HIDDEN; c++) {
        float factor = ldexpf(1, (int)c % 12 - 10);

        for (unsigned i = 0; i < INPUTS; i++)
            weights[layout.layer[0].self + i * HIDDEN + c] *= factor;
        weights[layout.layer[0].bias + c] *= factor;
        for (unsigned t = 0; t < shape.layer[0].terms; t++)
            for (unsigned i = 0; i < INPUTS; i++)
                weights[layout.layer[0].term[t] + i * HIDDEN + c] *= factor;
        for (unsigned o = 0; o < HIDDEN; o++) {
            weights[layout.layer[1].self + c * HIDDEN + o] /= factor;
            weights[layout.layer[1].term[c / (HIDDEN / 2)] + c % (HIDDEN / 2) * HIDDEN + o] /= factor;
        }
    }
}

static int set_up(void **state) {
    struct heal_random random;

    (void)state;
    heal_random_init(&random, 3);
    dataset = heal_gnn_dataset_new(NULL, INPUTS);
    for (uint32_t i = 0; i < SAMPLES; i++)
        add_sample(&random, i);
    heal_gnn_scaling_fit(dataset, sample, SAMPLES, &scaling);
    heal_gnn_shape_default(INPUTS, HIDDEN, KINDS, &shape);
    heal_gnn_layout_make(&shape, &layout);
    for (uint32_t w = 0; w < layout.weights; w++)
        weights[w] = (float)(heal_random_uniform(&random) - 0.5);
    make_uneven();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    dataset = heal_gnn_dataset_free(dataset);
    return 0;
}

static void predict(float *sick, float *kind) {
    assert_int_equal(heal_gnn_predict_kinds(dataset, &all, &shape, &scaling, weights, sick, kind), 0);
}

/* By the network in integers. @return the root of the mean square that it is off by. */
static double off_by(const float *wanted) {
    static struct heal_gnn_integer network;
    struct heal_gnn_ranges ranges;
    double sum = 0;

    assert_int_equal(heal_gnn_ranges_measure(dataset, &all, &shape, &scaling, weights, 1, &ranges), 0);
    assert_int_equal(heal_gnn_quantise(&shape, weights, &ranges, &network, NULL), 0);
    for (size_t i = 0; i < SAMPLES; i++) {
        struct heal_gnn_sample is = heal_gnn_dataset_sample(dataset, i);
        int8_t input[VERTICES * INPUTS], state[VERTICES * HIDDEN];
        int32_t logit[VERTICES];
        float scaled[INPUTS];

        for (size_t v = 0; v < VERTICES; v++) {
            heal_gnn_scaling_apply(&scaling, is.feature + v * INPUTS, scaled);
            heal_gnn_integer_input(&network, scaled, input + v * INPUTS);
        }
        heal_gnn_integer_run(&network, &is.graph, input, state, logit);
        for (size_t v = 0; v < VERTICES; v++)
            sum += pow((double)logit[v] / HEAL_GNN_LOGIT_ONE - (double)wanted[i * VERTICES + v], 2);
    }
    return sqrt(sum / ALL);
}

static void says_the_same_and_keeps_more_of_it(void **state) {
    float sick[ALL], kind[ALL * KINDS], again[ALL], kind_again[ALL * KINDS];

    (void)state;
    predict(sick, kind);
    double uneven = off_by(sick);
    assert_int_equal(heal_gnn_equalise(dataset, &all, &shape, &scaling, weights), 0);
    predict(again, kind_again);
    for (size_t i = 0; i < ALL; i++)
        assert_true(fabsf(again[i] - sick[i]) < 1e-4F);
    for (size_t i = 0; i < (size_t)ALL * KINDS; i++)
        assert_true(fabsf(kind_again[i] - kind[i]) < 1e-4F);
    double even = off_by(sick);
    print_message("    off by %.4f, before by %.4f\n", even, uneven);
    assert_true(even < uneven / 3);
}

/* After it, every channel that says anything gets to 1. */
static void channels_are_equally_large(void **state) {
    struct heal_gnn_pass *pass = heal_gnn_pass_new(&shape, VERTICES);
    float most[HIDDEN] = {0};
    struct heal_gnn_batch batch;

    (void)state;
    assert_non_null(pass);
    assert_int_equal(heal_gnn_equalise(dataset, &all, &shape, &scaling, weights), 0);
    assert_int_equal(heal_gnn_batch_init(&batch, dataset, &scaling, 1), 0);
    for (uint32_t i = 0; i < SAMPLES; i++) {
        heal_gnn_batch_fill(&batch, &i, 1, NULL, NULL);
        heal_gnn_pass_forward(pass, &batch.graph, batch.input, weights, NULL);
        struct heal_gnn_plane h1 = heal_gnn_pass_values(pass).h1;
        for (size_t v = 0; v < VERTICES; v++)
            for (size_t c = 0; c < HIDDEN; c++)
                most[c] = fmaxf(most[c], h1.value[v * h1.stride + c]);
    }
    for (size_t c = 0; c < HIDDEN; c++)
        assert_true(most[c] == 0 || fabsf(most[c] - 1) < 1e-4F);
    heal_gnn_batch_deinit(&batch);
    heal_gnn_pass_free(pass);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(says_the_same_and_keeps_more_of_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(channels_are_equally_large, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
