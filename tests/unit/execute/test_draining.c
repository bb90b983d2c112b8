/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Before an interface is taken away its traffic is led away from it: real remedies on the step machine, in
 * every way in which that can end. What a kill leaves is in test_intent.c. */
#include "execute/leftovers.h"
#include "execute/machine.h"
#include "execute/records.h"
#include "plan/remedies.h"
#include "plan/strays.h"
#include "scene.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { BEYOND = 9, PENALTY_BEFORE = 15 };
static const heal_us second = HEAL_US_PER_S;
static const struct heal_machine machine = {.rule_of = heal_remedies_rule};

/* A round, after some time. */
static void after(struct scene *scene, heal_us span) {
    scene->world.now += span;
    scene->output.commands = scene->output.decisions = 0;
    if (scene->world.mesh.at != 0)
        scene->world.mesh.at = scene->world.mesh.interface[0].at = scene->world.now;
    heal_strays_sweep(&scene->world);
    heal_machine_update(&machine, &scene->world);
}

/* All that was ordered is done. */
static void answer(struct scene *scene) {
    for (size_t i = 0; i < scene->output.commands; i++) {
        const struct heal_event_result result = {.ticket = scene->output.command[i].ticket};
        heal_machine_result(&scene->world, &result);
    }
}

static struct heal_incident *plan(struct scene *scene, struct heal_incident *incident,
                                  enum heal_remedy remedy) {
    struct heal_policy *policy = &scene->world.settings.policy[heal_incident_diagnosis(incident)];

    policy->steps = 1;
    policy->step[0] = remedy;
    incident->view.steps = 1;
    incident->view.step[0] = (struct heal_step_status){.remedy = remedy, .started = scene->world.now};
    after(scene, 0); /* its evidence is written */
    answer(scene);
    after(scene, 0);
    return incident;
}

static enum heal_step_state state_of(const struct heal_incident *incident) {
    return incident->view.step[0].state;
}

static unsigned ordered(const struct scene *scene, enum heal_command_kind kind) {
    return scene_count(scene, kind);
}

/* West is sick, and leads to what east leads to as well. @param led whether east is known to be free of loops
 */
static struct heal_incident *bounce(struct scene *scene, bool led) {
    scene_route(scene, WEST, BEYOND, true, 192, 96);
    /* Farther from there than by west, it is no proof by itself that there is no loop. */
    scene_route(scene, EAST, BEYOND, false, led ? 282 : 292, led ? 186 : 196);
    if (led)
        scene_path(scene, EAST, BEYOND, 96, "far", NULL);
    return plan(scene, scene_link_incident(scene, HEAL_LINK_LOSS), HEAL_BOUNCE_LINK);
}

/* The kernel has the route, and the interface goes down. */
static struct heal_incident *bounced(struct scene *scene) {
    struct heal_incident *incident = bounce(scene, true);

    assert_int_equal(state_of(incident), HEAL_STEP_DRAINING);
    assert_int_equal(ordered(scene, HEAL_COMMAND_LINK_BOUNCE), 0);
    struct heal_command_route route = scene_take(scene, HEAL_COMMAND_ROUTE_ADD).route;
    assert_true(heal_port_key_equal(&route.via, &scene->port[EAST].key));
    scene_fib(scene, EAST, BEYOND, HEAL_ROUTE_PROTOCOL, HEAL_ROUTE_METRIC, true);
    after(scene, second / 10);
    assert_int_equal(state_of(incident), HEAL_STEP_ACTING);
    assert_int_equal(ordered(scene, HEAL_COMMAND_LINK_BOUNCE), 1);
    assert_int_equal(incident->view.step[0].commands, 1); /* the bounce; what drains is not the remedy */
    answer(scene);
    scene_route(scene, WEST, BEYOND, false, UINT16_MAX, UINT16_MAX); /* the daemon has lost the way for now */
    after(scene, second);
    assert_int_equal(state_of(incident), HEAL_STEP_VERIFYING);
    assert_int_equal(ordered(scene, HEAL_COMMAND_ROUTE_DELETE), 0);
    return incident;
}

/* That an interface is down is somebody else's doing, but for the second that heald has it so. */
static void test_its_own_bounce_is_not_put_down_to_others(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = bounced(scene);

    scene->port[WEST].up = false;
    after(scene, second / 10);
    assert_int_equal(state_of(incident), HEAL_STEP_VERIFYING);
    assert_string_equal(incident->view.others, "");
    incident->view.step[0].state = HEAL_STEP_DONE;
    after(scene, second / 10);
    assert_non_null(strstr(incident->view.others, "is down, and not by heald"));
}

