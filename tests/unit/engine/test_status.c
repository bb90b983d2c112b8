/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The snapshots of an engine, and how an incident is told in words. */
#include "base/text.h"
#include "bench.h"
#include "engine/internal.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

static void test_calm_port(void **state) {
    struct bench *bench = *state;
    struct heal_port_status port;

    assert_false(heal_engine_port(bench->engine, 0, &port));
    bench_run(bench, 60 * second);
    assert_true(heal_engine_port(bench->engine, 0, &port));
    assert_false(heal_engine_port(bench->engine, 1, &port));
    assert_string_equal(port.key.ifname, "mesh0");
    assert_true(port.up && port.hears && !port.examined);
    assert_int_equal(port.cost, 96);
    assert_float_equal(port.loss_in, 0, 1e-6);
    assert_float_equal(port.features.value[HEAL_FEATURE_LATENCY], 4.1, 0.3);
    assert_float_equal(port.normal.value[HEAL_FEATURE_LATENCY], 4.1, 0.3);
    /* Nothing is known of a radio: masked, not zero. */
    assert_false((port.features.valid | port.normal.valid) >> HEAL_FEATURE_RSSI & 1);
    struct heal_engine_status status = bench_status(bench);
    assert_string_equal(status.node, "here");
    assert_int_equal(status.ports, 1);
    assert_int_equal(status.neighbours_healthy, 1);
    assert_int_equal(status.rounds, 60);
    assert_float_equal(status.node_features.value[HEAL_FEATURE_CPU], 0.25, 1e-6);
    assert_float_equal(status.node_features.value[HEAL_FEATURE_MEMORY], 0.5, 1e-6);
}

/* That nothing was lost of what nobody counted is no loss of nothing. */
static void test_a_dead_link_has_lost_all(void **state) {
    struct bench *bench = *state;
    struct heal_port_status port;

    bench_run(bench, 60 * second);
    bench->silent = true;
    bench_run(bench, 20 * second);
    assert_true(heal_engine_port(bench->engine, 0, &port));
    assert_false(port.hears);
    assert_float_equal(port.loss_in, 1, 0);
    assert_true(port.loss_out < 0); /* only the neighbour could tell */
    assert_float_equal(port.features.value[HEAL_FEATURE_LOSS], 1, 0);
    assert_true(port.features.valid >> HEAL_FEATURE_LOSS & 1);
}

static void test_sick_port(void **state) {
    struct bench *bench = *state;
    struct heal_port_status port;
    struct heal_incident_status incident;

    bench_run(bench, 60 * second);
    bench->lost_of_ten = 4;
    bench_run(bench, 20 * second);
    assert_true(heal_engine_port(bench->engine, 0, &port));
    assert_true(port.examined);
    assert_true(port.loss_in > 0.3F && port.loss_in < 0.5F);
    assert_true(port.normal.value[HEAL_FEATURE_LOSS] < 0.05F); /* the fault does not become normal */
    struct heal_engine_status status = bench_status(bench);
    assert_int_equal(status.incidents_open, 1);
    assert_int_equal(status.neighbours_healthy, 0);
    assert_true(heal_engine_incident(bench->engine, 0, &incident));
    struct heal_incident_status found = {0};
    assert_false(heal_engine_incident_find(bench->engine, incident.id + 1, &found));
    assert_int_equal(found.id, 0);
    assert_true(heal_engine_incident_find(bench->engine, incident.id, &found));
    assert_memory_equal(&found, &incident, sizeof found);
    char outlook[1024] = "untouched";
    assert_int_equal(heal_engine_outlook(bench->engine, incident.id + 1, outlook, sizeof outlook), -ENOENT);
    assert_string_equal(outlook, "");
    assert_int_equal(heal_engine_outlook(bench->engine, incident.id, outlook, sizeof outlook), 0);
    assert_non_null(strstr(outlook, "Nothing is done in mode observe"));
    assert_false(heal_engine_incident(bench->engine, 1, &incident));
    assert_int_equal(status.incidents_total[incident.ranked[0].diagnosis], 1);
    assert_int_equal(status.mttd_count, 1);
}

static void test_strategies_are_those_of_the_policies(void **state) {
    struct bench *bench = *state;
    struct heal_strategy_status status;
    size_t wanted = 0, count = 0;

    for (int i = 0; i < HEAL_DIAGNOSES; i++)
        wanted += bench->settings.policy[i].steps;
    while (heal_engine_strategy(bench->engine, count, &status))
        count++;
    assert_int_equal(count, wanted);
    count = 0;
    for (struct heal_threshold_status threshold; heal_engine_threshold(bench->engine, count, &threshold);)
        assert_int_equal(threshold.metric, count++);
    assert_int_equal(count, HEAL_METRICS);
}

