/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What holds in every scenario is noticed where it does not: engines keep their own rules, so here the rules
 * are made stricter behind their backs. */
#include "scenario/scenario_parts.h"
#include "sim/rings.h"
#include "sim/shell.h"
#include "sim/sim_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const heal_us second = HEAL_US_PER_S;

/* A scenario without a script. What it complains of is kept. */
struct fixture {
    struct heal_scenario scenario;
    struct heal_scenario_options options;
    char *said;
    size_t length;
};

static void acts(void *context, unsigned node, const struct heal_command *command) {
    struct fixture *fixture = context;
    heal_invariants_act(&fixture->scenario.invariants, &fixture->scenario, node, command);
}

static void pass(struct fixture *fixture, heal_us span) {
    for (heal_us left = span; left > 0; left -= second)
        heal_scenario_wait(&fixture->scenario, second);
}

static struct fixture *begin(enum heal_diagnosis diagnosis, enum heal_remedy remedy) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    struct heal_settings *settings = &fixture->scenario.settings;
    heal_settings_init(settings);
    settings->mode = HEAL_MODE_ACT;
    settings->policy[diagnosis].steps = 1;
    settings->policy[diagnosis].step[0] = remedy;
    strcpy(settings->interface_parameters, "type wireless");
    settings->services = 1;
    settings->service[0] = (struct heal_service_setting){.name = "worker", .restartable = true};
    fixture->options.name = "test";
    fixture->options.err = open_memstream(&fixture->said, &fixture->length);
    assert_non_null(fixture->options.err);
    fixture->scenario.options = &fixture->options;
    fixture->scenario.sim = rings_make(6, 3, settings);
    fixture->scenario.sim->ear = (struct heal_sim_ear){.context = fixture, .acts = acts};
    pass(fixture, 20 * second);
    return fixture;
}

static void end(struct fixture *fixture) {
    fclose(fixture->options.err);
    free(fixture->said);
    heal_invariants_deinit(&fixture->scenario.invariants);
    heal_sim_free(fixture->scenario.sim);
    test_free(fixture);
}

static void assert_said(struct fixture *fixture, const char *words) {
    fflush(fixture->options.err);
    if (!strstr(fixture->said, words))
        fail_msg("expected \"%s\", but: %s", words, fixture->said);
}

static void lose(struct fixture *fixture, unsigned a, unsigned b, double share) {
    struct heal_sim_link *link =
        heal_sim_disturb(fixture->scenario.sim, rings_link(fixture->scenario.sim, a, b));
    for (int i = 0; i < 2; i++)
        link->direction[i].loss = link->direction[i].loss_full = share;
}

static void more_than_the_budget_is_a_loop(void **state) {
    (void)state;
    struct fixture *fixture = begin(HEAL_SERVICE_DOWN, HEAL_RESTART_SERVICE);
    fixture->scenario.settings.policy[HEAL_SERVICE_DOWN].max_per_window = 0;
    fixture->scenario.sim->node[1].service[0].running = false;
    pass(fixture, 5 * second);
    assert_said(fixture, "a repair loop: n1 does restart-service on n1 worker for the 1th time");
    assert_said(fixture, "a repair loop: n1 orders service-restart of worker for the 1th time");
    end(fixture);
}

/* The engines were told not to escalate. */
static void same_cure_at_once_is_a_loop(void **state) {
    (void)state;
    struct fixture *fixture = begin(HEAL_SERVICE_DOWN, HEAL_RESTART_SERVICE);
    struct heal_settings lax = fixture->scenario.settings;
    lax.policy[HEAL_SERVICE_DOWN].escalate = false;
    lax.policy[HEAL_SERVICE_DOWN].cooldown_us = 0;
    heal_engine_configure(fixture->scenario.sim->node[1].engine, &lax);
    for (int i = 0; i < 2; i++) {
        fixture->scenario.sim->node[1].service[0].running = false;
        pass(fixture, 20 * second);
    }
    assert_said(fixture, "a repair loop: n1 does restart-service on n1 worker again after");
    end(fixture);
}