static void test_led_around_before_and_back_after(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = bounced(scene);

    incident->gone_since = scene->world.now;
    after(scene, 4 * second);
    assert_int_equal(state_of(incident), HEAL_STEP_UNDOING);
    assert_int_equal(ordered(scene, HEAL_COMMAND_ROUTE_DELETE), 1);
    answer(scene);
    scene_fib(scene, EAST, BEYOND, HEAL_ROUTE_PROTOCOL, HEAL_ROUTE_METRIC, false);
    after(scene, second / 10);
    assert_int_equal(state_of(incident), HEAL_STEP_DONE);
    assert_string_equal(incident->view.step[0].outcome, "worked");
    assert_int_not_equal(incident->view.healed, 0);
    assert_string_equal(incident->drained_ifname, "");
}

static void test_back_after_it_was_in_vain(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = bounced(scene);

    after(scene, 11 * second);
    assert_int_equal(ordered(scene, HEAL_COMMAND_ROUTE_DELETE), 1);
    answer(scene);
    after(scene, second / 10);
    assert_int_equal(state_of(incident), HEAL_STEP_FAILED);
    assert_string_equal(incident->view.step[0].outcome, "no effect within its time");
}

static void test_what_does_not_move_is_not_waited_for(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = bounce(scene, true);

    after(scene, 2 * second);
    assert_int_equal(state_of(incident), HEAL_STEP_DRAINING);
    after(scene, second);
    assert_int_equal(state_of(incident), HEAL_STEP_ACTING);
    assert_int_equal(ordered(scene, HEAL_COMMAND_LINK_BOUNCE), 1);
}

static void test_at_once_where_there_is_no_way_around(void **state) {
    struct scene *scene = *state;
    scene->port[EAST].paths_at = 0;
    struct heal_incident *incident = bounce(scene, false);

    assert_int_equal(state_of(incident), HEAL_STEP_ACTING);
    assert_int_equal(ordered(scene, HEAL_COMMAND_LINK_BOUNCE), 1);
    assert_int_equal(ordered(scene, HEAL_COMMAND_ROUTE_ADD), 0);
}

/* The route is taken back, and the interface was never touched. */
static void is_called_off(struct scene *scene, struct heal_incident *incident) {
    after(scene, second / 10);
    assert_int_equal(ordered(scene, HEAL_COMMAND_LINK_BOUNCE), 0);
    assert_int_equal(ordered(scene, HEAL_COMMAND_ROUTE_DELETE), 1);
    answer(scene);
    after(scene, second / 10);
    assert_int_equal(state_of(incident), HEAL_STEP_FAILED);
    assert_int_equal(ordered(scene, HEAL_COMMAND_LINK_BOUNCE), 0);
}

static void test_a_pause_calls_it_off(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = bounce(scene, true);

    scene->world.paused = true;
    is_called_off(scene, incident);
}

static void test_an_interface_taken_down_meanwhile_stays_down(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = bounce(scene, true);

    scene->port[WEST].up = false;
    is_called_off(scene, incident);
}

/* A client of a mesh below IP over mesh0. */
static void join_mesh(struct scene *scene, bool by_throughput) {
    scene->world.mesh = (struct heal_mesh){
        .at = scene->world.now,
        .is = {.ifname = "bat0",
               .originator_ms = 1000,
               .chosen_ms = UINT32_MAX,
               .by_throughput = by_throughput,
               .gateway = HEAL_GATEWAY_CLIENT,
               .gateways = 1},
        .interfaces = 1
    };
    scene->world.mesh.interface[0].at = scene->world.now;
    scene->world.mesh.interface[0].is = (struct heal_reading_hard){
        .ifname = "mesh0", .has_penalty = true, .has_override = true, .penalty = PENALTY_BEFORE};
}

/* Its gateway has vanished. */
static struct heal_incident *renew(struct scene *scene, bool by_throughput) {
    join_mesh(scene, by_throughput);
    return plan(scene, scene_own_incident(scene, HEAL_GATEWAY_LOST, NULL), HEAL_RENEW_MESH);
}

