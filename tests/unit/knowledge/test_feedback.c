/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What came of an incident moves its threshold, and the detectors see it moved at once. */
#include "knowledge/feedback.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { LOSS = HEAL_METRIC_LOSS };

static const heal_us second = HEAL_US_PER_S;

static struct heal_knowledge knowledge_of(const struct scene *scene) {
    struct heal_knowledge knowledge = {.thresholds.of[0].value = 0};

    heal_thresholds_init(&knowledge.thresholds, &scene->world.settings);
    return knowledge;
}

static float start_of(const struct scene *scene) {
    return scene->world.settings.threshold[LOSS].start;
}

/* An incident that is over, in seconds from its first sign. @param healed 0: it only ever closed. */
static struct heal_incident *past(struct scene *scene, heal_us opened, heal_us healed, heal_us closed) {
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);
    heal_us first = scene->world.now;

    incident->view.first_seen = first;
    incident->view.opened = first + opened * second;
    incident->view.healed = healed != 0 ? first + healed * second : 0;
    incident->view.closed = first + closed * second;
    return incident;
}

static void test_a_moved_threshold_is_in_force(void **state) {
    struct scene *scene = *state;
    struct heal_knowledge knowledge = knowledge_of(scene);
    const float *threshold = scene->world.threshold;

    heal_feedback_label(&knowledge, &scene->world, 7, HEAL_LINK_LOSS, false);
    assert_float_equal(threshold[LOSS], 1.15F * start_of(scene), 1e-6);
    heal_feedback_missed(&knowledge, &scene->world, HEAL_LINK_LOSS);
    assert_float_equal(threshold[LOSS], 0.85F * 1.15F * start_of(scene), 1e-6);
    assert_float_equal(threshold[LOSS], knowledge.thresholds.of[LOSS].value, 0);
    assert_float_equal(threshold[HEAL_METRIC_LATENCY],
                       scene->world.settings.threshold[HEAL_METRIC_LATENCY].start, 0);
}

static void test_a_moved_threshold_is_kept(void **state) {
    struct scene *scene = *state;
    struct heal_knowledge knowledge = knowledge_of(scene);

    heal_feedback_label(&knowledge, &scene->world, 7, HEAL_LINK_LOSS, false);
    struct heal_command kept = scene_take(scene, HEAL_COMMAND_STORE);
    assert_int_equal(kept.record.kind, HEAL_RECORD_THRESHOLD);
    assert_string_equal(kept.record.key, "loss");
}

/* What came of a past incident: the threshold, as a share of what it was, and the reason that was given. */
static void assert_moves(struct scene *scene, const struct heal_incident *incident, float factor,
                         const char *why) {
    struct heal_knowledge knowledge = knowledge_of(scene);

    scene->output.commands = scene->output.decisions = 0;
    heal_feedback_incident(&knowledge, &scene->world, incident);
    assert_float_equal(knowledge.thresholds.of[LOSS].value, factor * start_of(scene), 1e-6);
    assert_int_equal(scene->output.decisions, why ? 1 : 0);
    if (why)
        assert_non_null(strstr(scene->output.decision[0].text, why));
}

static void test_in_time_moves_nothing(void **state) {
    assert_moves(*state, past(*state, 6, 12, 60), 1, NULL);
}

static void test_found_late_tightens(void **state) {
    assert_moves(*state, past(*state, 7, 8, 60), 0.97F, "why=found-late");
}

static void test_mended_late_tightens(void **state) {
    assert_moves(*state, past(*state, 1, 13, 60), 0.97F, "why=mended-late");
}

static void test_what_only_closed_was_mended_then(void **state) {
    assert_moves(*state, past(*state, 1, 0, 12), 1, NULL);
    assert_moves(*state, past(*state, 1, 0, 13), 0.97F, "why=mended-late");
}

static void test_late_twice_tightens_once(void **state) {
    assert_moves(*state, past(*state, 30, 60, 90), 0.97F, "why=found-late");
}

static void test_refuted_relaxes_however_late(void **state) {
    struct heal_incident *incident = past(*state, 30, 60, 90);

    incident->view.refuted = true;
    assert_moves(*state, incident, 1.15F, "why=refuted");
}

/* An hour of loss, then another trouble: the second one's threshold is not to blame for the hour. */
static void test_a_diagnosis_made_anew_has_a_clock_of_its_own(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = past(scene, 30, 3600, 3660);

    incident->view.diagnosed = incident->view.first_seen + 3590 * second;
    assert_moves(scene, incident, 1, NULL);
    incident->view.diagnosed = incident->view.first_seen + 3580 * second;
    assert_moves(scene, incident, 0.97F, "why=mended-late");
    incident->view.healed = incident->view.first_seen + 100 * second; /* before it was called that */
    assert_moves(scene, incident, 1, NULL);
}

/* What a step did is on the record of what it was chosen for, with the time that it took itself. */
static void test_a_step_is_recorded_for_what_it_treats(void **state) {
    struct scene *scene = *state;
    struct heal_knowledge knowledge = knowledge_of(scene);
    struct heal_incident *incident = scene_link_incident(scene, HEAL_NEIGHBOUR_LOST);

    incident->view.opened = scene->world.now - 600 * second;
    incident->view.steps = 2;
    incident->view.step[1] =
        (struct heal_step_status){.remedy = HEAL_ROUTE_AROUND, .started = scene->world.now - 3 * second};
    incident->step[1].treats = HEAL_LINK_LOSS;
    heal_feedback_step(&knowledge, &scene->world, incident, 1, true);
    const struct heal_strategy *strategy = &knowledge.strategies.of[HEAL_LINK_LOSS][HEAL_ROUTE_AROUND];
    assert_int_equal(strategy->worked, 1);
    assert_float_equal(strategy->mttr_sum_s, 3, 1e-3);
    assert_int_equal(knowledge.strategies.of[HEAL_NEIGHBOUR_LOST][HEAL_ROUTE_AROUND].tried, 0);
}

static void test_another_nodes_incident_teaches_nothing(void **state) {
    struct heal_incident *incident = past(*state, 30, 60, 90);

    incident->view.role = HEAL_ROLE_UPSTREAM;
    assert_moves(*state, incident, 1, NULL);
}

/* The word of one that has fallen silent: neither was there trouble, nor was there none. */
static void test_a_withdrawn_report_teaches_nothing(void **state) {
    struct heal_incident *incident = past(*state, 30, 60, 90);

    incident->view.role = HEAL_ROLE_END;
    incident->view.withdrawn = true;
    assert_moves(*state, incident, 1, NULL);
}

#define FEEDBACK(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        FEEDBACK(test_a_moved_threshold_is_in_force),
        FEEDBACK(test_a_moved_threshold_is_kept),
        FEEDBACK(test_in_time_moves_nothing),
        FEEDBACK(test_found_late_tightens),
        FEEDBACK(test_mended_late_tightens),
        FEEDBACK(test_what_only_closed_was_mended_then),
        FEEDBACK(test_late_twice_tightens_once),
        FEEDBACK(test_refuted_relaxes_however_late),
        FEEDBACK(test_a_diagnosis_made_anew_has_a_clock_of_its_own),
        FEEDBACK(test_a_step_is_recorded_for_what_it_treats),
        FEEDBACK(test_another_nodes_incident_teaches_nothing),
        FEEDBACK(test_a_withdrawn_report_teaches_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
