/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Detours of several nodes at once: none may send packets in a circle, neither when it is laid nor when it
 * goes. */
#include "model/way.h"
#include "plan/detour.h"
#include "plan/remedies.h"
#include "plan/strays.h"
#include "scene.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { BEYOND = 9 }; /* the destination */
/* East's metric to it: below this node's, which is 192, or not: then what stands between east and here may
 * turn round at any time. */
enum { NEAR = 96, FAR = 192 };

static struct heal_incident *sick_west(struct scene *scene, uint16_t from_east) {
    scene_fib(scene, WEST, BEYOND, HEAL_BABEL_PROTOCOL, 1024, true);
    scene_path(scene, EAST, BEYOND, from_east, "far", NULL);
    scene_route(scene, EAST, BEYOND, false, (uint16_t)(from_east + 96), from_east);
    scene_path(scene, WEST, BEYOND, 96, "far", NULL);
    scene_route(scene, WEST, BEYOND, true, 192, 96);
    return scene_link_incident(scene, HEAL_LINK_LOSS);
}

static void order(struct scene *scene, struct heal_incident *incident, struct heal_step *step) {
    heal_detour_order(&scene->world, incident, step);
}

/* The kernel has it, and west has come to lead its own traffic here. */
static void is_in_place(struct scene *scene) {
    scene_fib(scene, EAST, BEYOND, HEAL_ROUTE_PROTOCOL, HEAL_ROUTE_METRIC, true);
    heal_strays_sweep(&scene->world);
    scene->port[WEST].path[0].hop[0] = scene->world.id;
}

/* What this node tells is told to east, and east acknowledges it or not. */
static void tell_east(struct scene *scene, bool acknowledged) {
    enum { SET = 5 };
    struct heal_port *east = &scene->port[EAST];

    east->telling.told = SET;
    east->telling.told_at = scene->world.now;
    east->peer.paths_set = acknowledged ? SET : SET - 1;
}

static void test_is_announced_where_the_neighbour_is_no_nearer(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = sick_west(scene, FAR);
    struct heal_step step = {0};
    struct heal_path path;
    struct heal_prefix beyond = scene_prefix(BEYOND);

    tell_east(scene, true); /* of what was before */
    scene->world.now += HEAL_US_PER_MS;
    order(scene, incident, &step);
    assert_int_equal(scene_count(scene, HEAL_COMMAND_ROUTE_ADD), 0);
    assert_true(heal_detours_wait(&scene->world.detours));
    assert_true(heal_way_path(&scene->world, &beyond, &path));
    assert_int_equal(path.hop[0], scene->port[EAST].neighbour);
    tell_east(scene, false);
    order(scene, incident, &step);
    assert_int_equal(scene_count(scene, HEAL_COMMAND_ROUTE_ADD), 0);
    tell_east(scene, true);
    order(scene, incident, &step);
    scene_take(scene, HEAL_COMMAND_ROUTE_ADD);
    assert_false(heal_detours_wait(&scene->world.detours));
}

/* A neighbour whose answers are lost is not waited for without end. */
static void test_an_announcement_waits_half_a_second(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = sick_west(scene, FAR);
    struct heal_step step = {0};

    order(scene, incident, &step);
    scene->world.now += 499 * HEAL_US_PER_MS;
    order(scene, incident, &step);
    assert_int_equal(scene_count(scene, HEAL_COMMAND_ROUTE_ADD), 0);
    scene->world.now += HEAL_US_PER_MS;
    order(scene, incident, &step);
    scene_take(scene, HEAL_COMMAND_ROUTE_ADD);
}

/* East has announced a way through here at the same moment: one of the two gives way. */
static void test_one_of_two_gives_way(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = sick_west(scene, FAR);
    struct heal_port *east = &scene->port[EAST];
    struct heal_step step = {0};

    for (int lower = 0; lower <= 1; lower++) {
        east->neighbour = lower ? scene->world.id + 1 : scene->world.id - 1;
        heal_node_id hop = east->path[0].hop[0];
        order(scene, incident, &step);
        east->path[0].hop[0] = scene->world.id;
        tell_east(scene, true);
        order(scene, incident, &step);
        assert_int_equal(scene->output.commands, 0);
        assert_int_equal(scene->world.detours.count, lower);
        east->path[0].hop[0] = hop; /* it has given way, or has found another */
    }
    order(scene, incident, &step);
    scene_take(scene, HEAL_COMMAND_ROUTE_ADD);
}

/* West still leads this traffic here: who lets go now sends it in a circle. */
static void test_stays_until_the_others_have_let_go(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = sick_west(scene, NEAR);
    heal_node_id hop = scene->port[WEST].path[0].hop[0];
    struct heal_step step = {0};

    order(scene, incident, &step);
    scene_take(scene, HEAL_COMMAND_ROUTE_ADD);
    is_in_place(scene);
    assert_int_equal(heal_detour_withdraw(&scene->world, incident, &step), -EAGAIN);
    assert_int_equal(scene->output.commands, 0);
    scene->port[WEST].path[0].hop[0] = hop;
    assert_int_equal(heal_detour_withdraw(&scene->world, incident, &step), 0);
    scene_take(scene, HEAL_COMMAND_ROUTE_DELETE);
}

static void test_stays_no_longer_than_a_moment(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = sick_west(scene, NEAR);
    struct heal_step step = {0};

    order(scene, incident, &step);
    scene_take(scene, HEAL_COMMAND_ROUTE_ADD);
    is_in_place(scene);
    assert_int_equal(heal_detour_withdraw(&scene->world, incident, &step), -EAGAIN);
    scene->world.now += 1500 * HEAL_US_PER_MS;
    assert_int_equal(heal_detour_withdraw(&scene->world, incident, &step), 0);
    scene_take(scene, HEAL_COMMAND_ROUTE_DELETE);
}

