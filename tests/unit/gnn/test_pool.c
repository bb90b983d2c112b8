/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* From vertices to nodes and graphs: by hand, and in integers against single precision. */
#include "base/random.h"
#include "gnn/dataset.h"
#include "gnn/integer.h"
#include "gnn/pool.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { VERTICES = 64, KINDS = 5 };

static void a_node_is_as_sick_as_its_sickest_vertex(void **state) {
    static const uint32_t node[] = {0, 2, 0, 3, 3, 2};
    static const float logit[] = {-1, 5, 2, 4, 4, -7};
    static const uint8_t label[] = {HEAL_GNN_HEALTHY, HEAL_GNN_HEALTHY, HEAL_GNN_SICK,
                                    HEAL_GNN_UNKNOWN, HEAL_GNN_HEALTHY, HEAL_GNN_HEALTHY};
    struct heal_gnn_node is[4];

    (void)state;
    heal_gnn_pool_nodes(6, node, logit, label, 4, is);
    assert_int_equal(is[0].vertex, 2);
    assert_int_equal(is[0].label, HEAL_GNN_SICK);
    assert_int_equal(is[1].vertex, UINT32_MAX);
    assert_int_equal(is[2].vertex, 1);
    assert_int_equal(is[2].label, HEAL_GNN_HEALTHY);
    assert_int_equal(is[3].vertex, 3);
    assert_int_equal(is[3].label, HEAL_GNN_UNKNOWN);
}

static void classes_by_hand(void **state) {
    static const float kind[] = {0, 100, 0, -1000, 0, 100};
    float class_of[3];

    (void)state;
    heal_gnn_pool_classes(3, 2, kind, -2.5F, class_of);
    assert_true(class_of[0] == -2.5F);
    assert_true(fabs((double)class_of[1] - log(3)) < 1e-6);
    assert_true(fabs((double)class_of[2] - (100 + log(2))) < 1e-5);
}

static int32_t in_integers(float logit) {
    return (int32_t)lroundf(logit * HEAL_GNN_LOGIT_ONE);
}

static void draw(struct heal_random *random, float spread, float *kind, int32_t *integer) {
    for (size_t i = 0; i < (size_t)VERTICES * KINDS; i++) {
        integer[i] = in_integers(spread * (float)(heal_random_uniform(random) - 0.5));
        kind[i] = (float)integer[i] / HEAL_GNN_LOGIT_ONE;
    }
}

static void integers_say_the_same(void **state) {
    static const float spreads[] = {0, 0.1F, 3, 12, 90};
    static float kind[VERTICES * KINDS], class_of[KINDS + 1];
    static int32_t integer[VERTICES * KINDS], integer_class[KINDS + 1];
    struct heal_gnn_tables tables;
    struct heal_random random;
    double worst = 0;

    (void)state;
    heal_random_init(&random, 9);
    heal_gnn_tables_make(&tables);
    for (unsigned i = 0; i < 1000; i++) {
        draw(&random, spreads[i % 5], kind, integer);
        heal_gnn_pool_classes(1 + i % VERTICES, KINDS, kind, 1.5F, class_of);
        heal_gnn_pool_integer(&tables, 1 + i % VERTICES, KINDS, integer, in_integers(1.5F), integer_class);
        for (int c = 0; c <= KINDS; c++)
            worst = fmax(worst, fabs((double)integer_class[c] / HEAL_GNN_LOGIT_ONE - (double)class_of[c]));
    }
    print_message("    off by %g at most\n", worst);
    assert_true(worst <= 1.0 / HEAL_GNN_LOGIT_ONE);
}

/* What the logits are does not matter: ends of the range, and as many as there can be. */
static void no_logit_is_too_large(void **state) {
    const uint32_t many = 1 << 17;
    int32_t *kind = calloc(many, sizeof *kind), class_of[2];
    const int32_t ends[] = {INT32_MIN, INT32_MAX, INT32_MAX};
    struct heal_gnn_tables tables;

    (void)state;
    assert_non_null(kind);
    heal_gnn_tables_make(&tables);
    heal_gnn_pool_integer(&tables, 3, 1, ends, 7, class_of);
    assert_int_equal(class_of[0], 7);
    assert_int_equal(class_of[1], INT32_MAX);
    heal_gnn_pool_integer(&tables, 1, 1, ends, 7, class_of);
    assert_int_equal(class_of[1], INT32_MIN);
    heal_gnn_pool_integer(&tables, 0, 1, ends, 7, class_of);
    assert_int_equal(class_of[1], INT32_MIN);
    heal_gnn_pool_integer(&tables, many, 1, kind, 7, class_of);
    assert_int_equal(class_of[1], lround(17 * M_LN2 * HEAL_GNN_LOGIT_ONE));
    free(kind);
}

/* The same bits on every machine, so the same as on the one that wrote this down. */
static void tables_are_the_same_everywhere(void **state) {
    static int32_t integer[VERTICES * KINDS];
    static float kind[VERTICES * KINDS];
    struct heal_gnn_tables tables;
    struct heal_random random;
    int32_t class_of[KINDS + 1];
    uint32_t sum = 0;

    (void)state;
    heal_random_init(&random, 11);
    heal_gnn_tables_make(&tables);
    for (int i = 0; i < 100; i++) {
        draw(&random, 6, kind, integer);
        heal_gnn_pool_integer(&tables, VERTICES, KINDS, integer, i, class_of);
        for (int c = 0; c <= KINDS; c++)
            sum = sum * 31 + (uint32_t)class_of[c];
    }
    assert_int_equal(sum, 0xfd6a13f9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_node_is_as_sick_as_its_sickest_vertex),
        cmocka_unit_test(classes_by_hand),
        cmocka_unit_test(integers_say_the_same),
        cmocka_unit_test(no_logit_is_too_large),
        cmocka_unit_test(tables_are_the_same_everywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