static void test_a_mesh_is_told_first(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = renew(scene, false);

    struct heal_command_tune away = scene_take(scene, HEAL_COMMAND_TUNE).tune;
    assert_int_equal(away.what, HEAL_TUNE_PENALTY);
    assert_string_equal(away.ifname, "mesh0");
    assert_int_equal(away.from, PENALTY_BEFORE);
    assert_int_equal(away.value, 200);
    after(scene, second); /* it has announced itself once since, at most */
    assert_int_equal(ordered(scene, HEAL_COMMAND_MESH_RENEW), 0);
    after(scene, second / 2);
    assert_int_equal(ordered(scene, HEAL_COMMAND_MESH_RENEW), 1);
    answer(scene);
    incident->gone_since = scene->world.now;
    after(scene, second);
    struct heal_command_tune back = scene_take(scene, HEAL_COMMAND_TUNE).tune;
    assert_int_equal(back.from, 200);
    assert_int_equal(back.value, PENALTY_BEFORE);
    assert_true(back.back); /* only from what heald has set */
}

static void refuse(struct scene *scene) {
    for (size_t i = 0; i < scene->output.commands; i++) {
        const struct heal_event_result result = {.ticket = scene->output.command[i].ticket, .code = -EIO};
        heal_machine_result(&scene->world, &result);
    }
}

/* What is left over is the penalty alone: the mesh is not left and joined once more for it. */
static void test_a_cure_that_worked_is_not_done_again(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = renew(scene, false);

    scene->world.mesh.interface[0].is.penalty = 200;
    after(scene, second);
    after(scene, second / 2);
    answer(scene);
    incident->gone_since = scene->world.now;
    for (int i = 0; i < 60 && scene->world.leftovers == 0; i++) {
        after(scene, second / 10);
        refuse(scene);
    }
    assert_int_equal(scene->world.leftovers, 1);
    assert_true(scene->world.leftover[0].step.cured);
    for (int i = 0; i < 15 && ordered(scene, HEAL_COMMAND_TUNE) == 0; i++) {
        after(scene, second);
        heal_leftovers_update(&machine, &scene->world);
        assert_int_equal(ordered(scene, HEAL_COMMAND_MESH_RENEW), 0);
    }
    assert_int_equal(scene_take(scene, HEAL_COMMAND_TUNE).tune.value, PENALTY_BEFORE);
}

/* Killed while only what drained is left: the next run knows that the cure has worked. */
static void test_nor_after_a_kill(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = renew(scene, false);
    struct heal_record kept = {.kind = HEAL_RECORD_AUDIT};

    scene->world.mesh.interface[0].is.penalty = 200;
    after(scene, second);
    after(scene, second / 2);
    answer(scene);
    incident->gone_since = scene->world.now;
    after(scene, second);
    assert_int_equal(state_of(incident), HEAL_STEP_UNDOING);
    for (size_t i = 0; i < scene->output.commands; i++) {
        const struct heal_command *command = &scene->output.command[i];
        if (command->kind == HEAL_COMMAND_STORE && command->record.kind == HEAL_RECORD_STEP)
            kept = command->record;
    }
    assert_int_equal(kept.kind, HEAL_RECORD_STEP);
    scene_unmake(state);
    assert_int_equal(scene_make(state), 0);
    scene = *state;
    assert_int_equal(heal_records_restore_step(&scene->world, kept.key, kept.value), 0);
    heal_leftovers_update(&machine, &scene->world);
    assert_int_equal(ordered(scene, HEAL_COMMAND_MESH_RENEW), 0);
    assert_int_equal(scene_take(scene, HEAL_COMMAND_TUNE).tune.value, PENALTY_BEFORE);
}

/* New trouble has the same in place by now: that stays, and what drained for the old one does not. */
static void test_what_is_taken_over_is_drained_no_more(void **state) {
    struct scene *scene = *state;
    struct heal_leftover *leftover = heal_world_leftover_place(&scene->world);
    struct heal_incident *incident = renew(scene, false);

    incident->view.step[0].state = HEAL_STEP_ACTING;
    incident->step[0].drain.on = false; /* the interface looks bad already */
    *leftover = (struct heal_leftover){
        .used = true, .incident = 77, .remedy = HEAL_RENEW_MESH, .step = incident->step[0]};
    leftover->step.drain = (struct heal_retuning){true, HEAL_TUNE_PENALTY, .from = PENALTY_BEFORE, .to = 200};
    scene->output.commands = 0;
    heal_leftovers_update(&machine, &scene->world);
    assert_int_equal(ordered(scene, HEAL_COMMAND_MESH_RENEW), 0);
    assert_int_equal(ordered(scene, HEAL_COMMAND_TUNE), 1);
    const struct heal_command *back = &scene->output.command[0];
    assert_int_equal(back->tune.value, PENALTY_BEFORE);
    assert_true(leftover->used); /* until that is done */
    assert_true(heal_leftovers_result(&scene->world, &(struct heal_event_result){.ticket = back->ticket}));
    heal_leftovers_update(&machine, &scene->world);
    assert_false(leftover->used);
}