/* Until it is ordered, packets go by west; who is there must not take the way that is announced for free. */
static void test_the_present_way_is_told_as_well(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = sick_west(scene, FAR);
    struct heal_step step = {0};
    struct heal_path path;
    struct heal_prefix beyond = scene_prefix(BEYOND);
    bool west = false, east = false;

    order(scene, incident, &step);
    assert_true(heal_way_path(&scene->world, &beyond, &path));
    for (unsigned i = 0; i < path.hops; i++) {
        west = west || path.hop[i] == scene->port[WEST].neighbour;
        east = east || path.hop[i] == scene->port[EAST].neighbour;
    }
    assert_true(west && east);
}

/* As while heald is paused. */
static void test_what_nobody_tends_is_called_off(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = sick_west(scene, FAR);
    struct heal_step step = {0};

    order(scene, incident, &step);
    scene->world.now += 1900 * HEAL_US_PER_MS;
    heal_strays_sweep(&scene->world);
    assert_true(heal_detours_wait(&scene->world.detours));
    uint32_t revision = scene->world.detours.revision;
    scene->world.now += 100 * HEAL_US_PER_MS;
    heal_strays_sweep(&scene->world);
    assert_false(heal_detours_wait(&scene->world.detours));
    assert_int_not_equal(scene->world.detours.revision, revision); /* the neighbours are told */
}

/* The kernel still has the route that was to be deleted when the same way is announced anew: when it goes,
 * nobody has taken the new one away. */
static void test_what_is_on_its_way_out_is_not_there(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = sick_west(scene, FAR);
    struct heal_step step = {0};
    char words[200];
    struct heal_text text;

    order(scene, incident, &step);
    scene->world.now += 500 * HEAL_US_PER_MS;
    order(scene, incident, &step);
    scene_take(scene, HEAL_COMMAND_ROUTE_ADD);
    is_in_place(scene);
    scene->port[EAST].paths_superseded = true; /* for a moment it is not known by where east leads */
    order(scene, incident, &step);
    scene_take(scene, HEAL_COMMAND_ROUTE_DELETE);
    scene->port[EAST].paths_superseded = false;
    order(scene, incident, &step);
    heal_strays_sweep(&scene->world);
    scene_fib(scene, EAST, BEYOND, HEAL_ROUTE_PROTOCOL, HEAL_ROUTE_METRIC, false);
    for (int i = 0; i < 20; i++) {
        scene->world.now += 50 * HEAL_US_PER_MS;
        heal_strays_sweep(&scene->world);
        heal_text_init(&text, words, sizeof words);
        assert_int_equal(heal_detour_taken_over(&scene->world, incident, &step, &text), HEAL_TAKEOVER_NONE);
    }
}

/* East tells now of the one destination, now of the other: one is always only announced. What is well led is
 * in place all the same. */
static void test_one_that_comes_and_goes_spoils_no_other(void **state) {
    enum { OTHER = 10, GOOD = 11 };
    struct scene *scene = *state;
    struct heal_incident *incident = sick_west(scene, FAR);
    struct heal_step *step = &incident->step[0];
    enum heal_verdict verdict = HEAL_VERDICT_PENDING;

    scene_fib(scene, WEST, OTHER, HEAL_BABEL_PROTOCOL, 1024, true);
    scene_route(scene, EAST, OTHER, false, FAR + 96, FAR);
    scene_route(scene, WEST, OTHER, true, 192, 96);
    scene_fib(scene, WEST, GOOD, HEAL_BABEL_PROTOCOL, 1024, true);
    scene_path(scene, EAST, GOOD, NEAR, "far", NULL);
    scene_route(scene, EAST, GOOD, false, NEAR + 96, NEAR);
    scene_route(scene, WEST, GOOD, true, 192, 96);
    heal_remedy_route_around.act(&scene->world, incident, step);
    scene_take(scene, HEAL_COMMAND_ROUTE_ADD);
    scene_fib(scene, EAST, GOOD, HEAL_ROUTE_PROTOCOL, HEAL_ROUTE_METRIC, true);
    step->acted = scene->world.now;
    for (int i = 0; i < 60 && verdict == HEAL_VERDICT_PENDING; i++) { /* three seconds */
        scene->world.now += 50 * HEAL_US_PER_MS;
        scene->port[EAST].path[0].destination = scene_prefix(i / 6 % 2 ? OTHER : BEYOND);
        scene->port[EAST].paths_at = scene->port[EAST].peer_at = scene->world.now;
        scene->port[WEST].paths_at = scene->port[WEST].peer_at = scene->world.now;
        heal_strays_sweep(&scene->world);
        verdict = heal_remedy_route_around.verify(&scene->world, incident, step);
        heal_remedy_route_around.tend(&scene->world, incident, step);
    }
    assert_int_equal(verdict, HEAL_VERDICT_WORKED);
}

#define CIRCLE(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        CIRCLE(test_is_announced_where_the_neighbour_is_no_nearer),
        CIRCLE(test_an_announcement_waits_half_a_second),
        CIRCLE(test_one_of_two_gives_way),
        CIRCLE(test_stays_until_the_others_have_let_go),
        CIRCLE(test_stays_no_longer_than_a_moment),
        CIRCLE(test_the_present_way_is_told_as_well),
        CIRCLE(test_what_nobody_tends_is_called_off),
        CIRCLE(test_what_is_on_its_way_out_is_not_there),
        CIRCLE(test_one_that_comes_and_goes_spoils_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
