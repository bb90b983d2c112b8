/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/statistics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { POINTS = 16 };

static void test_share_interval(void **state) {
    (void)state;
    struct heal_interval half = heal_share_interval(5, 10), none = heal_share_interval(0, 0);

    /* By hand: p = 1/2, n = 10, z = 1.645. */
    assert_float_equal(half.low, 0.2693, 1e-3);
    assert_float_equal(half.high, 0.7307, 1e-3);
    assert_float_equal(none.low, 0, 0);
    assert_float_equal(none.high, 1, 0);
    /* Certainty needs evidence: the more of it, the narrower. */
    struct heal_interval few = heal_share_interval(0, 10), many = heal_share_interval(0, 1000);
    assert_float_equal(few.low, 0, 1e-6);
    assert_float_equal(many.low, 0, 1e-6);
    assert_true(few.high > 0.2F && many.high < 0.003F);
}

static void test_slope(void **state) {
    (void)state;
    float x[POINTS + 4], y[POINTS + 4];

    for (unsigned i = 0; i < POINTS + 4; i++) {
        x[i] = (float)(10 + 3 * i);
        y[i] = 7 - 2 * x[i];
    }
    assert_float_equal(heal_slope(x, y, POINTS), -2, 1e-5);
    assert_float_equal(heal_slope(x, y, 2), -2, 1e-5);
    assert_float_equal(heal_slope(x, y, 1), 0, 0);
    assert_float_equal(heal_slope(x, y, 0), 0, 0);
    /* Four wild points of sixteen change nothing. */
    y[0] = 1e6F;
    y[5] = -1e6F;
    y[10] = 1e6F;
    y[15] = -1e6F;
    assert_float_equal(heal_slope(x, y, POINTS), -2, 1e-5);
    /* What is beyond the sixteenth does not count, and is not read into a table that has no room for it. */
    for (unsigned i = POINTS; i < POINTS + 4; i++)
        y[i] = 1e9F;
    assert_float_equal(heal_slope(x, y, POINTS + 4), heal_slope(x, y, POINTS), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_share_interval),
        cmocka_unit_test(test_slope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
