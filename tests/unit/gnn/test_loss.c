/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The losses: values by hand, and every slope against differences. */
#include "gnn/loss.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void values_by_hand(void **state) {
    const struct heal_gnn_loss plain = {.sick_weight = 1}, weighted = {.sick_weight = 4},
                               focal = {.sick_weight = 1, .focus = 2};
    float slope;

    (void)state;
    assert_true(fabs(heal_gnn_loss_of(&plain, 0, true, &slope) - log(2)) < 1e-12);
    assert_true(slope == -0.5F);
    assert_true(fabs(heal_gnn_loss_of(&plain, 0, false, &slope) - log(2)) < 1e-12);
    assert_true(slope == 0.5F);
    assert_true(fabs(heal_gnn_loss_of(&weighted, 0, true, NULL) - 4 * log(2)) < 1e-12);
    assert_true(fabs(heal_gnn_loss_of(&weighted, 0, false, NULL) - log(2)) < 1e-12);
    assert_true(fabs(heal_gnn_loss_of(&focal, 0, true, NULL) - log(2) / 4) < 1e-12);
    /* What is right beyond doubt costs nothing; what is as wrong costs what it is off by. */
    assert_true(heal_gnn_loss_of(&plain, 200, true, &slope) < 1e-80 && slope == 0);
    assert_true(fabs(heal_gnn_loss_of(&plain, 200, false, &slope) - 200) < 1e-9 && slope == 1);
}

static void slopes_are_the_differences(void **state) {
    static const float focuses[] = {0, 0.5F, 1, 2, 5};
    const float step = 1.0F / 512;

    (void)state;
    for (size_t f = 0; f < sizeof focuses / sizeof focuses[0]; f++) {
        for (int i = -48; i <= 48; i++) {
            const struct heal_gnn_loss loss = {.sick_weight = 3, .focus = focuses[f]};
            float logit = (float)i / 8, slope;
            bool sick = i % 2 == 0;

            (void)heal_gnn_loss_of(&loss, logit, sick, &slope);
            double difference = (heal_gnn_loss_of(&loss, logit + step, sick, NULL) -
                                 heal_gnn_loss_of(&loss, logit - step, sick, NULL)) /
                                (2 * (double)step);
            if (fabs(difference - (double)slope) > 1e-4)
                fail_msg("focus %g, logit %g: %g, by differences %g", (double)focuses[f], (double)logit,
                         (double)slope, difference);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_by_hand),
        cmocka_unit_test(slopes_are_the_differences),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
