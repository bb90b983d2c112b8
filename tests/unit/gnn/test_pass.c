/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Forward and back: against a small network worked out by hand, and every derivative against differences. */
#include "base/random.h"
#include "gnn/pass.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { VERTICES = 9, INPUTS = 5, HIDDEN = 12, KINDS = 3 };

static const struct heal_gnn_edge edges[] = {
    {0, 1},
    {1, 2},
    {2, 3},
    {3, 0},
    {4, 0},
    {5, 1},
    {6, 2},
    {7, 3},
    {1, 3},
    {4, 5}
}; /* 8 is alone */
enum { EDGES = sizeof edges / sizeof edges[0] };

struct fixture {
    struct heal_gnn_shape shape;
    struct heal_gnn_layout layout;
    struct heal_gnn_graph graph;
    uint32_t first[VERTICES + 1], neighbour[2 * EDGES], spare[2 * EDGES + VERTICES];
    float input[VERTICES * INPUTS], weights[4096], gradient[4096];
    struct heal_gnn_pass *pass;
};

static struct fixture f;

static int set_up(void **state) {
    struct heal_random random;

    (void)state;
    memset(&f, 0, sizeof f);
    heal_random_init(&random, 7);
    heal_gnn_shape_default(INPUTS, HIDDEN, KINDS, &f.shape);
    if (heal_gnn_shape_check(&f.shape, NULL) < 0)
        return -1;
    heal_gnn_layout_make(&f.shape, &f.layout);
    for (size_t i = 0; i < VERTICES * INPUTS; i++)
        f.input[i] = (float)heal_random_normal(&random);
    for (size_t i = 0; i < f.layout.weights; i++)
        f.weights[i] = 0.4F * (float)heal_random_normal(&random);
    f.pass = heal_gnn_pass_new(&f.shape, VERTICES);
    return f.pass
               ? heal_gnn_graph_build(VERTICES, edges, EDGES, f.first, f.neighbour, f.spare, &f.graph, NULL)
               : -1;
}

static int tear_down(void **state) {
    (void)state;
    f.pass = heal_gnn_pass_free(f.pass);
    return 0;
}

/* An error made of all logits, each with a factor of its own; what is left out is the same each time. */
static double error_of(const struct heal_gnn_dropout *dropout, float *sick, float *kind) {
    struct heal_gnn_dropout again = dropout ? *dropout : (struct heal_gnn_dropout){0};
    double sum = 0;

    heal_gnn_pass_forward(f.pass, &f.graph, f.input, f.weights, dropout ? &again : NULL);
    for (int v = 0; v < VERTICES; v++) {
        sick[v] = 0.3F * (float)(v % 4) - 0.4F;
        sum += (double)sick[v] * (double)heal_gnn_pass_sick(f.pass)[v];
        for (int k = 0; k < KINDS; k++) {
            kind[v * KINDS + k] = 0.1F * (float)(v + 2 * k) - 0.5F;
            sum += (double)kind[v * KINDS + k] * (double)heal_gnn_pass_kind(f.pass)[v * KINDS + k];
        }
    }
    return sum;
}

static void compare_with_differences(const struct heal_gnn_dropout *dropout) {
    const float step = 3e-3F;
    float sick[VERTICES], kind[VERTICES * KINDS];
    unsigned kinks = 0;

    (void)error_of(dropout, sick, kind);
    heal_gnn_pass_backward(f.pass, sick, kind, f.gradient);
    for (size_t i = 0; i < f.layout.weights; i++) {
        float weight = f.weights[i];
        double error = error_of(dropout, sick, kind);

        f.weights[i] = weight + step;
        double up = (error_of(dropout, sick, kind) - error) / (double)step;
        f.weights[i] = weight - step;
        double down = (error - error_of(dropout, sick, kind)) / (double)step;
        f.weights[i] = weight;
        if (fabs(up - down) > 0.02 + 0.02 * fabs(up)) { /* a rectifier or a maximum turns in between */
            kinks++;
            continue;
        }
        if (fabs((up + down) / 2 - (double)f.gradient[i]) > 0.01 + 0.01 * fabs(up))
            fail_msg("weight %zu: %g, by differences %g", i, (double)f.gradient[i], (up + down) / 2);
    }
    assert_in_range(kinks, 0, f.layout.weights / 5);
}

static void gradients_are_the_differences(void **state) {
    (void)state;
    compare_with_differences(NULL);
}

