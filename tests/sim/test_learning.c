/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The loop learns, in virtual time: the operator's policy has the wrong order for this mesh; the record of
 * successes puts it right. False alarms relax a threshold, missed trouble tightens it. */
#include "sim/mesh.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static const heal_us second = HEAL_US_PER_S;

static void bad_policy(struct heal_settings *settings) {
    heal_settings_init(settings);
    settings->mode = HEAL_MODE_ACT;
    settings->ports_max = SIM_PORTS_MAX;
    struct heal_policy *policy = &settings->policy[HEAL_LINK_LOSS];
    policy->step[0] = HEAL_BOUNCE_LINK; /* cures nothing on this mesh, and takes its time */
    policy->step[1] = HEAL_LINK_COST;
    policy->steps = 2;
    policy->cooldown_us = 0;
    policy->max_per_window = 1000;
}

struct cycle {
    double heal_s;
    unsigned wrong; /**< steps that failed before one worked */
};

static bool owner_incident(struct sim_mesh *mesh, int node, heal_us since,
                           struct heal_incident_status *ret_incident) {
    for (size_t i = 0; heal_engine_incident(mesh->node[node].engine, i, ret_incident); i++)
        if (ret_incident->opened > since)
            return true;
    return false;
}

static struct cycle run_cycle(struct sim_mesh *mesh) {
    int link = sim_mesh_find_link(mesh, 1, 2);
    struct heal_incident_status incident;
    heal_us begun = mesh->now;
    struct cycle cycle = {.heal_s = 60};
    for (int way = 0; way < 2; way++)
        mesh->link[link].way[way].loss = mesh->link[link].way[way].loss_full = 0.2;
    while (mesh->now - begun < 60 * second) {
        sim_mesh_run(mesh, second / 10);
        if (owner_incident(mesh, 1, begun, &incident) && incident.healed != 0)
            break;
    }
    assert_true(owner_incident(mesh, 1, begun, &incident));
    if (incident.healed != 0)
        cycle.heal_s = (double)(incident.healed - incident.opened) / 1e6;
    for (size_t i = 0; i < incident.steps; i++)
        cycle.wrong +=
            incident.step[i].state == HEAL_STEP_FAILED || incident.step[i].state == HEAL_STEP_UNDOING;
    memset(mesh->link[link].way, 0, sizeof mesh->link[link].way);
    sim_mesh_run(mesh, 400 * second);
    return cycle;
}

static void second_ten_heal_faster(void **state) {
    (void)state;
    double heal_s[2] = {0, 0};
    unsigned wrong[2] = {0, 0};
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct heal_settings settings;
        bad_policy(&settings);
        struct sim_mesh *mesh = sim_mesh_new(seed);
        sim_mesh_ring(mesh, 5, false, false, &settings);
        sim_mesh_run(mesh, 20 * second);
        for (int i = 0; i < 20; i++) {
            struct cycle cycle = run_cycle(mesh);
            heal_s[i / 10] += cycle.heal_s;
            wrong[i / 10] += cycle.wrong;
        }
        sim_mesh_free(mesh);
    }
    print_message("first ten: healed in %.2f s, %.2f wrong acts; second ten: %.2f s, %.2f\n", heal_s[0] / 30,
                  wrong[0] / 30.0, heal_s[1] / 30, wrong[1] / 30.0);
    assert_true(heal_s[1] < 0.7 * heal_s[0]);
    assert_true(wrong[1] < wrong[0]);
}

static float threshold(struct sim_mesh *mesh, int node, enum heal_metric metric,
                       struct heal_threshold_status *status) {
    for (size_t i = 0; heal_engine_threshold(mesh->node[node].engine, i, status); i++)
        if (status->metric == metric)
            return status->value;
    return -1;
}

static struct sim_mesh *small_mesh(enum heal_mode mode) {
    struct heal_settings settings;
    heal_settings_init(&settings);
    settings.mode = mode;
    settings.ports_max = SIM_PORTS_MAX;
    struct sim_mesh *mesh = sim_mesh_new(7);
    sim_mesh_ring(mesh, 4, false, false, &settings);
    sim_mesh_run(mesh, 20 * second);
    return mesh;
}

static void false_alarm_relaxes(void **state) {
    (void)state;
    struct heal_threshold_status status;
    struct sim_mesh *mesh = small_mesh(HEAL_MODE_OBSERVE);
    float before = threshold(mesh, 1, HEAL_METRIC_LATENCY, &status);
    int link = sim_mesh_find_link(mesh, 1, 2);
    for (int i = 0; i < 3; i++) { /* a delay that is over before anybody could have cared */
        mesh->link[link].way[0].delay_ms = 30;
        sim_mesh_run(mesh, 3500 * HEAL_US_PER_MS);
        mesh->link[link].way[0].delay_ms = 0;
        sim_mesh_run(mesh, 60 * second);
    }
    float after = threshold(mesh, 1, HEAL_METRIC_LATENCY, &status);
    print_message("latency threshold after three false alarms: %.2f, was %.2f\n", (double)after,
                  (double)before);
    assert_true(after > before);
    assert_true(after <= status.max);
    assert_true(status.relaxed > 0);
    sim_mesh_free(mesh);
}

static void label_false_relaxes_once(void **state) {
    (void)state;
    struct heal_threshold_status status;
    struct heal_incident_status incident;
    struct sim_mesh *mesh = small_mesh(HEAL_MODE_OBSERVE);
    int link = sim_mesh_find_link(mesh, 1, 2);
    mesh->link[link].way[0].loss = mesh->link[link].way[1].loss = 0.3;
    sim_mesh_run(mesh, 15 * second);
    assert_true(owner_incident(mesh, 1, 0, &incident));
    float before = threshold(mesh, 1, HEAL_METRIC_LOSS, &status);
    struct heal_event_operator said = {
        .verb = HEAL_OPERATOR_LABEL, .incident = incident.id, .number = 0, .argument = "maintenance"};
    sim_mesh_operator(mesh, 1, &said);
    float once = threshold(mesh, 1, HEAL_METRIC_LOSS, &status);
    sim_mesh_operator(mesh, 1, &said);
    assert_true(once > before);
    assert_float_equal(threshold(mesh, 1, HEAL_METRIC_LOSS, &status), once, 0);
    sim_mesh_free(mesh);
}

static void missed_trouble_tightens(void **state) {
    (void)state;
    struct heal_threshold_status status;
    struct sim_mesh *mesh = small_mesh(HEAL_MODE_OBSERVE);
    float before = threshold(mesh, 0, HEAL_METRIC_LOSS, &status);
    struct heal_event_operator said = {.verb = HEAL_OPERATOR_MISSED, .argument = "link-loss"};
    for (int i = 0; i < 50; i++)
        sim_mesh_operator(mesh, 0, &said);
    float after = threshold(mesh, 0, HEAL_METRIC_LOSS, &status);
    assert_true(after < before);
    assert_float_equal(after, status.min, 1e-6);
    assert_true(status.tightened > 0);
    sim_mesh_free(mesh);
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
