/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Relief: no packet passes a dead link, and yet what it led to may be cut off. */
#include "plan/relief.h"
#include "plan/remedies.h"
#include "plan/strays.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { BEYOND = 9, OTHER = 8 }; /* destinations */

static struct heal_incident *dead_west(struct scene *scene) {
    struct heal_incident *incident = scene_link_incident(scene, HEAL_NEIGHBOUR_LOST);

    incident->view.first_seen = scene->world.now;
    return incident;
}

static bool applies(struct scene *scene, const struct heal_incident *incident) {
    heal_relief_note_cut_off(&scene->world);
    return heal_remedies_rule(HEAL_ROUTE_AROUND)->applies(&scene->world, incident);
}

static void test_what_nothing_was_routed_over_cuts_nothing_off(void **state) {
    struct scene *scene = *state;
    scene_route(scene, EAST, BEYOND, true, 192, 96);
    struct heal_incident *incident = dead_west(scene);

    scene_route(scene, EAST, BEYOND, false, UINT16_MAX, UINT16_MAX); /* of another trouble */
    assert_true(applies(scene, incident));
    assert_int_equal(incident->view.cut_off, 0);
    assert_true(heal_relief_is_whole(&scene->world, incident));
}

static void test_a_last_way_that_is_gone_cuts_off(void **state) {
    struct scene *scene = *state;
    scene_route(scene, WEST, BEYOND, true, 192, 96);
    scene_route(scene, WEST, OTHER, true, 192, 96);
    struct heal_incident *incident = dead_west(scene);

    scene_route(scene, WEST, OTHER, false, UINT16_MAX, UINT16_MAX);
    assert_false(applies(scene, incident));      /* BEYOND still goes there, and has no other way */
    assert_int_equal(incident->view.cut_off, 0); /* a link that carries others was not lost */
    scene_route(scene, WEST, BEYOND, false, UINT16_MAX, UINT16_MAX);
    assert_false(applies(scene, incident));
    assert_int_equal(incident->view.cut_off, 2);
    assert_false(heal_relief_is_whole(&scene->world, incident));
    scene_route(scene, EAST, BEYOND, true, 192, 96);
    scene_route(scene, EAST, OTHER, true, 192, 96);
    assert_true(applies(scene, incident));
    assert_int_equal(incident->view.cut_off, 0);
    assert_true(heal_relief_is_whole(&scene->world, incident));
}

/* The routing daemon goes after every rumour of another way first. */
static void test_a_way_that_was_tried_in_vain_is_none(void **state) {
    struct scene *scene = *state;
    scene_route(scene, WEST, BEYOND, true, 192, 96);
    struct heal_incident *incident = dead_west(scene);

    scene_route(scene, WEST, BEYOND, false, UINT16_MAX, UINT16_MAX);
    scene_route(scene, EAST, BEYOND, true, 400, 300);
    scene->world.now += 3 * HEAL_US_PER_S;
    scene_route(scene, EAST, BEYOND, false, UINT16_MAX, UINT16_MAX);
    assert_false(applies(scene, incident));
    assert_int_equal(incident->view.cut_off, 1);
}

static void test_what_was_lost_before_is_of_another_trouble(void **state) {
    struct scene *scene = *state;
    scene_route(scene, WEST, BEYOND, true, 192, 96);
    scene_route(scene, WEST, BEYOND, false, UINT16_MAX, UINT16_MAX);
    scene->world.now += 60 * HEAL_US_PER_S;
    struct heal_incident *incident = dead_west(scene);

    assert_true(applies(scene, incident));
    assert_int_equal(incident->view.cut_off, 0);
}

/* A neighbour tells of a way that the daemon has not taken yet: it is a matter of a moment, and not healed.
 */
static void test_a_way_that_a_neighbour_tells_is_no_cut(void **state) {
    struct scene *scene = *state;
    scene_route(scene, WEST, BEYOND, true, 192, 96);
    scene_path(scene, EAST, BEYOND, 96, "far", NULL);
    struct heal_incident *incident = dead_west(scene);

    scene_route(scene, WEST, BEYOND, false, UINT16_MAX, UINT16_MAX);
    assert_true(applies(scene, incident));
    assert_int_equal(incident->view.cut_off, 0);
    assert_false(heal_relief_is_whole(&scene->world, incident));
}

static void test_what_is_led_around_does_not_suffer(void **state) {
    struct scene *scene = *state;
    struct heal_step step = {0};
    scene_route(scene, WEST, BEYOND, true, 192, 96);
    scene_route(scene, EAST, BEYOND, false, 192, 96);
    scene_path(scene, EAST, BEYOND, 96, "far", NULL);
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    assert_false(heal_relief_is_whole(&scene->world, incident));
    heal_remedies_rule(HEAL_ROUTE_AROUND)->tend(&scene->world, incident, &step);
    assert_false(heal_relief_is_whole(&scene->world, incident)); /* not before the kernel has it */
    scene_fib(scene, EAST, BEYOND, HEAL_ROUTE_PROTOCOL, HEAL_ROUTE_METRIC, true);
    heal_strays_sweep(&scene->world);
    assert_true(heal_relief_is_whole(&scene->world, incident));
}

#define RELIEF(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        RELIEF(test_what_nothing_was_routed_over_cuts_nothing_off),
        RELIEF(test_a_last_way_that_is_gone_cuts_off),
        RELIEF(test_a_way_that_was_tried_in_vain_is_none),
        RELIEF(test_what_was_lost_before_is_of_another_trouble),
        RELIEF(test_a_way_that_a_neighbour_tells_is_no_cut),
        RELIEF(test_what_is_led_around_does_not_suffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
