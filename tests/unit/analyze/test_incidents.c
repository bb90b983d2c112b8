/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* From symptoms to incidents, with a service that is down for the simplest of symptoms. */
#include "analyze/incidents.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

static void go_down(struct scene *scene, struct heal_service *service) {
    service->last.running = false;
    service->down_since = scene->world.now - second;
}

static void round_after(struct scene *scene, heal_us span) {
    scene->world.now += span;
    scene->output.commands = scene->output.decisions = 0;
    heal_incidents_update(&scene->world);
}

/* The one open incident; NULL: none. */
static struct heal_incident *the_open(struct scene *scene) {
    struct heal_incident *found = NULL;

    for (size_t i = 0; i < HEAL_INCIDENTS_MAX; i++)
        if (heal_incident_is_open(&scene->world.incident[i])) {
            assert_null(found);
            found = &scene->world.incident[i];
        }
    return found;
}

/* The service goes down and an incident is opened, worked on with a remedy that ends so, and closed. */
static struct heal_incident *come_and_go(struct scene *scene, struct heal_service *service,
                                         enum heal_remedy remedy, enum heal_step_state state) {
    go_down(scene, service);
    round_after(scene, second);
    struct heal_incident *incident = the_open(scene);
    assert_non_null(incident);
    incident->view.steps = 1;
    incident->view.step[0] = (struct heal_step_status){.remedy = remedy, .state = state};
    service->down_since = 0;
    round_after(scene, second);
    assert_int_equal(incident->gone_since, scene->world.now);
    incident->view.closed = scene->world.now;
    return incident;
}

static struct heal_incident *come_back(struct scene *scene, struct heal_service *service) {
    go_down(scene, service);
    round_after(scene, 30 * second);
    assert_non_null(the_open(scene));
    return the_open(scene);
}

static void test_a_cure_that_did_not_last_was_none(void **state) {
    struct scene *scene = *state;
    struct heal_service *service = scene_service(scene, "worker", 0.1F);

    come_and_go(scene, service, HEAL_RESTART_SERVICE, HEAL_STEP_DONE);
    struct heal_incident *again = come_back(scene, service);
    assert_int_equal(again->recurrences, 1);
    assert_int_equal(again->tried, 1u << HEAL_RESTART_SERVICE);
}

static void test_only_cures_promise_to_last(void **state) {
    struct scene *scene = *state;
    struct heal_service *service = scene_service(scene, "worker", 0.1F);

    for (int i = 0; i < HEAL_REMEDIES; i++) {
        enum heal_remedy remedy = (enum heal_remedy)i;
        bool cures = heal_remedy_effect(remedy) == HEAL_EFFECT_CURES;

        come_and_go(scene, service, remedy, HEAL_STEP_DONE);
        struct heal_incident *again = come_back(scene, service);
        assert_int_equal(again->tried, cures ? 1u << i : 0);
        again->view.closed = scene->world.now;
    }
}

static void test_a_cure_that_failed_may_be_tried_again(void **state) {
    struct scene *scene = *state;
    struct heal_service *service = scene_service(scene, "worker", 0.1F);

    come_and_go(scene, service, HEAL_RESTART_SERVICE, HEAL_STEP_FAILED);
    assert_int_equal(come_back(scene, service)->tried, 0);
}

static void test_without_escalation_the_same_again(void **state) {
    struct scene *scene = *state;
    struct heal_service *service = scene_service(scene, "worker", 0.1F);

    scene->world.settings.policy[HEAL_SERVICE_DOWN].escalate = false;
    come_and_go(scene, service, HEAL_RESTART_SERVICE, HEAL_STEP_DONE);
    struct heal_incident *again = come_back(scene, service);
    assert_int_equal(again->tried, 0);
    assert_int_equal(again->recurrences, 1);
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCENE(test_a_cure_that_did_not_last_was_none),
        IN_SCENE(test_only_cures_promise_to_last),
        IN_SCENE(test_a_cure_that_failed_may_be_tried_again),
        IN_SCENE(test_without_escalation_the_same_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
