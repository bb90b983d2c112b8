/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The optimiser: its steps by hand, and that it finds the bottom of a valley. */
#include "gnn/adamw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void close_to(float value, double wanted, double tolerance) {
    if (!(fabs((double)value - wanted) <= tolerance))
        fail_msg("%.9g is not within %.3g of %.9g", (double)value, tolerance, wanted);
}

/* With its starting zeros taken out, the first step is the rate, whatever the gradient's length. */
static void the_first_step_is_the_rate(void **state) {
    const struct heal_adamw_settings settings = {.rate = 0.25F, .warm_up = 0.5F};
    struct heal_adamw *adamw = heal_adamw_new(&settings, 2, 10);
    float gradient[] = {100, -0.01F}, weights[] = {1, 1};

    (void)state;
    assert_non_null(adamw);
    heal_adamw_step(adamw, gradient, weights);
    close_to(weights[0], 1 - 0.25 / 25, 1e-5);
    close_to(weights[1], 1 + 0.25 / 25, 1e-5);
    heal_adamw_free(adamw);
}

static void decay_is_apart_from_the_gradient(void **state) {
    const struct heal_adamw_settings settings = {.rate = 0.25F, .warm_up = 0.5F, .weight_decay = 0.5F};
    struct heal_adamw *adamw = heal_adamw_new(&settings, 1, 10);
    float gradient[] = {0}, weights[] = {2};

    (void)state;
    heal_adamw_step(adamw, gradient, weights);
    close_to(weights[0], 2 * (1 - 0.01 * 0.5), 1e-6);
    heal_adamw_free(adamw);
}

static void long_gradients_are_cut(void **state) {
    const struct heal_adamw_settings settings = {.rate = 0.1F, .norm_max = 1};
    struct heal_adamw *adamw = heal_adamw_new(&settings, 2, 10);
    float gradient[] = {30, -40}, short_one[] = {0.3F, -0.4F}, weights[] = {0, 0};

    (void)state;
    heal_adamw_step(adamw, gradient, weights);
    close_to(gradient[0], 0.6, 1e-6);
    close_to(gradient[1], -0.8, 1e-6);
    heal_adamw_step(adamw, short_one, weights);
    close_to(short_one[0], 0.3, 1e-7);
    heal_adamw_free(adamw);
}

/* (a - 3)^2 + 100 (b + 1)^2: a narrow valley. Its last steps are so small that it comes to rest. */
static void finds_the_bottom(void **state) {
    enum { STEPS = 400 };
    const struct heal_adamw_settings settings = {.rate = 0.2F, .warm_up = 0.2F};
    struct heal_adamw *adamw = heal_adamw_new(&settings, 2, STEPS);
    float weights[] = {0, 0};

    (void)state;
    for (int i = 0; i < STEPS; i++) {
        float gradient[] = {2 * (weights[0] - 3), 200 * (weights[1] + 1)};

        heal_adamw_step(adamw, gradient, weights);
    }
    close_to(weights[0], 3, 0.01);
    close_to(weights[1], -1, 0.01);
    heal_adamw_free(adamw);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_step_is_the_rate),
        cmocka_unit_test(decay_is_apart_from_the_gradient),
        cmocka_unit_test(long_gradients_are_cut),
        cmocka_unit_test(finds_the_bottom),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
