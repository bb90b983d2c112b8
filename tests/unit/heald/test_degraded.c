/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The conditions under which heald is degraded: their table, how they begin and end, and what is looked at.
 */
#include "engine/probation.h"
#include "heald/parts.h"
#include "heald/selfcheck.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

struct fixture {
    struct heald_log log;
    struct heald_degraded degraded;
    struct heald_parts parts;
    struct heald_selfcheck selfcheck;
    struct heal_settings settings;
    int said[2]; /* the log */
};

static int make(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);

    *state = fixture;
    if (!fixture || pipe(fixture->said) < 0)
        return -1;
    heald_log_init(&fixture->log, HEAL_CONFIG_LOG_INFO, fixture->said[1]);
    fixture->degraded.log = &fixture->log;
    fixture->parts.log = &fixture->log;
    fixture->parts.degraded = &fixture->degraded;
    fixture->selfcheck.degraded = &fixture->degraded;
    heal_settings_init(&fixture->settings);
    fixture->selfcheck.settings = &fixture->settings;
    return 0;
}

static int unmake(void **state) {
    struct fixture *fixture = *state;

    close(fixture->said[0]);
    close(fixture->said[1]);
    free(fixture);
    return 0;
}

/* What was logged, from the beginning. */
static const char *said(struct fixture *fixture) {
    static char text[4096];

    close(fixture->said[1]);
    ssize_t length = read(fixture->said[0], text, sizeof text - 1);
    text[length > 0 ? length : 0] = '\0';
    fixture->said[1] = -1;
    return text;
}

static bool holds(const struct fixture *fixture, enum heald_condition condition) {
    return fixture->degraded.status[condition].holds;
}

/* Every part's failure is somebody's condition; the routing daemon's are told by its source. */
static void test_every_part_is_in_one_row(void **state) {
    (void)state;
    for (unsigned part = 0; part < HEALD_PARTS; part++) {
        unsigned rows = 0;

        for (unsigned i = 0; i < HEALD_CONDITIONS; i++)
            rows += heald_condition_rule((enum heald_condition)i)->parts >> part & 1;
        assert_int_equal(rows, part != HEALD_PART_ROUTING);
    }
}

static void test_rows_have_names_of_their_own(void **state) {
    (void)state;
    for (unsigned i = 0; i < HEALD_CONDITIONS; i++) {
        const struct heald_condition_rule *rule = heald_condition_rule((enum heald_condition)i);

        assert_non_null(rule->name);
        assert_true(strlen(rule->meaning) > 20);
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(rule->name, heald_condition_rule((enum heald_condition)j)->name);
    }
}

static void test_follows_the_parts(void **state) {
    struct fixture *fixture = *state;

    heald_parts_say(&fixture->parts, HEALD_PART_NODE, false, "no /proc");
    heald_parts_say(&fixture->parts, HEALD_PART_PROBES, false, "port taken");
    assert_true(holds(fixture, HEALD_SOURCE_SILENT));
    assert_string_equal(fixture->degraded.status[HEALD_SOURCE_SILENT].words,
                        "node: no /proc; probes: port taken");
    heald_parts_say(&fixture->parts, HEALD_PART_NODE, true, "%s", "");
    assert_true(holds(fixture, HEALD_SOURCE_SILENT));
    heald_parts_unwanted(&fixture->parts, HEALD_PART_PROBES, "not any more");
    assert_false(holds(fixture, HEALD_SOURCE_SILENT));
}

static void test_beginning_and_end_are_logged_once(void **state) {
    struct fixture *fixture = *state;

    heald_degraded_clear(&fixture->degraded, HEALD_STORE_FAILING);
    heald_degraded_raise(&fixture->degraded, HEALD_STORE_FAILING, "full");
    heal_us since = fixture->degraded.status[HEALD_STORE_FAILING].since;
    heald_degraded_raise(&fixture->degraded, HEALD_STORE_FAILING, "still full");
    assert_int_equal(fixture->degraded.status[HEALD_STORE_FAILING].since, since);
    assert_string_equal(fixture->degraded.status[HEALD_STORE_FAILING].words, "still full");
    heald_degraded_clear(&fixture->degraded, HEALD_STORE_FAILING);
    const char *text = said(fixture), *line = strstr(text, "warning event=degraded condition=store-failing");
    assert_non_null(line);
    assert_null(strstr(line + strlen("warning event=degraded"), "event=degraded"));
    assert_non_null(strstr(line, "event=recovered condition=store-failing after-s=0.0"));
}