static void test_decision_as_a_line(void **state) {
    (void)state;
    struct heal_decision decision = {
        .time = 12 * second + 34, .kind = HEAL_DECISION_PLAN, .incident = 7, .text = "remedy=notify"};
    char line[64];

    int length = heal_decision_format(&decision, line, sizeof line);
    assert_string_equal(line, "12.000034 plan incident=7 remedy=notify");
    assert_int_equal(length, strlen(line));
    assert_int_equal(heal_decision_format(&decision, line, (size_t)length + 1), length);
    assert_int_equal(heal_decision_format(&decision, line, (size_t)length), -ENOSPC);
    decision.incident = 0;
    heal_decision_format(&decision, line, sizeof line);
    assert_string_equal(line, "12.000034 plan remedy=notify");
}

static struct heal_incident_status told_incident(void) {
    struct heal_incident_status incident = {
        .id = 5,
        .role = HEAL_ROLE_OWNER,
        .node = "here",
        .other = "west",
        .ifname = "mesh0",
        .first_seen = 10 * second,
        .opened = 12 * second,
        .healed = 13 * second,
        .closed = 60 * second,
        .label = -1,
        .ranks = 2,
        .ranked = {{HEAL_LINK_LOSS, 0.97F},                         {HEAL_INTERFERENCE, 0.4F}},
        .evidences = 2,
        .evidence = {{.what = "loss out",
                      .unit = "share",
                      .seen = 0.2F,
                      .normal = 0.01F,
                      .threshold = 0.03F,
                      .has_normal = true,
                      .has_threshold = true,
                      .samples = 80},
                   {.what = "round trip", .unit = "ms", .seen = 4}},
        .steps = 1,
        .step = {{.remedy = HEAL_ROUTE_AROUND,
                  .state = HEAL_STEP_DONE,
                  .started = 12 * second + 250000,
                  .rule = "policy link-loss",
                  .outcome = "worked"}},
    };
    return incident;
}

static void test_incident_in_words(void **state) {
    (void)state;
    struct heal_incident_status incident = told_incident();
    char text[2048];

    size_t length = heal_incident_explain(&incident, 100 * second, text, sizeof text);
    assert_int_equal(length, strlen(text));
    assert_string_equal(
        text,
        "Incident 5: link-loss on the link between here and west (interface mesh0), confidence 97 %.\n"
        "The link loses packets of every size in both directions.\n"
        "First seen 90 s ago, detected 2.0 s after that, healed 1.0 s after detection, closed 40 s ago.\n"
        "Role: this node owns the incident.\n"
        "\n"
        "What was seen (detector link-loss):\n"
        "  - loss out: 20.0 %; normal here: 1.0 %; limit: 3.0 % (from 80 samples)\n"
        "  - round trip: 4 ms\n"
        "Also considered: interference (40 %).\n"
        "\n"
        "What was done:\n"
        "  1. route-around: lead the traffic around it by override routes, 250 ms after detection.\n"
        "     Chosen: policy link-loss.\n"
        "     Now done: worked.\n");
}

static bool is_told(const struct heal_incident_status *incident, const char *words) {
    char text[2048];

    heal_incident_explain(incident, 100 * second, text, sizeof text);
    return strstr(text, words) != NULL;
}

static void test_incident_in_words_of_every_kind(void **state) {
    (void)state;
    struct heal_incident_status incident = told_incident();

    assert_false(is_told(&incident, "Held back"));
    incident.suppressed = HEAL_SUPPRESSED_COOLDOWN;
    assert_true(is_told(&incident, "Held back: cooldown."));
    incident.refuted = true;
    assert_true(is_told(&incident, "false alarm"));
    incident.refuted = false;
    incident.withdrawn = true;
    assert_true(is_told(&incident, "Another node had reported it, and no longer does"));
    incident.on_trial = true;
    assert_true(is_told(&incident, "On trial: "));
    incident.label = 0;
    assert_true(is_told(&incident, "Labelled false by an operator."));
    incident.label = 1;
    assert_true(is_told(&incident, "Labelled true by an operator."));
    incident.role = HEAL_ROLE_UPSTREAM;
    assert_true(is_told(&incident, "this node's traffic passes there"));
    incident.steps = 0;
    assert_true(is_told(&incident, "nothing yet"));
    heal_name_copy(incident.service, sizeof incident.service, "worker");
    assert_true(is_told(&incident, "service worker on here"));
    for (int i = HEAL_NOT_SUPPRESSED + 1; i < HEAL_SUPPRESSIONS; i++) {
        incident.suppressed = (enum heal_suppression)i;
        assert_true(is_told(&incident, heal_suppression_name((enum heal_suppression)i)));
    }
}

