/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What operators say, one verb after the other: what it changes, what is kept, and what is refused. */
#include "bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

/* A link that loses half of what comes in, until an incident about it is open. */
static struct heal_incident_status open_incident(struct bench *bench) {
    struct heal_incident_status incident = {0};

    bench_run(bench, 30 * second);
    bench->lost_of_ten = 5;
    bench_run(bench, 20 * second);
    assert_true(heal_engine_incident(bench->engine, 0, &incident));
    assert_int_equal(incident.closed, 0);
    return incident;
}

static void test_mode(void **state) {
    struct bench *bench = *state;

    assert_int_equal(bench_status(bench).mode, HEAL_MODE_OBSERVE);
    bench_operator(bench, HEAL_OPERATOR_MODE, 0, 0, "act");
    assert_int_equal(bench_status(bench).mode, HEAL_MODE_ACT);
    assert_non_null(strstr(bench->said, "mode=act was=observe"));
    for (int i = 0; i < 2; i++) {
        bench->said[0] = '\0';
        bench_operator(bench, HEAL_OPERATOR_MODE, 0, 0, i == 0 ? "Warn" : "");
        assert_non_null(strstr(bench->said, "mode=refused why=no-such-mode"));
        assert_int_equal(bench_status(bench).mode, HEAL_MODE_ACT);
    }
    heal_engine_configure(bench->engine, &bench->settings); /* the same file again takes nothing back */
    assert_int_equal(bench_status(bench).mode, HEAL_MODE_ACT);
    bench->settings.mode = HEAL_MODE_WARN;
    heal_engine_configure(bench->engine, &bench->settings);
    assert_int_equal(bench_status(bench).mode, HEAL_MODE_WARN);
}

static void test_pause_ends_in_time(void **state) {
    struct bench *bench = *state;

    bench_operator(bench, HEAL_OPERATOR_PAUSE, 0, 30, "work on the mast");
    struct heal_engine_status status = bench_status(bench);
    assert_true(status.paused);
    assert_int_equal(status.paused_until, bench->now + 30 * second);
    assert_string_equal(status.pause_reason, "work on the mast");
    bench_run(bench, 30 * second);
    assert_true(bench_status(bench).paused);
    bench_run(bench, second);
    assert_false(bench_status(bench).paused);
    assert_non_null(strstr(bench->said, "resumed=in-time"));
}

static void test_pause_without_an_end(void **state) {
    struct bench *bench = *state;
    const uint64_t lengths[] = {0, UINT64_MAX, UINT64_MAX / HEAL_US_PER_S};

    for (size_t i = 0; i < 3; i++) { /* a length that would run over is for good, not over at once */
        bench_operator(bench, HEAL_OPERATOR_PAUSE, 0, lengths[i], "storm");
        assert_true(bench_status(bench).paused_until > UINT64_MAX / 2);
        bench_run(bench, 3 * second);
        assert_true(bench_status(bench).paused);
        bench_operator(bench, HEAL_OPERATOR_RESUME, 0, 0, "");
        assert_false(bench_status(bench).paused);
        assert_string_equal(bench_status(bench).pause_reason, "");
        assert_non_null(strstr(bench->said, "resumed=by-operator"));
    }
}

static void test_undo_is_the_last_word_on_an_incident(void **state) {
    struct bench *bench = *state;
    struct heal_incident_status now;

    struct heal_incident_status incident = open_incident(bench);
    bench_operator(bench, HEAL_OPERATOR_UNDO, incident.id, 0, "");
    assert_non_null(strstr(bench->said, "undo=by-operator"));
    bench_operator(bench, HEAL_OPERATOR_MODE, 0, 0, "act");
    bench_run(bench, 10 * second);
    assert_true(heal_engine_incident(bench->engine, 0, &now));
    assert_int_equal(now.id, incident.id);
    assert_int_equal(now.steps, incident.steps);
    assert_int_equal(now.suppressed, HEAL_SUPPRESSED_OPERATOR);
    bench_operator(bench, HEAL_OPERATOR_UNDO, 4711, 0, "");
    assert_non_null(strstr(bench->said, "undo=refused"));
}

static void test_resume_lets_it_act(void **state) {
    struct bench *bench = *state;

    bench_operator(bench, HEAL_OPERATOR_MODE, 0, 0, "act");
    bench_operator(bench, HEAL_OPERATOR_PAUSE, 0, 0, "work");
    struct heal_incident_status incident = open_incident(bench);
    assert_int_equal(incident.suppressed, HEAL_SUPPRESSED_PAUSED);
    assert_int_equal(incident.steps, 0);
    bench_operator(bench, HEAL_OPERATOR_RESUME, 0, 0, "");
    bench_run(bench, second);
    assert_true(heal_engine_incident(bench->engine, 0, &incident));
    assert_true(incident.steps > 0);
    assert_int_equal(incident.suppressed, HEAL_NOT_SUPPRESSED);
}

