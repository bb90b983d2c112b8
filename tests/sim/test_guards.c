/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The guard rails and the modes: what keeps the loop from acting. */
#include "sim/hand.h"
#include "sim/rings.h"
#include "sim/shell.h"
#include "sim/sim_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static const heal_us second = HEAL_US_PER_S;

static struct heal_sim *mesh_with(const struct heal_settings *settings, int nodes) {
    struct heal_sim *mesh = rings_make((unsigned)nodes, 3, settings);
    heal_sim_run(mesh, 20 * second);
    return mesh;
}

static void defaults(struct heal_settings *settings) {
    heal_settings_init(settings);
    settings->mode = HEAL_MODE_ACT;
    settings->ports_max = HEAL_PORTS_MAX;
}

static void make_lossy(struct heal_sim *mesh, int a, int b, double loss) {
    struct heal_sim_link *link = heal_sim_disturb(mesh, rings_link(mesh, (unsigned)a, (unsigned)b));
    for (int i = 0; i < 2; i++)
        link->direction[i].loss = link->direction[i].loss_full = loss;
}

static unsigned acts(const struct heal_sim *mesh) {
    unsigned total = 0;
    for (unsigned i = 0; i < mesh->nodes; i++)
        for (int kind = 0; kind < HEAL_COMMAND_KINDS; kind++)
            total += heal_command_is_act((enum heal_command_kind)kind) ? mesh->node[i].acts[kind] : 0;
    return total;
}

static bool latest(struct heal_sim *mesh, int node, struct heal_incident_status *ret_incident) {
    return heal_engine_incident(mesh->node[node].engine, 0, ret_incident);
}

static void observe_does_nothing_and_says_what_it_would(void **state) {
    (void)state;
    struct heal_settings settings;
    struct heal_incident_status incident;
    defaults(&settings);
    settings.mode = HEAL_MODE_OBSERVE;
    struct heal_sim *mesh = mesh_with(&settings, 4);
    make_lossy(mesh, 1, 2, 0.3);
    heal_sim_run(mesh, 20 * second);
    assert_true(latest(mesh, 1, &incident));
    assert_int_equal(incident.ranked[0].diagnosis, HEAL_LINK_LOSS);
    assert_int_equal(incident.steps, 1);
    assert_int_equal(incident.step[0].state, HEAL_STEP_WOULD);
    assert_int_equal(acts(mesh), 0);
    heal_sim_free(mesh);
}

static void warn_tells_and_does_nothing(void **state) {
    (void)state;
    struct heal_settings settings;
    defaults(&settings);
    settings.mode = HEAL_MODE_WARN;
    struct heal_sim *mesh = mesh_with(&settings, 4);
    make_lossy(mesh, 1, 2, 0.3);
    heal_sim_run(mesh, 20 * second);
    assert_int_equal(acts(mesh), 0);
    assert_true(mesh->node[1].acts[HEAL_COMMAND_NOTIFY] > 0);
    heal_sim_free(mesh);
}

static void pause_holds_until_resumed(void **state) {
    (void)state;
    struct heal_settings settings;
    struct heal_incident_status incident;
    defaults(&settings);
    struct heal_sim *mesh = mesh_with(&settings, 4);
    struct heal_event_operator pause = {
        .verb = HEAL_OPERATOR_PAUSE, .number = 30, .argument = "work on the mast"};
    for (unsigned i = 0; i < 4; i++)
        heal_hand_say(mesh, i, &pause);
    make_lossy(mesh, 1, 2, 0.3);
    heal_sim_run(mesh, 20 * second);
    assert_true(latest(mesh, 1, &incident));
    assert_int_equal(incident.suppressed, HEAL_SUPPRESSED_PAUSED);
    assert_int_equal(acts(mesh), 0);
    heal_sim_run(mesh, 15 * second);
    assert_true(acts(mesh) > 0);
    heal_sim_free(mesh);
}

