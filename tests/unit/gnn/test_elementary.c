/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Exponential and logarithm, against libm's in double precision, and at the ends of the numbers. */
#include "gnn/elementary.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void is_libms_but_for_the_last_bits(void **state) {
    (void)state;
    for (int i = -1891; i <= 1891; i++) {
        double x = 0.37 * i, wanted = exp(x);
        double relative = fabs(heal_gnn_exponential(x) - wanted) / wanted;

        if (!(relative < 2e-15))
            fail_msg("e^%g: off by %g", x, relative);
    }
}

static void logarithm_is_libms_but_for_the_last_bits(void **state) {
    (void)state;
    assert_true(heal_gnn_logarithm(0) == 0 && heal_gnn_logarithm(-3) == 0);
    assert_true(isnan(heal_gnn_logarithm(NAN)) && isinf(heal_gnn_logarithm(INFINITY)));
    for (int i = -44; i <= 132; i++) {
        double x = pow(1.37, i); /* a millionth to a million billions */
        double wanted = log1p(x), off = fabs(heal_gnn_logarithm(x) - wanted);

        if (!(off < 1e-14 * fmax(wanted, 1)))
            fail_msg("ln (1 + %g): off by %g", x, off);
    }
}

static void stays_within_its_range(void **state) {
    (void)state;
    assert_true(heal_gnn_sigmoid(0) == 0.5F);
    assert_true(heal_gnn_sigmoid(INFINITY) == 1);
    assert_true(heal_gnn_sigmoid(-INFINITY) >= 0 && heal_gnn_sigmoid(-INFINITY) < 1e-30F);
    assert_true(heal_gnn_sigmoid(40) == 1 && heal_gnn_sigmoid(-1) + heal_gnn_sigmoid(1) == 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_libms_but_for_the_last_bits),
        cmocka_unit_test(logarithm_is_libms_but_for_the_last_bits),
        cmocka_unit_test(stays_within_its_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
