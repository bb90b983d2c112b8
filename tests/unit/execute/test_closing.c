/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* How an incident ends: what is withdrawn, what is refuted, and what a remedy had to do with it. */
#include "scripted_remedy.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

static void test_trouble_that_went_by_itself_is_refuted(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    scene->world.now += 3 * second;
    incident->gone_since = scene->world.now;
    after(scene, second);
    assert_int_equal(incident->view.closed, 0);
    after(scene, second);
    assert_int_not_equal(incident->view.closed, 0);
    assert_true(incident->view.refuted);
    struct heal_incident *longer = scene_link_incident(scene, HEAL_LINK_LOSS);
    scene->world.now += 6 * second;
    longer->gone_since = scene->world.now;
    after(scene, 2 * second);
    assert_int_not_equal(longer->view.closed, 0);
    assert_false(longer->view.refuted);
    assert_int_equal(longer->view.healed, longer->gone_since);
}

/* What a report says is nothing that this node could have seen going away. */
static struct heal_incident *reported(struct scene *scene) {
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    incident->view.role = HEAL_ROLE_UPSTREAM;
    incident->witnessed = false;
    scene->world.now += second;
    incident->gone_since = scene->world.now;
    return incident;
}

static void test_a_report_that_ceases_is_withdrawn(void **state) {
    struct scene *scene = *state;
    struct heal_incident *silent = reported(scene), *ended = reported(scene), *elsewhere = reported(scene);

    ended->owner_done = true;
    elsewhere->reported = true; /* it goes on, and this node's traffic no longer passes there */
    after(scene, 2 * second);
    assert_int_not_equal(silent->view.closed, 0);
    assert_true(silent->view.withdrawn);
    assert_int_equal(silent->view.healed, 0);
    assert_false(ended->view.withdrawn);
    assert_false(elsewhere->view.withdrawn);
    assert_false(silent->view.refuted || ended->view.refuted || elsewhere->view.refuted);
}

static void test_an_ends_own_eyes_can_refute(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = reported(scene);

    incident->view.role = HEAL_ROLE_END;
    incident->witnessed = true;
    after(scene, 2 * second);
    assert_true(incident->view.refuted);
    assert_false(incident->view.withdrawn);
}

static void test_a_repair_has_the_clock_of_what_it_treats(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = planned(scene);

    incident->view.opened -= 600 * second; /* as something else */
    incident->step[0].treats_since = scene->world.now - 2 * second;
    after(scene, 0);
    assert_true(answer(scene, incident->step[0].record_ticket, 0, ""));
    after(scene, 0);
    incident->view.step[0].commands = 1;
    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), 0, ""));
    scripted.verdict = HEAL_VERDICT_WORKED;
    after(scene, second);
    assert_int_equal(incident->view.healed, scene->world.now);
    assert_int_equal(scene->world.count.mttr_count, 1);
    assert_float_equal(scene->world.count.mttr_sum_s, 3, 1e-3);
    incident->view.healed = 0; /* a relapse */
    after(scene, second);
    assert_int_equal(scene->world.count.mttr_count, 1);
    incident->view.healed = 0; /* another trouble by now, for which the same was done */
    incident->step[0].treats_since = scene->world.now;
    after(scene, second);
    assert_int_equal(scene->world.count.mttr_count, 2);
    assert_float_equal(scene->world.count.mttr_sum_s, 4, 1e-3);
}

static void test_trouble_that_went_with_its_interface_is_not_refuted(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_NEIGHBOUR_LOST);

    heal_world_port(&scene->world, &incident->element.port)->up = false;
    scene->world.now += 3 * second;
    incident->gone_since = scene->world.now;
    after(scene, 2 * second);
    assert_int_not_equal(incident->view.closed, 0);
    assert_false(incident->view.refuted);
}

/* Within the time of a false alarm the trouble went, with a remedy in place: was it that? */
static bool refuted_after(struct scene *scene, enum heal_remedy remedy) {
    scripted.rule.remedy = remedy;
    struct heal_incident *incident = holding(scene);

    incident->hold_us = 0;
    incident->gone_since = scene->world.now;
    after(scene, second);
    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), 0, ""));
    for (int i = 0; i < 3; i++)
        after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_DONE);
    assert_int_not_equal(incident->view.closed, 0);
    return incident->view.refuted;
}

static void test_relief_has_no_part_in_the_end(void **state) {
    assert_true(refuted_after(*state, HEAL_ROUTE_AROUND));
}

static void test_what_contains_trouble_has_ended_it(void **state) {
    assert_false(refuted_after(*state, HEAL_SHED_LOAD));
}

#define MACHINE(test) cmocka_unit_test_setup_teardown(test, scripted_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        MACHINE(test_trouble_that_went_by_itself_is_refuted),
        MACHINE(test_a_report_that_ceases_is_withdrawn),
        MACHINE(test_an_ends_own_eyes_can_refute),
        MACHINE(test_a_repair_has_the_clock_of_what_it_treats),
        MACHINE(test_trouble_that_went_with_its_interface_is_not_refuted),
        MACHINE(test_relief_has_no_part_in_the_end),
        MACHINE(test_what_contains_trouble_has_ended_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