static void waits_as_long_as_the_policy_says(void **state) {
    (void)state;
    struct heal_settings settings;
    struct heal_incident_status incident;
    defaults(&settings);
    settings.policy[HEAL_LINK_LOSS].for_us = 10 * second;
    struct heal_sim *mesh = mesh_with(&settings, 4);
    make_lossy(mesh, 1, 2, 0.3);
    heal_sim_run(mesh, 8 * second);
    assert_true(latest(mesh, 1, &incident));
    assert_int_equal(incident.steps, 0);
    assert_int_equal(incident.suppressed, HEAL_SUPPRESSED_WAITING);
    heal_sim_run(mesh, 10 * second);
    assert_true(latest(mesh, 1, &incident));
    assert_true(incident.steps > 0);
    heal_sim_free(mesh);
}

static void unsure_diagnosis_is_not_acted_on(void **state) {
    (void)state;
    struct heal_settings settings;
    struct heal_incident_status incident;
    defaults(&settings);
    settings.policy[HEAL_LINK_LOSS].min_confidence = 0.999F;
    struct heal_sim *mesh = mesh_with(&settings, 4);
    make_lossy(mesh, 1, 2, 0.3);
    heal_sim_run(mesh, 20 * second);
    assert_true(latest(mesh, 1, &incident));
    assert_int_equal(incident.suppressed, HEAL_SUPPRESSED_CONFIDENCE);
    assert_int_equal(acts(mesh), 0);
    heal_sim_free(mesh);
}

static void storm_stops_all_acts(void **state) {
    (void)state;
    struct heal_settings settings;
    struct heal_engine_status status;
    defaults(&settings);
    settings.storm_limit = 2;
    struct heal_sim *mesh = mesh_with(&settings, 4);
    make_lossy(mesh, 0, 1, 0.3);
    make_lossy(mesh, 1, 2, 0.3);
    mesh->node[1].service[0].running = false;
    heal_sim_run(mesh, 10 * second);
    heal_engine_status(mesh->node[1].engine, &status);
    assert_true(status.incidents_open >= 2);
    assert_true(status.storm);
    assert_true(status.suppressed_total[HEAL_SUPPRESSED_STORM] > 0);
    heal_sim_free(mesh);
}

/* With two neighbours and a floor of two, no remedy that takes one away may be used. */
static void keeps_enough_neighbours(void **state) {
    (void)state;
    struct heal_settings settings;
    struct heal_incident_status incident;
    defaults(&settings);
    settings.min_healthy_neighbours = 2;
    settings.policy[HEAL_LINK_LOSS].step[0] = HEAL_BOUNCE_LINK;
    settings.policy[HEAL_LINK_LOSS].steps = 1;
    struct heal_sim *mesh = mesh_with(&settings, 4);
    make_lossy(mesh, 1, 2, 0.3);
    heal_sim_run(mesh, 20 * second);
    assert_true(latest(mesh, 1, &incident));
    assert_int_equal(incident.suppressed, HEAL_SUPPRESSED_MIN_NEIGHBOURS);
    assert_int_equal(mesh->node[1].acts[HEAL_COMMAND_LINK_BOUNCE], 0);
    heal_sim_free(mesh);
}

/* A service that dies at once after each restart: the budget ends it, people are called. */
static void budget_ends_a_repair_loop(void **state) {
    (void)state;
    struct heal_settings settings;
    defaults(&settings);
    settings.services = 1;
    settings.service[0] = (struct heal_service_setting){.name = "worker", .restartable = true};
    settings.policy[HEAL_SERVICE_DOWN].max_per_window = 3;
    settings.policy[HEAL_SERVICE_DOWN].escalate = false;
    settings.policy[HEAL_SERVICE_DOWN].cooldown_us = 0;
    struct heal_sim *mesh = mesh_with(&settings, 4);
    for (int i = 0; i < 120; i++) {
        if (i % 5 == 0)
            mesh->node[1].service[0].running = false;
        heal_sim_run(mesh, second);
    }
    assert_true(mesh->node[1].acts[HEAL_COMMAND_SERVICE_RESTART] <= 3);
    assert_true(mesh->node[1].acts[HEAL_COMMAND_SERVICE_RESTART] >= 1);
    heal_sim_free(mesh);
}

