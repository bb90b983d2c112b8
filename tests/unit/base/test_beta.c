/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The Beta distribution, against values that can be had by hand, and against draws. */
#include "base/beta.h"
#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { DRAWS = 20000 };

static void near(double value, double wanted, double tolerance) {
    if (!(fabs(value - wanted) <= tolerance))
        fail_msg("%.12g instead of %.12g", value, wanted);
}

static void test_below_by_hand(void **state) {
    (void)state;

    near(heal_beta_below(1, 1, 0.3), 0.3, 1e-12);                       /* uniform */
    near(heal_beta_below(3, 1, 0.5), 0.125, 1e-12);                     /* x^3 */
    near(heal_beta_below(1, 4, 0.5), 1 - 1.0 / 16, 1e-12);              /* 1 - (1-x)^4 */
    near(heal_beta_below(0.5, 0.5, 0.25), 2 / M_PI * asin(0.5), 1e-11); /* the arcsine law */
    near(heal_beta_below(7, 7, 0.5), 0.5, 1e-12);
    near(heal_beta_below(5, 3, 0), 0, 0);
    near(heal_beta_below(5, 3, -1), 0, 0);
    near(heal_beta_below(5, 3, 1), 1, 0);
    near(heal_beta_below(5, 3, NAN), 0, 0);
}

/* The chance of at least k hits in n trials is I_p(k, n - k + 1) (DLMF 8.17.5). */
static void test_below_is_the_tail_of_the_binomial(void **state) {
    (void)state;
    const double p = 0.03;
    double term = pow(1 - p, 400), below = term;

    for (int k = 1; k <= 400; k++) {
        near(heal_beta_below(k, 400 - k + 1, p), 1 - below, 1e-10);
        term *= (400 - k + 1) * p / (k * (1 - p));
        below += term;
    }
}

static void test_quantile_is_the_inverse(void **state) {
    (void)state;
    static const double a[] = {0.5, 1, 2, 20, 996}, share[] = {0.001, 0.05, 0.5, 0.95, 0.999};

    for (unsigned i = 0; i < 5; i++)
        for (unsigned j = 0; j < 5; j++)
            for (unsigned s = 0; s < 5; s++)
                near(heal_beta_below(a[i], a[j], heal_beta_quantile(a[i], a[j], share[s])), share[s], 1e-8);
}

static void test_below_agrees_with_draws(void **state) {
    (void)state;
    struct heal_random random;
    unsigned below = 0;

    heal_random_init(&random, 7);
    for (unsigned i = 0; i < DRAWS; i++)
        below += heal_random_beta(&random, 4, 9) <= 0.3;
    near((double)below / DRAWS, heal_beta_below(4, 9, 0.3), 0.015);
}

static void test_exact_interval(void **state) {
    (void)state;
    struct heal_interval none = heal_share_interval_exact(0, 0), zero = heal_share_interval_exact(0, 100),
                         all = heal_share_interval_exact(100, 100), some = heal_share_interval_exact(2, 10);

    near(none.low, 0, 0);
    near(none.high, 1, 0);
    near(zero.low, 0, 0);
    near(zero.high, 1 - pow(0.05, 0.01), 1e-6); /* the "rule of three" */
    near(all.low, pow(0.05, 0.01), 1e-6);
    near(all.high, 1, 0);
    /* E. S. Pearson's own example: 2 of 10 at 90 % two-sided are .037 to .507. */
    near(some.low, 0.0368, 1e-3);
    near(some.high, 0.5069, 1e-3);
    /* It is exact, Wilson's is near: never narrower where it counts. */
    assert_true(some.low <= heal_share_interval(2, 10).low);
    assert_true(some.high >= heal_share_interval(2, 10).high);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_below_by_hand),
        cmocka_unit_test(test_below_is_the_tail_of_the_binomial),
        cmocka_unit_test(test_quantile_is_the_inverse),
        cmocka_unit_test(test_below_agrees_with_draws),
        cmocka_unit_test(test_exact_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
