/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Time axes: order is kept, long gaps are cut out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
/* cmocka wants the above first. */
#include <cmocka.h>

#include "picture/axis.h"

#define S(seconds) ((seconds)*HEAL_US_PER_S)

static void test_one_piece_where_nothing_is_long(void **state) {
    struct heal_axis_span span[] = {
        {S(20), S(40)},
        {S(10), S(25)},
        {S(42), S(60)}
    };
    struct heal_axis axis;

    (void)state;
    heal_axis_init(&axis, span, 3);
    assert_int_equal(axis.pieces, 1);
    assert_true(heal_axis_at(&axis, S(10)) > 0 && heal_axis_at(&axis, S(60)) < 100);
    assert_float_equal(heal_axis_at(&axis, S(35)), 50, 0.01);
    assert_float_equal(heal_axis_at(&axis, 0), 0, 1e-9);
    assert_float_equal(heal_axis_at(&axis, S(1000)), 100, 1e-9);
}

/* Two seconds of trouble, three days apart, are both to be seen. */
static void test_gaps_are_cut(void **state) {
    struct heal_axis_span span[] = {
        {S(1000),   S(1002)  },
        {S(260200), S(260202)},
        {S(5000),   S(5001)  }
    };
    struct heal_axis axis;
    double before = -1;

    (void)state;
    heal_axis_init(&axis, span, 3);
    assert_int_equal(axis.pieces, 3);
    assert_true(heal_axis_at(&axis, S(1002)) - heal_axis_at(&axis, S(1000)) > 10);
    assert_true(heal_axis_at(&axis, S(260202)) - heal_axis_at(&axis, S(260200)) > 10);
    for (heal_us time = S(990); time < S(260300); time += S(1) / 4) {
        double at = heal_axis_at(&axis, time);

        assert_true(at >= before && at >= 0 && at <= 100);
        before = at;
    }
}

static void test_nothing_and_no_time(void **state) {
    struct heal_axis_span span[] = {
        {S(5), S(5)}
    };
    struct heal_axis axis;

    (void)state;
    heal_axis_init(&axis, NULL, 0);
    assert_float_equal(heal_axis_at(&axis, 0), 0, 1e-9);
    heal_axis_init(&axis, span, 1);
    assert_float_equal(heal_axis_at(&axis, S(5)), 50, 1e-9);
}

static void test_many_gaps(void **state) {
    struct heal_axis_span span[50];
    struct heal_axis axis;

    (void)state;
    for (size_t i = 0; i < 50; i++)
        span[i] = (struct heal_axis_span){S(i * i * i * 100), S(i * i * i * 100 + 1)};
    heal_axis_init(&axis, span, 50);
    assert_in_range(axis.pieces, 1, HEAL_AXIS_PIECES_MAX);
    assert_float_equal(axis.piece[axis.pieces - 1].right, 100, 1e-6);
}

static void test_steps(void **state) {
    (void)state;
    assert_int_equal(heal_axis_step(1), S(1));
    assert_int_equal(heal_axis_step(S(11)), S(15));
    assert_int_equal(heal_axis_step(S(4000)), S(7200));
    assert_int_equal(heal_axis_step(S(100000)), S(172800));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_piece_where_nothing_is_long),
        cmocka_unit_test(test_gaps_are_cut),
        cmocka_unit_test(test_nothing_and_no_time),
        cmocka_unit_test(test_many_gaps),
        cmocka_unit_test(test_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
