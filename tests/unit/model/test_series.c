/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Series: fixed memory, nothing lost, coarser with time. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the above first. */
#include <cmocka.h>

#include "heal/series.h"

static void test_few_samples_are_kept_as_they_are(void **state) {
    struct heal_series series;

    (void)state;
    heal_series_init(&series, HEAL_TRACK_CPU);
    for (int i = 0; i < HEAL_SERIES_POINTS; i++)
        heal_series_add(&series, (heal_us)i, (float)i);
    heal_series_add(&series, 999, NAN);
    heal_series_add(&series, 999, INFINITY);
    assert_int_equal(series.count, HEAL_SERIES_POINTS);
    for (int i = 0; i < HEAL_SERIES_POINTS; i++) {
        assert_int_equal(series.point[i].time, i);
        assert_true(series.point[i].low == (float)i && series.point[i].high == (float)i);
    }
}

/* However many come: the first stays the first, times go up, and each extreme is in the point of its time. */
static void test_nothing_is_lost(void **state) {
    struct heal_series series;
    enum { SAMPLES = 3000000, PEAK = 31415, HOLE = 2999990 };

    (void)state;
    heal_series_init(&series, HEAL_TRACK_LOSS_IN);
    for (int i = 0; i < SAMPLES; i++)
        heal_series_add(&series, 10 + (heal_us)i, i == PEAK ? 9 : i == HOLE ? -9 : 1);
    assert_in_range(series.count, HEAL_SERIES_POINTS / 2, HEAL_SERIES_POINTS);
    assert_int_equal(series.point[0].time, 10);
    for (size_t i = 0; i < series.count; i++) {
        heal_us from = series.point[i].time,
                to = i + 1 < series.count ? series.point[i + 1].time : HEAL_NEVER;

        assert_true(from < to);
        assert_true(series.point[i].high == (from <= 10 + PEAK && 10 + PEAK < to ? 9 : 1));
        assert_true(series.point[i].low == (from <= 10 + HOLE && 10 + HOLE < to ? -9 : 1));
    }
}

static void test_names(void **state) {
    enum heal_track track = HEAL_TRACK_NONE;

    (void)state;
    assert_null(heal_track_name(HEAL_TRACK_NONE));
    for (int i = HEAL_TRACK_NONE + 1; i < HEAL_TRACKS; i++) {
        assert_int_equal(heal_track_parse(heal_track_name((enum heal_track)i), &track), 0);
        assert_int_equal(track, i);
    }
    assert_int_equal(heal_track_parse("", &track), -EINVAL);
    assert_int_equal(track, HEAL_TRACKS - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few_samples_are_kept_as_they_are),
        cmocka_unit_test(test_nothing_is_lost),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