static void too_few_neighbours_here_are_noticed(void **state) {
    (void)state;
    struct fixture *fixture = begin(HEAL_LINK_LOSS, HEAL_BOUNCE_LINK);
    fixture->scenario.settings.min_healthy_neighbours = 2;
    lose(fixture, 1, 2, 0.3);
    pass(fixture, 40 * second);
    assert_said(fixture, "link-bounce of to-n2 by n1 leaves it 1 healthy neighbours");
    end(fixture);
}

/* The other end would lose a neighbour that is well. */
static void too_few_neighbours_there_are_noticed(void **state) {
    (void)state;
    struct fixture *fixture = begin(HEAL_LINK_LOSS, HEAL_BOUNCE_LINK);
    struct heal_sim *sim = fixture->scenario.sim;
    lose(fixture, 1, 2, 0.3);
    pass(fixture, 40 * second);
    assert_int_equal(fixture->scenario.failures, 0); /* it was sick: nobody has lost a healthy neighbour */
    struct heal_incident_status incident;
    assert_true(heal_engine_incident(sim->node[1].engine, 0, &incident));
    lose(fixture, 1, 2, 0);
    lose(fixture, 2, 3, 1);
    pass(fixture, 15 * second);
    struct heal_command bounce = {.kind = HEAL_COMMAND_LINK_BOUNCE, .incident = incident.id};
    strcpy(bounce.link.ifname, "to-n2");
    heal_invariants_act(&fixture->scenario.invariants, &fixture->scenario, 1, &bounce);
    assert_said(fixture, "link-bounce of to-n2 by n1 leaves n2 0 healthy neighbours");
    end(fixture);
}

static void what_is_left_in_place_is_noticed(void **state) {
    (void)state;
    struct fixture *fixture = begin(HEAL_SERVICE_DOWN, HEAL_RESTART_SERVICE);
    struct heal_sim *sim = fixture->scenario.sim;
    heal_invariants_rest(&fixture->scenario);
    assert_int_equal(fixture->scenario.failures, 0);
    heal_sim_way(sim, 1, 3)->detour = 0;
    sim->node[2].port[0].cost_add = 1;
    sim->node[3].port[0].mtu = 1280;
    sim->node[4].port[0].quarantined = true;
    sim->node[5].service[0].shed = 0.2;
    sim->node[0].gateway = true;
    sim->node[0].gateway_mode = HEAL_GATEWAY_OFF;
    heal_invariants_rest(&fixture->scenario);
    assert_int_equal(fixture->scenario.failures, 6);
    assert_said(fixture, "a stopped gateway of heald's is still in place on n0");
    assert_said(fixture, "a route of heald's is still in place on n1");
    assert_said(fixture, "a throttle of heald's is still in place on n5");
    end(fixture);
}

/* The incident that n1 has of its worker, on whose behalf acts can be ordered. */
static struct heal_incident_status worker_dies(struct fixture *fixture) {
    struct heal_incident_status incident;
    fixture->scenario.sim->node[1].service[0].running = false;
    pass(fixture, 5 * second);
    assert_true(heal_engine_incident(fixture->scenario.sim->node[1].engine, 0, &incident));
    assert_int_equal(fixture->scenario.failures, 0);
    return incident;
}

static void order(struct fixture *fixture, const struct heal_command *command) {
    heal_invariants_act(&fixture->scenario.invariants, &fixture->scenario, 1, command);
}

static void bringing_up_what_people_took_down_is_noticed(void **state) {
    (void)state;
    struct fixture *fixture = begin(HEAL_SERVICE_DOWN, HEAL_RESTART_SERVICE);
    struct heal_command bounce = {.kind = HEAL_COMMAND_LINK_BOUNCE};
    strcpy(bounce.link.ifname, "to-n2");
    order(fixture, &bounce);
    assert_int_equal(fixture->scenario.failures, 0);
    struct heal_sim_node *node = &fixture->scenario.sim->node[1];
    for (unsigned i = 0; i < node->ports; i++)
        node->port[i].down = strcmp(node->port[i].key.ifname, "to-n2") == 0;
    order(fixture, &bounce);
    assert_int_equal(fixture->scenario.failures, 1);
    assert_said(fixture, "n1 brings to-n2 up, which an operator has taken down");
    end(fixture);
}