static void trouble_that_comes_back_escalates(void **state) {
    (void)state;
    struct heal_settings settings;
    struct heal_incident_status incident;
    defaults(&settings);
    settings.services = 1;
    settings.service[0] = (struct heal_service_setting){.name = "worker", .restartable = true};
    settings.policy[HEAL_SERVICE_DOWN].cooldown_us = 0;
    struct heal_sim *mesh = mesh_with(&settings, 4);
    mesh->node[1].service[0].running = false;
    heal_sim_run(mesh, 20 * second);
    assert_true(latest(mesh, 1, &incident));
    assert_int_equal(incident.step[0].remedy, HEAL_RESTART_SERVICE);
    assert_int_equal(incident.step[0].state, HEAL_STEP_DONE);
    mesh->node[1].service[0].running = false;
    heal_sim_run(mesh, 20 * second);
    assert_true(latest(mesh, 1, &incident));
    assert_int_equal(incident.step[0].remedy, HEAL_NOTIFY);
    heal_sim_free(mesh);
}

/* After a crash in the middle of a repair, the next run takes the half-done step back. */
static void leftover_step_is_undone(void **state) {
    (void)state;
    struct heal_settings settings;
    struct heal_engine *engine;
    struct heal_output *output = test_calloc(1, sizeof *output);
    defaults(&settings);
    assert_int_equal(heal_engine_new("n1", &settings, 1, &engine), 0);
    struct heal_event event = {.kind = HEAL_EVENT_RESTORE, .record = {.kind = HEAL_RECORD_STEP}};
    strcpy(event.record.key, "17/0");
    strcpy(event.record.value,
           "remedy=clamp-mtu state=holding ifname=to-n2 peer=fe80::2 service=\"\" before=1500");
    heal_engine_step(engine, second, &event, output);
    event = (struct heal_event){.kind = HEAL_EVENT_ROUND};
    heal_engine_step(engine, 2 * second, &event, output);
    struct heal_command mtu = {0};
    for (size_t i = 0; i < output->commands; i++)
        if (output->command[i].kind == HEAL_COMMAND_LINK_MTU)
            mtu = output->command[i];
    assert_int_equal(mtu.kind, HEAL_COMMAND_LINK_MTU);
    assert_string_equal(mtu.link.ifname, "to-n2");
    assert_int_equal(mtu.link.value, 1500);
    heal_engine_free(engine);
    test_free(output);
}

/* An override route that nobody claims is a leftover, and is removed. */
static void leftover_route_is_removed(void **state) {
    (void)state;
    struct heal_settings settings;
    defaults(&settings);
    struct heal_sim *mesh = mesh_with(&settings, 4);
    struct heal_sim_way *way = heal_sim_way(mesh, 1, 3);
    way->detour = 0;
    way->detour_metric = HEAL_ROUTE_METRIC;
    heal_shell_fib(mesh, 1, 3, 0, HEAL_ROUTE_PROTOCOL, HEAL_ROUTE_METRIC, true);
    heal_sim_run(mesh, 3 * second);
    assert_int_equal(way->detour, -1);
    heal_sim_free(mesh);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(observe_does_nothing_and_says_what_it_would),
        cmocka_unit_test(warn_tells_and_does_nothing),
        cmocka_unit_test(pause_holds_until_resumed),
        cmocka_unit_test(waits_as_long_as_the_policy_says),
        cmocka_unit_test(unsure_diagnosis_is_not_acted_on),
        cmocka_unit_test(storm_stops_all_acts),
        cmocka_unit_test(keeps_enough_neighbours),
        cmocka_unit_test(budget_ends_a_repair_loop),
        cmocka_unit_test(trouble_that_comes_back_escalates),
        cmocka_unit_test(leftover_step_is_undone),
        cmocka_unit_test(leftover_route_is_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