static void test_a_clock_that_is_set(void **state) {
    struct fixture *fixture = *state;
    heal_us now = 100 * second, wall = 1000000 * second;

    heald_selfcheck_look(&fixture->selfcheck, now, wall);
    heald_selfcheck_look(&fixture->selfcheck, now += second, wall += second + second / 2);
    assert_false(holds(fixture, HEALD_CLOCK_STEPPED));
    heald_selfcheck_look(&fixture->selfcheck, now += second, wall -= 3600 * second);
    assert_true(holds(fixture, HEALD_CLOCK_STEPPED));
    assert_string_equal(fixture->degraded.status[HEALD_CLOCK_STEPPED].words, "set back by 3601.0 s");
    heald_selfcheck_look(&fixture->selfcheck, now + second, wall + 61 * second);
    assert_string_equal(fixture->degraded.status[HEALD_CLOCK_STEPPED].words, "set forward by 60.0 s");
    assert_false(holds(fixture, HEALD_HOST_SLEPT));
    /* A round takes its time before it looks: what was raised meanwhile is not long ago. */
    heald_degraded_settle(&fixture->degraded, heald_now() - second);
    assert_true(holds(fixture, HEALD_CLOCK_STEPPED));
    heald_degraded_settle(&fixture->degraded, heald_now() + 3599 * second);
    assert_true(holds(fixture, HEALD_CLOCK_STEPPED));
    heald_degraded_settle(&fixture->degraded, heald_now() + 3601 * second);
    assert_false(holds(fixture, HEALD_CLOCK_STEPPED));
}

static void test_a_host_that_slept(void **state) {
    struct fixture *fixture = *state;
    heal_us now = 100 * second, wall = 1000000 * second;

    heald_selfcheck_look(&fixture->selfcheck, now, wall);
    heald_selfcheck_look(&fixture->selfcheck, now += 9 * second, wall += 9 * second);
    assert_false(holds(fixture, HEALD_HOST_SLEPT));
    heald_selfcheck_look(&fixture->selfcheck, now + 7200 * second, wall + 7200 * second);
    assert_true(holds(fixture, HEALD_HOST_SLEPT));
    assert_false(holds(fixture, HEALD_CLOCK_STEPPED));
}

static void test_descriptors_that_are_exhausted(void **state) {
    struct fixture *fixture = *state;
    struct rlimit before, none;

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = 3;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    heald_selfcheck_look(&fixture->selfcheck, second, second);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_true(holds(fixture, HEALD_DESCRIPTORS_EXHAUSTED));
    heald_selfcheck_look(&fixture->selfcheck, 2 * second, 2 * second);
    assert_false(holds(fixture, HEALD_DESCRIPTORS_EXHAUSTED));
}

static void tell_engine(struct heal_engine *engine, const char *mode, bool forced) {
    static struct heal_output output;
    struct heal_event event = {.kind = HEAL_EVENT_OPERATOR};

    event.operator_.verb = HEAL_OPERATOR_DETECTOR;
    event.operator_.number = forced;
    snprintf(event.operator_.argument, sizeof event.operator_.argument, "%s", mode);
    heal_engine_step(engine, second, &event, &output);
    event.kind = HEAL_EVENT_ROUND;
    heal_engine_step(engine, 2 * second, &event, &output);
}

static void test_a_network_that_may_not_act_any_more(void **state) {
    struct fixture *fixture = *state;
    const struct heal_candidate_model model = {.id = 7};
    struct heal_engine *engine = NULL;

    assert_int_equal(heal_engine_new("here", &fixture->settings, 1, &engine), 0);
    heal_engine_put_model(engine, HEAL_SLOT_ACTIVE, &model);
    fixture->selfcheck.engine = engine;
    tell_engine(engine, "act", true);
    heald_selfcheck_look(&fixture->selfcheck, 2 * second, 2 * second);
    assert_false(holds(fixture, HEALD_DETECTOR_FELL));
    heal_engine_put_model(engine, HEAL_SLOT_ACTIVE, NULL);
    tell_engine(engine, "fly", false);
    heald_selfcheck_look(&fixture->selfcheck, 3 * second, 3 * second);
    assert_true(holds(fixture, HEALD_DETECTOR_FELL));
    assert_string_equal(fixture->degraded.status[HEALD_DETECTOR_FELL].words, "there is no model");
    tell_engine(engine, "observe", false);
    heald_selfcheck_look(&fixture->selfcheck, 4 * second, 4 * second);
    assert_false(holds(fixture, HEALD_DETECTOR_FELL));
    heal_engine_free(engine);
}

#define FIXTURE(test) cmocka_unit_test_setup_teardown(test, make, unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_part_is_in_one_row),
        cmocka_unit_test(test_rows_have_names_of_their_own),
        FIXTURE(test_follows_the_parts),
        FIXTURE(test_beginning_and_end_are_logged_once),
        FIXTURE(test_a_clock_that_is_set),
        FIXTURE(test_a_host_that_slept),
        FIXTURE(test_descriptors_that_are_exhausted),
        FIXTURE(test_a_network_that_may_not_act_any_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
