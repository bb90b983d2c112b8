/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What learning makes small: by hand, and every derivative against differences. */
#include "gnn/objective.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { GRAPHS = 3, VERTICES = 5, ALL = GRAPHS * VERTICES, KINDS = 2 };

static struct heal_gnn_dataset *dataset;
static struct heal_gnn_scaling scaling;
static struct heal_gnn_batch batch;
static struct heal_gnn_node node[ALL];
static float sick[ALL], kind[ALL * KINDS], slope_sick[ALL], slope_kind[ALL * KINDS];

/* Three graphs of two nodes, the second of which has the last two vertices; nothing is wrong with the first.
 */
static int set_up(void **state) {
    static const uint8_t label[GRAPHS][VERTICES] = {
        {0             },
        { 0, HEAL_GNN_SICK, 0, 0, 0},
        {             0, 0,             0, HEAL_GNN_UNKNOWN, HEAL_GNN_SICK}
    };
    static const uint32_t of[VERTICES] = {0, 0, 0, 3, 3}, chosen[GRAPHS] = {0, 1, 2};
    static const float feature[VERTICES];
    struct heal_random random;

    (void)state;
    dataset = heal_gnn_dataset_new(NULL, 1);
    for (uint32_t g = 0; g < GRAPHS; g++) {
        const struct heal_gnn_snapshot snapshot = {
            .vertices = VERTICES, .feature = feature, .label = label[g], .node = of, .kind = (uint8_t)g};

        if (!dataset || heal_gnn_dataset_add(dataset, &snapshot, NULL) < 0)
            return -1;
    }
    heal_gnn_scaling_fit(dataset, chosen, GRAPHS, &scaling);
    if (heal_gnn_batch_init(&batch, dataset, &scaling, GRAPHS) < 0)
        return -1;
    heal_gnn_batch_fill(&batch, chosen, GRAPHS, NULL, NULL);
    heal_random_init(&random, 5);
    for (int v = 0; v < ALL; v++)
        sick[v] = (float)heal_random_normal(&random);
    for (int i = 0; i < ALL * KINDS; i++)
        kind[i] = 2 * (float)heal_random_normal(&random);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    heal_gnn_batch_deinit(&batch);
    dataset = heal_gnn_dataset_free(dataset);
    return 0;
}

static struct heal_gnn_question question_of(struct heal_gnn_balance balance) {
    return (struct heal_gnn_question){
        .loss = {.sick_weight = 2, .focus = 1},
        .balance = balance,
        .batch = &batch,
        .sick = sick,
        .kind = kind,
        .kinds = KINDS,
        .normal = 0.25F,
        .node = node
    };
}

static double error_of(const struct heal_gnn_question *question) {
    struct heal_gnn_errors errors = {0};

    heal_gnn_objective(question, &errors, NULL);
    return heal_gnn_errors_mean(&question->balance, &errors);
}

/* The known vertices, 14 of 15, times the mean error: what slopes are derivatives of. */
static double by_differences(struct heal_gnn_question *question, float *value) {
    const float step = 1.0F / 256;
    float was = *value;

    *value = was + step;
    double up = error_of(question);
    *value = was - step;
    double down = error_of(question);
    *value = was;
    return (ALL - 1) * (up - down) / (2 * (double)step);
}

static void compare(double slope, double difference, const char *what, int which) {
    if (fabs(slope - difference) > 1e-3 + 1e-3 * fabs(difference))
        fail_msg("%s %d: %g, by differences %g", what, which, slope, difference);
}

static void slopes_are_the_differences(void **state) {
    static const struct heal_gnn_balance balances[] = {
        {1, 0,    0},
        {0, 1,    0},
        {0, 0,    1},
        {5, 2.5F, 1}
    };

    (void)state;
    for (size_t b = 0; b < sizeof balances / sizeof balances[0]; b++) {
        struct heal_gnn_question question = question_of(balances[b]);
        struct heal_gnn_slopes slopes = {slope_sick, slope_kind, 0};
        struct heal_gnn_errors errors = {0};

        heal_gnn_objective(&question, &errors, &slopes);
        assert_int_equal(errors.vertices, ALL - 1);
        for (int v = 0; v < ALL; v++)
            compare((double)slope_sick[v], by_differences(&question, &sick[v]), "vertex", v);
        for (int i = 0; i < ALL * KINDS; i++)
            compare((double)slope_kind[i], by_differences(&question, &kind[i]), "kind", i);
        compare(slopes.normal, by_differences(&question, &question.normal), "normal", 0);
    }
}

/* All logits 0: a class of five vertices has ln 5; of the two nodes each has one sick in one graph. */
static void errors_by_hand(void **state) {
    struct heal_gnn_question question = question_of((struct heal_gnn_balance){1, 1, 1});
    static const float nothing[ALL * KINDS];
    struct heal_gnn_errors errors = {0};

    (void)state;
    question.loss = (struct heal_gnn_loss){.sick_weight = 1};
    question.sick = question.kind = nothing;
    question.normal = 0;
    heal_gnn_objective(&question, &errors, NULL);
    assert_int_equal(errors.vertices, ALL - 1);
    assert_int_equal(errors.nodes, 6);
    assert_int_equal(errors.graphs, 3);
    assert_true(fabs(errors.vertex - (ALL - 1) * log(2)) < 1e-9);
    assert_true(fabs(errors.node - 6 * log(2)) < 1e-9);
    assert_true(fabs(errors.graph - (3 * log(11) - 2 * log(5))) < 1e-5);
}

/* A graph of which nothing is left, and nodes of which nothing is known, teach nothing. */
static void what_is_left_out_teaches_nothing(void **state) {
    const struct heal_gnn_omission all = {.vertices_of_256 = 256};
    struct heal_gnn_question question = question_of((struct heal_gnn_balance){1, 1, 1});
    struct heal_gnn_slopes slopes = {slope_sick, slope_kind, 0};
    struct heal_gnn_errors errors = {0};
    struct heal_random random;
    const uint32_t chosen[] = {1, 2};

    (void)state;
    heal_random_init(&random, 1);
    heal_gnn_batch_fill(&batch, chosen, 2, &all, &random);
    heal_gnn_objective(&question, &errors, &slopes);
    assert_int_equal(errors.vertices + errors.nodes + errors.graphs, 0);
    assert_true(slopes.normal == 0 && heal_gnn_errors_mean(&question.balance, &errors) == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(errors_by_hand, set_up, tear_down),
        cmocka_unit_test_setup_teardown(slopes_are_the_differences, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_left_out_teaches_nothing, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