/* An interface that is taken out of the mesh has no neighbour for that time. */
static void a_renewed_interface_takes_a_neighbour(void **state) {
    (void)state;
    struct fixture *fixture = begin(HEAL_SERVICE_DOWN, HEAL_RESTART_SERVICE);
    struct heal_command renew = {.kind = HEAL_COMMAND_MESH_RENEW, .incident = worker_dies(fixture).id};
    fixture->scenario.settings.min_healthy_neighbours = 2;
    strcpy(renew.link.ifname, "to-n2");
    order(fixture, &renew);
    assert_said(fixture, "mesh-renew of to-n2 by n1 leaves it 1 healthy neighbours");
    end(fixture);
}

/* Of two settings, or two interfaces, none is done too often: of one it is. */
static void what_is_tuned_or_renewed_has_a_name(void **state) {
    (void)state;
    struct fixture *fixture = begin(HEAL_SERVICE_DOWN, HEAL_RESTART_SERVICE);
    uint64_t incident = worker_dies(fixture).id;
    fixture->scenario.settings.min_healthy_neighbours = 0;
    fixture->scenario.settings.policy[HEAL_SERVICE_DOWN].max_per_window = 1;
    struct heal_command tune = {.kind = HEAL_COMMAND_TUNE, .incident = incident};
    struct heal_command renew = {.kind = HEAL_COMMAND_MESH_RENEW, .incident = incident};
    strcpy(tune.tune.ifname, "bat0");
    for (tune.tune.what = 0; tune.tune.what < HEAL_TUNINGS; tune.tune.what++)
        order(fixture, &tune);
    strcpy(renew.link.ifname, "to-n0");
    order(fixture, &renew);
    strcpy(renew.link.ifname, "to-n2");
    order(fixture, &renew);
    assert_int_equal(fixture->scenario.failures, 0);
    tune.tune.what = HEAL_TUNE_GATEWAY;
    order(fixture, &tune);
    order(fixture, &renew);
    assert_int_equal(fixture->scenario.failures, 2);
    assert_said(fixture, "n1 orders tune of gateway of bat0 for the 2th time");
    assert_said(fixture, "n1 orders mesh-renew of to-n2 for the 2th time");
    end(fixture);
}

/* What could not be kept may have been the proof of anything. */
static void without_memory_nothing_is_believed(void **state) {
    (void)state;
    struct fixture *fixture = begin(HEAL_SERVICE_DOWN, HEAL_RESTART_SERVICE);
    struct heal_sim *sim = fixture->scenario.sim;
    heal_us before = sim->now;
    uint64_t steps = sim->steps;
    assert_int_equal(heal_sim_run(sim, second), 0);
    assert_true(sim->steps > steps);
    steps = sim->steps;
    sim->agenda.failed = true;
    assert_int_equal(heal_sim_run(sim, second), -ENOMEM);
    pass(fixture, 2 * second); /* who waits for a time sees it come */
    assert_int_equal(sim->now - before, 4 * second);
    assert_int_equal(sim->steps, steps);
    assert_int_equal(fixture->scenario.r, -ENOMEM);
    end(fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_than_the_budget_is_a_loop),
        cmocka_unit_test(same_cure_at_once_is_a_loop),
        cmocka_unit_test(too_few_neighbours_here_are_noticed),
        cmocka_unit_test(too_few_neighbours_there_are_noticed),
        cmocka_unit_test(what_is_left_in_place_is_noticed),
        cmocka_unit_test(bringing_up_what_people_took_down_is_noticed),
        cmocka_unit_test(a_renewed_interface_takes_a_neighbour),
        cmocka_unit_test(what_is_tuned_or_renewed_has_a_name),
        cmocka_unit_test(without_memory_nothing_is_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
