/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The loop learns, in virtual time: the record of successes puts a wrong order right, false alarms relax a
 * threshold, missed trouble tightens it. */
#include "sim/drill.h"
#include "sim/hand.h"
#include "sim/rings.h"
#include "sim/sim_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static const heal_us second = HEAL_US_PER_S;

static void second_ten_heal_faster(void **state) {
    (void)state;
    struct sim_drill first = {0}, second_ten = {0};
    for (uint64_t seed = 1; seed <= 3; seed++)
        sim_drill_run(seed, &first, &second_ten);
    print_message("first ten: healed in %.2f s, %.2f wrong acts; second ten: %.2f s, %.2f\n",
                  first.heal_s / first.faults, first.wrong / first.faults,
                  second_ten.heal_s / second_ten.faults, second_ten.wrong / second_ten.faults);
    assert_true(second_ten.heal_s < 0.7 * first.heal_s);
    assert_true(second_ten.wrong < first.wrong);
}

static float threshold(struct heal_sim *mesh, int node, enum heal_metric metric,
                       struct heal_threshold_status *status) {
    for (size_t i = 0; heal_engine_threshold(mesh->node[node].engine, i, status); i++)
        if (status->metric == metric)
            return status->value;
    return -1;
}

static struct heal_sim *small_mesh(enum heal_mode mode) {
    struct heal_settings settings;
    heal_settings_init(&settings);
    settings.mode = mode;
    settings.ports_max = HEAL_PORTS_MAX;
    struct heal_sim *mesh = rings_make(4, 7, &settings);
    heal_sim_run(mesh, 20 * second);
    return mesh;
}

static void false_alarm_relaxes(void **state) {
    (void)state;
    struct heal_threshold_status status;
    struct heal_sim *mesh = small_mesh(HEAL_MODE_OBSERVE);
    float before = threshold(mesh, 1, HEAL_METRIC_LATENCY, &status);
    unsigned link = rings_link(mesh, 1, 2);
    for (int i = 0; i < 3; i++) { /* a delay that is over before anybody could have cared */
        heal_sim_disturb(mesh, link)->direction[0].delay_ms = 30;
        heal_sim_run(mesh, 3500 * HEAL_US_PER_MS);
        heal_sim_mend(mesh, link);
        heal_sim_run(mesh, 60 * second);
    }
    float after = threshold(mesh, 1, HEAL_METRIC_LATENCY, &status);
    print_message("latency threshold after three false alarms: %.2f, was %.2f\n", (double)after,
                  (double)before);
    assert_true(after > before);
    assert_true(after <= status.max);
    assert_true(status.relaxed > 0);
    heal_sim_free(mesh);
}

static void label_false_relaxes_once(void **state) {
    (void)state;
    struct heal_threshold_status status;
    struct heal_incident_status incident;
    struct heal_sim *mesh = small_mesh(HEAL_MODE_OBSERVE);
    unsigned link = rings_link(mesh, 1, 2);
    struct heal_sim_link *lossy = heal_sim_disturb(mesh, link);
    lossy->direction[0].loss = lossy->direction[1].loss = 0.3;
    heal_sim_run(mesh, 15 * second);
    assert_true(sim_drill_incident(mesh, 1, 0, &incident));
    float before = threshold(mesh, 1, HEAL_METRIC_LOSS, &status);
    struct heal_event_operator said = {
        .verb = HEAL_OPERATOR_LABEL, .incident = incident.id, .number = 0, .argument = "maintenance"};
    heal_hand_say(mesh, 1, &said);
    float once = threshold(mesh, 1, HEAL_METRIC_LOSS, &status);
    heal_hand_say(mesh, 1, &said);
    assert_true(once > before);
    assert_float_equal(threshold(mesh, 1, HEAL_METRIC_LOSS, &status), once, 0);
    heal_sim_free(mesh);
}

static void missed_trouble_tightens(void **state) {
    (void)state;
    struct heal_threshold_status status;
    struct heal_sim *mesh = small_mesh(HEAL_MODE_OBSERVE);
    float before = threshold(mesh, 0, HEAL_METRIC_LOSS, &status);
    struct heal_event_operator said = {.verb = HEAL_OPERATOR_MISSED, .argument = "link-loss"};
    for (int i = 0; i < 50; i++)
        heal_hand_say(mesh, 0, &said);
    float after = threshold(mesh, 0, HEAL_METRIC_LOSS, &status);
    assert_true(after < before);
    assert_float_equal(after, status.min, 1e-6);
    assert_true(status.tightened > 0);
    heal_sim_free(mesh);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(second_ten_heal_faster),
        cmocka_unit_test(false_alarm_relaxes),
        cmocka_unit_test(label_false_relaxes_once),
        cmocka_unit_test(missed_trouble_tightens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