/* It was given up, and tried again by its incident: the routes of that are none of the old step's. */
static void test_what_is_left_over_takes_no_other_steps_routes(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = bounced(scene);
    struct heal_leftover *leftover = heal_world_leftover_place(&scene->world);

    *leftover = (struct heal_leftover){
        .used = true, .incident = incident->view.id, .number = 0, .remedy = HEAL_ROUTE_AROUND};
    scene->output.commands = 0;
    heal_leftovers_update(&machine, &scene->world);
    assert_int_equal(ordered(scene, HEAL_COMMAND_ROUTE_DELETE), 0);
    assert_int_equal(scene->world.detours.count, 1);
    assert_false(leftover->used);
}

static void test_a_mesh_that_goes_by_throughput(void **state) {
    struct scene *scene = *state;
    renew(scene, true);

    struct heal_command_tune away = scene_take(scene, HEAL_COMMAND_TUNE).tune;
    assert_int_equal(away.what, HEAL_TUNE_OVERRIDE);
    assert_int_equal(away.from, 0);
    assert_int_equal(away.value, 1000);
    after(scene, 2 * second); /* an average of some seconds has yet to move */
    assert_int_equal(ordered(scene, HEAL_COMMAND_MESH_RENEW), 0);
    after(scene, second);
    assert_int_equal(ordered(scene, HEAL_COMMAND_MESH_RENEW), 1);
}

static void expect_tuned(struct scene *scene, enum heal_tuning what, uint32_t from, uint32_t to) {
    unsigned found = 0;

    for (size_t i = 0; i < scene->output.commands; i++) {
        const struct heal_command *command = &scene->output.command[i];
        found += command->kind == HEAL_COMMAND_TUNE && command->tune.what == what &&
                 command->tune.from == from && command->tune.value == to;
    }
    assert_int_equal(found, 1);
}

/* A penalty is believed the sooner, the more often all announce themselves: at once, for four seconds, and
 * whether that can be had or not. */
static void test_a_penalty_is_hastened_for_a_while(void **state) {
    struct scene *scene = *state;

    join_mesh(scene, false);
    scene->port[WEST].relay_at = scene->world.now;
    struct heal_incident *incident =
        plan(scene, scene_link_incident(scene, HEAL_HIDDEN_LOSS), HEAL_HOP_PENALTY);
    expect_tuned(scene, HEAL_TUNE_ORIGINATOR, 1000, 100);
    expect_tuned(scene, HEAL_TUNE_PENALTY, PENALTY_BEFORE, 200);
    answer(scene);
    scene->world.mesh.interface[0].is.penalty = 200;
    scene->world.mesh.is.originator_ms = 100;
    after(scene, second);
    assert_int_equal(state_of(incident), HEAL_STEP_HOLDING);
    after(scene, 2 * second);
    assert_int_equal(ordered(scene, HEAL_COMMAND_TUNE), 0);
    after(scene, second);
    expect_tuned(scene, HEAL_TUNE_ORIGINATOR, 100, 1000);
    assert_int_equal(ordered(scene, HEAL_COMMAND_TUNE), 1);
    answer(scene);
    scene->world.mesh.is.originator_ms = 1000;
    after(scene, second);
    assert_int_equal(state_of(incident), HEAL_STEP_HOLDING);
    incident->gone_since = scene->world.now;
    after(scene, 100 * second);
    expect_tuned(scene, HEAL_TUNE_PENALTY, 200, PENALTY_BEFORE);
    assert_int_equal(ordered(scene, HEAL_COMMAND_TUNE), 1);
}