static void gradients_are_the_differences_with_dropout(void **state) {
    struct heal_gnn_dropout dropout = {.of_256 = 64};

    (void)state;
    heal_random_init(&dropout.random, 5);
    compare_with_differences(&dropout);
}

/* Two vertices, one input, hidden width 2: all by hand. */
static void a_small_network_by_hand(void **state) {
    struct heal_gnn_shape shape = {
        .inputs = 1, .hidden = 2, .layer = {{1, {{HEAL_GNN_MEAN, 0, 1}}}, {1, {{HEAL_GNN_LARGEST, 0, 2}}}}
    };
    struct heal_gnn_layout layout;
    const struct heal_gnn_edge edge = {0, 1};
    const float input[] = {1, 2};
    float weights[64] = {0};
    uint32_t first[3], neighbour[2], spare[4];
    struct heal_gnn_graph graph;

    (void)state;
    heal_gnn_layout_make(&shape, &layout);
    assert_int_equal(layout.weights, 2 + 2 + 2 + 4 + 2 + 4 + 2 + 1 + 1 + 1 + 2 + 1 + 1 + 1);
    assert_int_equal(heal_gnn_graph_build(2, &edge, 1, first, neighbour, spare, &graph, NULL), 0);
    weights[layout.layer[0].self] = 1;      /* to channel 0: 1 x */
    weights[layout.layer[0].self + 1] = -1; /* to channel 1: -1 x + 3 */
    weights[layout.layer[0].bias + 1] = 3;
    weights[layout.layer[0].term[0]] = 10; /* and 10 times the neighbour's to channel 0 */
    weights[layout.layer[1].self] = 1;     /* the state as it is */
    weights[layout.layer[1].self + 3] = 1;
    weights[layout.layer[1].term[0] + 2] = 1; /* the neighbour's channel 1 to channel 0 */
    weights[layout.gate] = 0;                 /* a gate of one half */
    weights[layout.head] = 1;                 /* channel 0 of what the gate lets through */
    weights[layout.head + 1] = 2;             /* and twice channel 1 */
    weights[layout.sick] = 1;
    weights[layout.sick_bias] = -1;
    struct heal_gnn_pass *pass = heal_gnn_pass_new(&shape, 2);
    assert_non_null(pass);
    heal_gnn_pass_forward(pass, &graph, input, weights, NULL);
    /* h1: (21, 2) and (12, 1); h2: (21 + 1, 2) and (12 + 2, 1); half of it, weighed 1 and 2: 13 and 8. */
    assert_true(heal_gnn_pass_sick(pass)[0] == 12.0F);
    assert_true(heal_gnn_pass_sick(pass)[1] == 7.0F);
    heal_gnn_pass_free(pass);
}

static void has_as_many_weights_as_it_says(void **state) {
    struct heal_gnn_shape shape;
    struct heal_gnn_layout layout;

    (void)state;
    heal_gnn_shape_default(8, 64, 0, &shape);
    heal_gnn_layout_make(&shape, &layout);
    assert_int_equal(layout.weights, 14594);
    heal_gnn_shape_default(12, 64, 0, &shape);
    heal_gnn_layout_make(&shape, &layout);
    assert_int_equal(layout.weights, 14594 + 4 * 4 * 64);
}

static void shapes_out_of_range_are_refused(void **state) {
    struct heal_gnn_shape shape;
    struct heal_error error;

    (void)state;
    heal_gnn_shape_default(0, 64, 0, &shape);
    assert_int_not_equal(heal_gnn_shape_check(&shape, &error), 0);
    heal_gnn_shape_default(8, 63, 0, &shape);
    assert_int_not_equal(heal_gnn_shape_check(&shape, &error), 0);
    heal_gnn_shape_default(8, 64, HEAL_GNN_KINDS_MAX + 1, &shape);
    assert_int_not_equal(heal_gnn_shape_check(&shape, &error), 0);
    heal_gnn_shape_default(8, 64, 0, &shape);
    shape.layer[1].term[1].from = 33;
    assert_int_not_equal(heal_gnn_shape_check(&shape, &error), 0);
    assert_string_equal(error.what, "term 2 of layer 2 takes channels 34 to 65: there are 64");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_as_many_weights_as_it_says),
        cmocka_unit_test(shapes_out_of_range_are_refused),
        cmocka_unit_test(a_small_network_by_hand),
        cmocka_unit_test_setup_teardown(gradients_are_the_differences, set_up, tear_down),
        cmocka_unit_test_setup_teardown(gradients_are_the_differences_with_dropout, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
