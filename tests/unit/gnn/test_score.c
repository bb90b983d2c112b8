/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/score.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void figures_by_hand(void **state) {
    struct heal_gnn_score score = {0};

    (void)state;
    assert_true(heal_gnn_score_f1(&score) == 0 && heal_gnn_score_accuracy(&score) == 0);
    for (int i = 0; i < 100; i++)
        heal_gnn_score_add(&score, i < 20, i < 15 || i >= 95); /* 15 right, 5 false, 5 missed, 75 silent */
    assert_true(fabs(heal_gnn_score_accuracy(&score) - 0.9) < 1e-12);
    assert_true(fabs(heal_gnn_score_precision(&score) - 0.75) < 1e-12);
    assert_true(fabs(heal_gnn_score_recall(&score) - 0.75) < 1e-12);
    assert_true(fabs(heal_gnn_score_f1(&score) - 0.75) < 1e-12);
    assert_true(fabs(heal_gnn_score_false_rate(&score) - 5.0 / 80) < 1e-12);
}

static void the_best_threshold_parts_them(void **state) {
    struct heal_gnn_answer parted[] = {
        {-2, false},
        {3,  true },
        {1,  false},
        {2,  true }
    };
    struct heal_gnn_answer mixed[] = {
        {5, true },
        {4, false},
        {3, true },
        {2, true },
        {1, false},
        {0, false}
    };
    struct heal_gnn_answer equal[] = {
        {1, true },
        {1, false},
        {0, false}
    };

    (void)state;
    assert_true(heal_gnn_threshold_best(parted, 4) == 1.5F);
    assert_true(heal_gnn_threshold_best(mixed, 6) == 1.5F); /* 3 of 3 with 1 false: F1 6/7 */
    assert_true(heal_gnn_threshold_best(equal, 3) == 0.5F); /* equals are not parted */
    assert_true(isinf(heal_gnn_threshold_best(equal, 0)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_by_hand),
        cmocka_unit_test(the_best_threshold_parts_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