static void test_label_counts_once_and_may_change(void **state) {
    struct bench *bench = *state;
    struct heal_incident_status incident = open_incident(bench);
    float before = bench_threshold(bench, HEAL_METRIC_LOSS).value;

    bench_operator(bench, HEAL_OPERATOR_LABEL, incident.id, 1, "the cable \"was\" cut");
    struct heal_engine_status status = bench_status(bench);
    assert_int_equal(status.feedback.confirmed, 1);
    assert_float_equal(bench_threshold(bench, HEAL_METRIC_LOSS).value, before, 0);
    assert_string_equal(bench_kept(bench, HEAL_RECORD_LABEL, "1"),
                        "true=1 note=\"the cable \\\"was\\\" cut\"");
    bench_operator(bench, HEAL_OPERATOR_LABEL, incident.id, 1, "");
    assert_int_equal(bench_status(bench).feedback.confirmed, 1);
    bench_operator(bench, HEAL_OPERATOR_LABEL, incident.id, 0, "no, a test");
    assert_int_equal(bench_status(bench).feedback.refuted, 1);
    assert_true(bench_threshold(bench, HEAL_METRIC_LOSS).value > before);
    assert_non_null(strstr(bench->said, "why=label-false"));
    assert_true(heal_engine_incident(bench->engine, 0, &incident));
    assert_int_equal(incident.label, 0);
}

static void test_label_of_nothing_is_refused(void **state) {
    struct bench *bench = *state;

    bench_operator(bench, HEAL_OPERATOR_LABEL, 7, 0, "");
    assert_non_null(strstr(bench->said, "incident=7 label=refused why=no-such-incident"));
    assert_int_equal(bench->kept, 0);
    assert_int_equal(bench_status(bench).feedback.refuted, 0);
}

static void test_missed_tightens_the_right_one(void **state) {
    struct bench *bench = *state;
    struct heal_threshold_status before[HEAL_METRICS];

    for (int i = 0; i < HEAL_METRICS; i++)
        before[i] = bench_threshold(bench, (enum heal_metric)i);
    bench_operator(bench, HEAL_OPERATOR_MISSED, 0, 0, "memory-leak");
    for (int i = 0; i < HEAL_METRICS; i++) {
        float now = bench_threshold(bench, (enum heal_metric)i).value;
        assert_true(i == HEAL_METRIC_MEMORY_GROWTH ? now < before[i].value : now == before[i].value);
    }
    assert_int_equal(bench_status(bench).feedback.missed, 1);
    assert_null(strstr(bench->said, "refused"));
    bench_operator(bench, HEAL_OPERATOR_MISSED, 0, 0, "no-such-thing");
    assert_non_null(strstr(bench->said, "missed=refused why=no-such-diagnosis"));
    assert_int_equal(bench_status(bench).feedback.missed, 1);
    for (int i = 0; i < 100; i++)
        bench_operator(bench, HEAL_OPERATOR_MISSED, 0, 0, "memory-leak");
    assert_float_equal(bench_threshold(bench, HEAL_METRIC_MEMORY_GROWTH).value,
                       before[HEAL_METRIC_MEMORY_GROWTH].min, 0);
    assert_non_null(strstr(bench->said, "at-its-bound"));
}

static void test_unknown_verb_is_nothing(void **state) {
    struct bench *bench = *state;

    bench_operator(bench, HEAL_OPERATOR_VERBS, 0, 0, "");
    bench_operator(bench, (enum heal_operator_verb)1000, 0, 0, "");
    assert_string_equal(bench->said, "");
}

#define OPERATOR(test) cmocka_unit_test_setup_teardown(test, bench_make, bench_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        OPERATOR(test_mode),
        OPERATOR(test_pause_ends_in_time),
        OPERATOR(test_pause_without_an_end),
        OPERATOR(test_undo_is_the_last_word_on_an_incident),
        OPERATOR(test_resume_lets_it_act),
        OPERATOR(test_label_counts_once_and_may_change),
        OPERATOR(test_label_of_nothing_is_refused),
        OPERATOR(test_missed_tightens_the_right_one),
        OPERATOR(test_unknown_verb_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
