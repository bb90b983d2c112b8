/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What the healds said, judged against where the fault is: right place, right name, acts elsewhere. */
#include "trial/findings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct heal_topology topology;

static struct heal_fault fault_of(const char *words) {
    struct heal_fault fault;

    assert_int_equal(heal_fault_parse(words, &topology, &fault, NULL), 0);
    return fault;
}

static bool holds(const char *words, const char *node, const char *other) {
    struct heal_fault fault = fault_of(words);
    struct heal_scope scope = heal_scope_of(&fault, &topology);

    return heal_scope_holds(&scope, &topology, node, other);
}

static void scope_of_link_wants_both_ends(void **state) {
    (void)state;
    assert_true(holds("loss n0-n1 20%", "n0", "n1"));
    assert_true(holds("loss n0-n1 20%", "n1", "n0"));
    assert_true(holds("loss n0>n1 20%", "n1", "n0"));
    assert_false(holds("loss n0-n1 20%", "n0", ""));
    assert_false(holds("loss n0-n1 20%", "n0", "n7"));
    assert_false(holds("loss n0-n1 20%", "n0", "n0"));
    assert_false(holds("loss n0-n1 20%", "n0", "stranger"));
}

static void scope_of_node_takes_its_links(void **state) {
    (void)state;
    assert_true(holds("pause n3", "n3", ""));
    assert_true(holds("pause n3", "n2", "n3"));
    assert_false(holds("pause n3", "n2", "n1"));
    assert_true(holds("forwarding n3 off", "n3", ""));
    assert_true(holds("service n4 worker", "n4", ""));
    assert_false(holds("cpu n2 25%", "n3", ""));
}

static void scope_of_noise_is_a_region(void **state) {
    (void)state;
    /* n6 stands at 0,-100. */
    assert_true(holds("noise 0,-100 radius 10 +20dB", "n5", "n6"));
    assert_false(holds("noise 0,-100 radius 10 +20dB", "n4", "n5"));
}

static enum heal_findings_news take(struct heal_findings *findings, unsigned node, const char *line) {
    struct heal_sighting sighting = {.node = node};

    assert_int_equal(heal_sighting_parse(line, &sighting.decision), 0);
    return heal_findings_take(findings, &sighting);
}

static void lines_of_a_trace(void **state) {
    (void)state;
    struct heal_decision decision = {.text = "untouched"};
    char value[32];

    assert_int_equal(heal_sighting_parse("", &decision), -EINVAL);
    assert_int_equal(heal_sighting_parse("x incident", &decision), -EINVAL);
    assert_int_equal(heal_sighting_parse("1.5", &decision), -EINVAL);
    assert_int_equal(heal_sighting_parse("1.5 gossip a=1", &decision), -EINVAL);
    assert_int_equal(heal_sighting_parse("nan incident a=1", &decision), -EINVAL);
    assert_string_equal(decision.text, "untouched");
    assert_int_equal(
        heal_sighting_parse("62.100000 plan incident=12 remedy=notify rule=\"a remedy=no b\"", &decision), 0);
    assert_int_equal(decision.time, 62100000);
    assert_int_equal(decision.kind, HEAL_DECISION_PLAN);
    assert_int_equal(decision.incident, 12);
    assert_true(heal_decision_value(&decision, "remedy", value, sizeof value));
    assert_string_equal(value, "notify");
    assert_true(heal_decision_value(&decision, "rule", value, sizeof value));
    assert_string_equal(value, "a remedy=no b");
    assert_false(heal_decision_value(&decision, "other", value, sizeof value));
}

