/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The quantiles of a data set's features: of the chosen samples alone, and without what is missing. */
#include "gnn/quantiles.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { FEATURES = 3, VERTICES = 1001 };

/* Of feature 0 vertex v has v + @p more, of feature 1 every second one has 7, of feature 2 none has any. */
static void add(struct heal_gnn_dataset *dataset, float more) {
    static float feature[VERTICES][FEATURES];
    static uint8_t label[VERTICES];
    struct heal_error error;

    for (unsigned v = 0; v < VERTICES; v++) {
        unsigned mixed = v * 397 % VERTICES; /* in no order */
        feature[v][0] = (float)mixed + more;
        feature[v][1] = v % 2 ? 7 : NAN;
        feature[v][2] = NAN;
    }
    struct heal_gnn_snapshot snapshot = {.vertices = VERTICES, .feature = feature[0], .label = label};
    assert_int_equal(heal_gnn_dataset_add(dataset, &snapshot, &error), 0);
}

static struct heal_gnn_dataset *two_samples(void) {
    static const struct heal_gnn_feature feature[FEATURES] = {{.name = "a"}, {.name = "b"}, {.name = "c"}};
    struct heal_gnn_dataset *dataset = heal_gnn_dataset_new(feature, FEATURES);

    assert_non_null(dataset);
    add(dataset, 0);
    add(dataset, 1e6F);
    return dataset;
}

static void test_of_the_chosen_alone(void **state) {
    (void)state;
    struct heal_gnn_dataset *dataset = two_samples();
    struct heal_gnn_quantiles first, second;

    assert_int_equal(heal_gnn_quantiles_fit(dataset, (const uint32_t[]){0}, 1, &first), 0);
    assert_int_equal(heal_gnn_quantiles_fit(dataset, (const uint32_t[]){1}, 1, &second), 0);
    assert_float_equal(first.edge[0][0], 5, 0);
    for (unsigned q = 1; q <= 9; q++)
        assert_float_equal(first.edge[0][q], 100.0F * (float)q, 1);
    assert_float_equal(first.edge[0][10], 995, 1);
    assert_float_equal(second.edge[0][5], 1e6F + 500, 0);
    heal_gnn_dataset_free(dataset);
}

static void test_what_is_missing_is_left_out(void **state) {
    (void)state;
    struct heal_gnn_dataset *dataset = two_samples();
    struct heal_gnn_quantiles quantiles;

    assert_int_equal(heal_gnn_quantiles_fit(dataset, (const uint32_t[]){0, 1}, 2, &quantiles), 0);
    assert_int_equal(quantiles.known, 3);
    for (unsigned q = 0; q < HEAL_GNN_QUANTILES; q++)
        assert_float_equal(quantiles.edge[1][q], 7, 0);
    assert_int_equal(heal_gnn_quantiles_fit(dataset, NULL, 0, &quantiles), 0);
    assert_int_equal(quantiles.known, 0);
    heal_gnn_dataset_free(dataset);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_the_chosen_alone),
        cmocka_unit_test(test_what_is_missing_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