/* The first is done before the second has its turn, and no reading was taken in between. */
static void test_the_second_link_of_an_interface_comes_at_once(void **state) {
    struct scene *scene = *state;

    join_mesh(scene, false);
    scene->port[WEST].relay_at = scene->world.now;
    struct heal_incident *first = plan(scene, scene_link_incident(scene, HEAL_WEAK_SIGNAL), HEAL_HOP_PENALTY);
    answer(scene);
    after(scene, 0);
    struct heal_incident *second_one = scene_own_incident(scene, HEAL_WEAK_SIGNAL, NULL);
    second_one->element = first->element;
    second_one->element.port.peer = scene->port[EAST].key.peer;
    plan(scene, second_one, HEAL_HOP_PENALTY);
    assert_int_equal(ordered(scene, HEAL_COMMAND_TUNE), 0);
    answer(scene);
    scene->world.mesh.interface[0].is.penalty = 200;
    after(scene, second);
    assert_int_equal(state_of(first), HEAL_STEP_HOLDING);
    assert_int_equal(state_of(second_one), HEAL_STEP_HOLDING);
}

/* Both neighbours behind an interface are as sick: one order does for both, and as all that is this node's
 * goes one of these ways, it stays for what is not. */
static void test_two_links_of_an_interface_at_once(void **state) {
    struct scene *scene = *state;
    struct heal_incident *both[2] = {scene_link_incident(scene, HEAL_WEAK_SIGNAL),
                                     scene_own_incident(scene, HEAL_WEAK_SIGNAL, NULL)};

    join_mesh(scene, false);
    both[1]->element = both[0]->element;
    both[1]->element.port = scene->port[EAST].key;
    memcpy(both[1]->element.port.ifname, "mesh0", sizeof "mesh0");
    for (int i = 0; i < 2; i++) {
        struct heal_policy *policy = &scene->world.settings.policy[HEAL_WEAK_SIGNAL];
        policy->steps = 1;
        policy->step[0] = HEAL_HOP_PENALTY;
        both[i]->view.steps = 1;
        both[i]->view.step[0] = (struct heal_step_status){.remedy = HEAL_HOP_PENALTY};
    }
    after(scene, 0); /* the evidence of both is written */
    answer(scene);
    after(scene, 0);
    expect_tuned(scene, HEAL_TUNE_PENALTY, PENALTY_BEFORE, 200);
    expect_tuned(scene, HEAL_TUNE_ORIGINATOR, 1000, 100);
    answer(scene);
    scene->world.mesh.interface[0].is.penalty = 200;
    scene->world.mesh.is.originator_ms = 100;
    after(scene, second);
    assert_int_equal(state_of(both[0]), HEAL_STEP_HOLDING);
    assert_int_equal(state_of(both[1]), HEAL_STEP_HOLDING);
}

/* An operator has it taken back within these four seconds. */
static void test_haste_does_not_outlive_its_step(void **state) {
    struct scene *scene = *state;

    join_mesh(scene, false);
    scene->port[WEST].relay_at = scene->port[EAST].relay_at = scene->world.now;
    struct heal_incident *incident =
        plan(scene, scene_link_incident(scene, HEAL_HIDDEN_LOSS), HEAL_HOP_PENALTY);
    answer(scene);
    scene->world.mesh.interface[0].is.penalty = 200;
    scene->world.mesh.is.originator_ms = 100;
    after(scene, second);
    incident->dismissed = true;
    after(scene, second);
    expect_tuned(scene, HEAL_TUNE_ORIGINATOR, 100, 1000);
    expect_tuned(scene, HEAL_TUNE_PENALTY, 200, PENALTY_BEFORE);
}

#define DRAINING(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        DRAINING(test_its_own_bounce_is_not_put_down_to_others),
        DRAINING(test_led_around_before_and_back_after),
        DRAINING(test_back_after_it_was_in_vain),
        DRAINING(test_what_does_not_move_is_not_waited_for),
        DRAINING(test_at_once_where_there_is_no_way_around),
        DRAINING(test_a_pause_calls_it_off),
        DRAINING(test_an_interface_taken_down_meanwhile_stays_down),
        DRAINING(test_a_mesh_is_told_first),
        DRAINING(test_a_cure_that_worked_is_not_done_again),
        DRAINING(test_nor_after_a_kill),
        DRAINING(test_what_is_taken_over_is_drained_no_more),
        DRAINING(test_what_is_left_over_takes_no_other_steps_routes),
        DRAINING(test_a_mesh_that_goes_by_throughput),
        DRAINING(test_a_penalty_is_hastened_for_a_while),
        DRAINING(test_the_second_link_of_an_interface_comes_at_once),
        DRAINING(test_two_links_of_an_interface_at_once),
        DRAINING(test_haste_does_not_outlive_its_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