static void what_is_seen_counts_from_the_fault_on(void **state) {
    (void)state;
    struct heal_fault fault = fault_of("loss n0-n1 20%");
    struct heal_findings findings;

    heal_findings_init(&findings, &topology, &fault, 50 * HEAL_US_PER_S);
    assert_int_equal(
        take(&findings, 0, "49.0 incident incident=1 opened node=n0 other=n1 service= role=owner"),
        HEAL_FINDINGS_NOTHING);
    assert_int_equal(
        take(&findings, 0, "52.0 incident incident=2 opened node=n0 other=n1 service= role=owner"),
        HEAL_FINDINGS_DETECTED);
    assert_int_equal(take(&findings, 0, "52.0 diagnosis incident=2 diagnosis=link-loss confidence=0.98"),
                     HEAL_FINDINGS_DIAGNOSED);
    /* Traces are read one after the other: an earlier word may be read later. */
    assert_int_equal(take(&findings, 1, "51.0 incident incident=1 opened node=n1 other=n0 service= role=end"),
                     HEAL_FINDINGS_DETECTED);
    assert_int_equal(take(&findings, 1, "51.0 diagnosis incident=1 diagnosis=one-way-link confidence=0.9"),
                     HEAL_FINDINGS_DIAGNOSED);
    assert_int_equal(take(&findings, 0, "53.0 diagnosis incident=2 diagnosis=link-flap confidence=0.9"),
                     HEAL_FINDINGS_NOTHING);
    assert_int_equal(findings.detected, 51 * HEAL_US_PER_S);
    assert_int_equal(findings.diagnosis, HEAL_ONE_WAY_LINK);
    assert_int_equal(take(&findings, 0, "52.1 plan incident=2 remedy=route-around mode=act"),
                     HEAL_FINDINGS_ACTS);
    assert_int_equal(take(&findings, 0, "52.2 plan incident=2 remedy=notify mode=act"),
                     HEAL_FINDINGS_NOTHING);
    assert_string_equal(findings.remedy, "route-around");
    assert_int_equal(findings.acts, 1);
    assert_true(heal_findings_open(&findings));
    take(&findings, 0, "70.0 incident incident=2 closed diagnosis=link-loss refuted=no");
    take(&findings, 1, "70.0 incident incident=1 closed diagnosis=link-loss refuted=no");
    assert_false(heal_findings_open(&findings));
}

static void acts_elsewhere_are_counted(void **state) {
    (void)state;
    struct heal_fault fault = fault_of("loss n0-n1 20%");
    struct heal_findings findings;

    heal_findings_init(&findings, &topology, &fault, 0);
    take(&findings, 2, "1.0 incident incident=7 opened node=n2 other= service= role=owner");
    assert_int_equal(take(&findings, 2, "1.0 plan incident=7 remedy=restore-routes mode=act"),
                     HEAL_FINDINGS_ASTRAY);
    /* The same number on another node is another incident, which nobody has seen opened: no excuse for acts.
     */
    assert_int_equal(take(&findings, 3, "1.0 plan incident=7 remedy=restore-routes mode=act"),
                     HEAL_FINDINGS_ASTRAY);
    assert_int_equal(findings.incidents_elsewhere, 1);
    assert_int_equal(findings.acts_elsewhere, 2);
    assert_int_equal(findings.detected, 0);
}

static void a_flood_of_incidents_is_bounded(void **state) {
    (void)state;
    struct heal_fault fault = fault_of("loss n0-n1 20%");
    struct heal_findings findings;
    char line[120];

    heal_findings_init(&findings, &topology, &fault, 0);
    for (unsigned i = 0; i < 3 * HEAL_FINDINGS_INCIDENTS_MAX; i++) {
        snprintf(line, sizeof line, "1.0 incident incident=%u opened node=n2 other= service= role=owner",
                 i + 1);
        take(&findings, 2, line);
    }
    assert_int_equal(findings.findings, HEAL_FINDINGS_INCIDENTS_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scope_of_link_wants_both_ends),
        cmocka_unit_test(scope_of_node_takes_its_links),
        cmocka_unit_test(scope_of_noise_is_a_region),
        cmocka_unit_test(lines_of_a_trace),
        cmocka_unit_test(what_is_seen_counts_from_the_fault_on),
        cmocka_unit_test(acts_elsewhere_are_counted),
        cmocka_unit_test(a_flood_of_incidents_is_bounded),
    };

    heal_topology_init(&topology);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
