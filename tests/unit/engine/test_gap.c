/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A host that was suspended, a heald that stood still: what its sockets then tell of the time between is no
 * trouble of a neighbour's. */
#include "bench.h"
#include "engine/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

/* The time passes without a round. West has gone on probing, and nobody has listened. */
static void sleep_for(struct bench *bench, heal_us span) {
    bench->now += span;
    for (int size = 0; size < HEAL_PROBE_SIZES; size++)
        bench->in.expected[size] += (uint32_t)(span / second) * 2;
}

static void test_a_sleep_is_nobody_s_trouble(void **state) {
    struct bench *bench = *state;

    bench_run(bench, 60 * second);
    for (heal_us i = 0; i < 3; i++) {
        bench->said[0] = '\0';
        sleep_for(bench, (i + 1) * 600 * second);
        bench_run(bench, 30 * second);
        assert_non_null(strstr(bench->said, "evidence=dropped"));
        assert_null(strstr(bench->said, "suspect="));
        assert_null(strstr(bench->said, "incident"));
        assert_int_equal(bench_status(bench).incidents_open, 0);
    }
}

/* The same losses without a sleep are looked into at once: the test above tests something. */
static void test_the_same_without_a_sleep_is(void **state) {
    struct bench *bench = *state;

    bench_run(bench, 60 * second);
    bench->said[0] = '\0';
    sleep_for(bench, 600 * second);
    bench->now -= 600 * second;
    bench_run(bench, 30 * second);
    assert_non_null(strstr(bench->said, "suspect="));
}

static void test_trouble_that_is_still_there_is_found_anew(void **state) {
    struct bench *bench = *state;

    bench_run(bench, 60 * second);
    bench->lost_of_ten = 3;
    bench_run(bench, 20 * second);
    assert_int_equal(bench_status(bench).incidents_open, 1);
    sleep_for(bench, 3600 * second);
    bench_run(bench, 20 * second);
    assert_int_equal(bench_status(bench).incidents_open, 1);
}

/* Trouble that is found soon after a gap may be the gap's own, in a neighbour's words: it has time to end. */
static void test_nothing_is_begun_soon_after(void **state) {
    struct bench *bench = *state;

    bench_run(bench, 60 * second);
    sleep_for(bench, 600 * second);
    bench->lost_of_ten = 3;
    bench->said[0] = '\0';
    bench_run(bench, 14 * second);
    assert_non_null(strstr(bench->said, "diagnosis incident="));
    assert_null(strstr(bench->said, "plan incident="));
    bench_run(bench, 10 * second);
    assert_non_null(strstr(bench->said, "plan incident="));
}

/* Rounds that are slow by configuration are no gaps. */
static void test_slow_rounds_are_no_gaps(void **state) {
    struct bench *bench = *state;

    bench->settings.round_us = 20 * second;
    heal_engine_configure(bench->engine, &bench->settings);
    bench_run(bench, 5 * second);
    sleep_for(bench, 60 * second);
    bench_run(bench, 5 * second);
    assert_null(strstr(bench->said, "evidence=dropped"));
}

/* No gap yet, but what was silent meanwhile was the node itself; for a moment. */
static void test_a_late_round_is_said_of_the_node(void **state) {
    struct bench *bench = *state;
    const struct heal_world *world = &bench->engine->world;

    bench_run(bench, 10 * second);
    assert_false(heal_world_stood_still(world));
    sleep_for(bench, 4 * second);
    bench->said[0] = '\0';
    bench_run(bench, second);
    assert_true(heal_world_stood_still(world));
    assert_null(strstr(bench->said, "evidence=dropped"));
    bench_run(bench, 3 * second);
    assert_false(heal_world_stood_still(world));
}

#define GAP(test) cmocka_unit_test_setup_teardown(test, bench_make, bench_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        GAP(test_a_sleep_is_nobody_s_trouble),
        GAP(test_the_same_without_a_sleep_is),
        GAP(test_trouble_that_is_still_there_is_found_anew),
        GAP(test_nothing_is_begun_soon_after),
        GAP(test_slow_rounds_are_no_gaps),
        GAP(test_a_late_round_is_said_of_the_node),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