static void test_what_was_changed_and_when_it_was_diagnosed(void **state) {
    (void)state;
    struct heal_incident_status incident = told_incident();

    incident.diagnosed = incident.opened;
    assert_false(is_told(&incident, "anew"));
    incident.diagnosed = incident.opened + 40 * second;
    incident.opened_as = HEAL_LINK_FLAP;
    assert_true(is_told(&incident, "2.0 s after that as link-flap, diagnosed anew 40 s after detection"));
    heal_name_copy(incident.step[0].changed, sizeof incident.step[0].changed, "fd00::3/128 over mesh1");
    assert_true(is_told(&incident, "     It led fd00::3/128 over mesh1.\n"));
    incident.step[0].state = HEAL_STEP_WOULD;
    assert_true(is_told(&incident, "Not done: it would be done in mode act.\n"));
}

/* What hid the trouble was taken back while it was not seen: for half a minute that is a trial. */
static void test_closed_on_trial(void **state) {
    struct bench *bench = *state;
    struct heal_incident_status seen;

    bench_run(bench, 60 * second);
    struct heal_world *world = &bench->engine->world;
    struct heal_incident *incident = heal_world_incident_make(world);
    incident->view.steps = 1;
    incident->view.step[0] = (struct heal_step_status){.remedy = HEAL_CLAMP_MTU, .state = HEAL_STEP_DONE};
    incident->gone_since = world->now - 10 * second;
    incident->step[0].undone_at = incident->view.closed = world->now;
    assert_true(heal_engine_incident_find(bench->engine, incident->view.id, &seen));
    assert_true(seen.on_trial);
    assert_true(heal_engine_incident(bench->engine, 0, &seen));
    assert_true(seen.on_trial);
    incident->view.step[0].remedy = HEAL_ROUTE_AROUND; /* hides nothing */
    assert_true(heal_engine_incident(bench->engine, 0, &seen));
    assert_false(seen.on_trial);
    incident->view.step[0].remedy = HEAL_CLAMP_MTU;
    incident->gone_since = world->now + 1; /* it was there again after that */
    assert_true(heal_engine_incident(bench->engine, 0, &seen));
    assert_false(seen.on_trial);
    incident->gone_since = 1;
    bench_run(bench, 31 * second);
    assert_true(heal_engine_incident(bench->engine, 0, &seen));
    assert_false(seen.on_trial);
}

/* A diagnosis or a remedy that was added without its words shows here. */
static void test_every_diagnosis_and_remedy_has_its_words(void **state) {
    (void)state;
    struct heal_incident_status incident = told_incident();

    for (int i = 0; i < HEAL_DIAGNOSES; i++) {
        for (int j = 0; j < HEAL_REMEDIES; j++) {
            incident.ranked[0].diagnosis = (enum heal_diagnosis)i;
            incident.steps = 1;
            incident.step[0].remedy = (enum heal_remedy)j;
            assert_true(is_told(&incident, heal_diagnosis_slug((enum heal_diagnosis)i)));
            assert_true(is_told(&incident, heal_remedy_slug((enum heal_remedy)j)));
            assert_false(is_told(&incident, "(null)"));
        }
    }
}

static void test_words_that_do_not_fit_say_so(void **state) {
    (void)state;
    struct heal_incident_status incident = told_incident();
    char text[64];

    for (size_t size = 8; size <= sizeof text; size++) {
        memset(text, 'x', sizeof text);
        size_t length = heal_incident_explain(&incident, 100 * second, text, size);
        assert_int_equal(length, size - 1);
        assert_string_equal(text + length - strlen("…"), "…");
    }
    assert_int_equal(heal_incident_explain(&incident, 100 * second, text, 1), 0);
}

#define STATUS(test) cmocka_unit_test_setup_teardown(test, bench_make, bench_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        STATUS(test_calm_port),
        STATUS(test_a_dead_link_has_lost_all),
        STATUS(test_closed_on_trial),
        STATUS(test_sick_port),
        STATUS(test_strategies_are_those_of_the_policies),
        cmocka_unit_test(test_decision_as_a_line),
        cmocka_unit_test(test_incident_in_words),
        cmocka_unit_test(test_what_was_changed_and_when_it_was_diagnosed),
        cmocka_unit_test(test_incident_in_words_of_every_kind),
        cmocka_unit_test(test_every_diagnosis_and_remedy_has_its_words),
        cmocka_unit_test(test_words_that_do_not_fit_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
