/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* From symptoms to incidents, with a service that is down for the simplest of symptoms. */
#include "analyze/incidents.h"
#include "plan/guard.h"
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

/* The cure's own incident is not the last one any more, and nothing has cured since. */
static void test_it_stays_none_while_nothing_else_cures(void **state) {
    struct scene *scene = *state;
    struct heal_service *service = scene_service(scene, "worker", 0.1F);

    come_and_go(scene, service, HEAL_RESTART_SERVICE, HEAL_STEP_DONE);
    come_and_go(scene, service, HEAL_NOTIFY, HEAL_STEP_DONE);
    assert_int_equal(come_back(scene, service)->tried, 1u << HEAL_RESTART_SERVICE);
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
        again->passed_over = 0; /* each for itself */
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

static void test_what_comes_back_is_held_longer(void **state) {
    struct scene *scene = *state;
    struct heal_service *service = scene_service(scene, "worker", 0.1F);

    for (unsigned again = 0; again < 8; again++) {
        struct heal_incident *incident = come_and_go(scene, service, HEAL_NOTIFY, HEAL_STEP_DONE);
        assert_int_equal(incident->recurrences, again);
        assert_int_equal(incident->hold_us, 10 * second << (again < 5 ? again : 5));
    }
    /* after the window of the policy it is another trouble */
    scene->world.now += scene->world.settings.policy[HEAL_SERVICE_DOWN].window_us;
    go_down(scene, service);
    round_after(scene, second);
    assert_int_equal(the_open(scene)->recurrences, 0);
    assert_int_equal(the_open(scene)->hold_us, 10 * second);
}

/* An operator's undo, given for an incident that heald's end has cut off, holds for what is left of it. */
static void test_what_an_operator_dismissed_stays_so(void **state) {
    struct scene *scene = *state;
    struct heal_service *service = scene_service(scene, "worker", 0.1F);

    struct heal_incident *before = come_and_go(scene, service, HEAL_RESTART_SERVICE, HEAL_STEP_FAILED);
    before->dismissed = true;
    scene->world.now += 2 * scene->world.settings.policy[HEAL_SERVICE_DOWN].window_us;
    struct heal_incident *rest = come_back(scene, service);
    assert_true(rest->dismissed);
    /* Of this trouble, not of the next. */
    rest->dismissed = false;
    rest->view.closed = scene->world.now;
    scene->world.now += 2 * scene->world.settings.policy[HEAL_SERVICE_DOWN].window_us;
    assert_false(come_back(scene, service)->dismissed);
}

static void test_the_same_elsewhere_is_no_recurrence(void **state) {
    struct scene *scene = *state;

    scene_service(scene, "worker", 0.1F);
    scene_service(scene, "babeld", 0.1F);
    come_and_go(scene, &scene->world.service[0], HEAL_RESTART_SERVICE, HEAL_STEP_DONE);
    struct heal_incident *other = come_back(scene, &scene->world.service[1]);
    assert_int_equal(other->recurrences, 0);
    assert_int_equal(other->tried, 0);
}

/* ---- whose it is: "east" sorts before "here", "west" after ---- */

static void lose_carrier(struct scene *scene, int port) {
    scene->port[port].since = 1; /* long ago */
    scene->port[port].carrier = false;
}

static void test_the_first_name_owns_a_link(void **state) {
    struct scene *scene = *state;

    lose_carrier(scene, WEST);
    round_after(scene, second);
    struct heal_incident *incident = the_open(scene);
    assert_non_null(incident);
    assert_int_equal(incident->view.ranked[0].diagnosis, HEAL_NEIGHBOUR_LOST);
    assert_int_equal(incident->view.role, HEAL_ROLE_OWNER);
    assert_true(incident->view.owner == scene->world.id);
    assert_string_equal(incident->view.node, "here");
    assert_string_equal(incident->view.other, "west");
    assert_string_equal(incident->view.ifname, "mesh0");
    assert_int_equal(scene->world.count.incidents[HEAL_NEIGHBOUR_LOST], 1);
}

static void test_the_other_is_an_end_of_it(void **state) {
    struct scene *scene = *state;

    lose_carrier(scene, EAST);
    round_after(scene, second);
    assert_int_equal(the_open(scene)->view.role, HEAL_ROLE_END);
    assert_true(the_open(scene)->view.owner == heal_node_id_of("east"));
}

static void test_who_is_silent_owns_nothing(void **state) {
    struct scene *scene = *state;

    lose_carrier(scene, EAST);
    round_after(scene, 3 * second); /* since east has spoken */
    assert_int_equal(the_open(scene)->view.role, HEAL_ROLE_OWNER);
    assert_true(the_open(scene)->view.owner == scene->world.id);
}

/* News from the owner: its incident 77 about the link from here to east. */
static struct heal_remote *hear_of_east(struct scene *scene, enum heal_diagnosis diagnosis, bool open) {
    struct heal_remote *remote = &scene->world.remote[0];
    scene->world.remotes = 1;

    *remote = (struct heal_remote){
        .news = {.incident = 77,
                 .owner = heal_node_id_of("east"),
                 .node = heal_node_id_of("east"),
                 .other = scene->world.id,
                 .confidence = 0.9F,
                 .open = open},
        .first = scene->world.now,
        .at = scene->world.now
    };
    strcpy(remote->news.diagnosis, heal_diagnosis_slug(diagnosis));
    return remote;
}

/* Nothing comes from east any more, though there is a carrier; it has been looked at since now. */
static void fall_silent(struct scene *scene) {
    struct heal_port *port = &scene->port[EAST];

    port->examined_since = port->suspected_at = scene->world.now;
    port->vitals.flow[HEAL_IN].silence_s = 2;
}

static void test_an_end_lets_the_owner_speak_first(void **state) {
    struct scene *scene = *state;

    fall_silent(scene);
    round_after(scene, 2 * second); /* the examination is over */
    assert_null(the_open(scene));
    scene->port[EAST].peer_at = scene->world.now; /* its messages come, its probes do not */
    round_after(scene, second / 2);
    assert_null(the_open(scene));
    round_after(scene, second / 10);
    assert_non_null(the_open(scene));
    assert_int_equal(the_open(scene)->view.role, HEAL_ROLE_END);
}

static void test_the_owners_word_makes_it_ripe(void **state) {
    struct scene *scene = *state;

    fall_silent(scene);
    hear_of_east(scene, HEAL_ONE_WAY_LINK, true);
    round_after(scene, second);
    assert_non_null(the_open(scene));
    assert_int_equal(the_open(scene)->view.role, HEAL_ROLE_END);
    /* what it is, is the owner's to say, too */
    assert_int_equal(the_open(scene)->view.ranked[0].diagnosis, HEAL_ONE_WAY_LINK);
}

/* West's name is after this node's: else the link would be this node's to speak of. */
static void test_a_deaf_end_leaves_the_word_to_who_hears(void **state) {
    static const enum heal_diagnosis said[] = {HEAL_ONE_WAY_LINK, HEAL_NEIGHBOUR_LOST};
    static const enum heal_role roles[] = {HEAL_ROLE_END, HEAL_ROLE_OWNER};
    struct scene *scene = *state;
    struct heal_port *west = &scene->port[WEST];

    for (int i = 0; i < 2; i++) {
        west->examined_since = west->suspected_at = scene->world.now;
        west->vitals.flow[HEAL_IN].silence_s = 2;
        struct heal_remote *remote = hear_of_east(scene, said[i], true);
        remote->news.owner = remote->news.node = heal_node_id_of("west");
        remote->at = scene->world.now + second;
        round_after(scene, 2 * second);
        struct heal_incident *incident = the_open(scene);
        assert_non_null(incident);
        assert_int_equal(incident->view.role, roles[i]);
        assert_int_equal(incident->view.ranked[0].diagnosis, said[i]);
        incident->view.closed = scene->world.now;
    }
}

static void test_the_owners_word_ends_it(void **state) {
    struct scene *scene = *state;

    lose_carrier(scene, EAST);
    hear_of_east(scene, HEAL_NEIGHBOUR_LOST, true);
    round_after(scene, second);
    struct heal_incident *incident = the_open(scene);
    assert_false(incident->owner_done);
    scene->world.now += second;
    hear_of_east(scene, HEAL_NEIGHBOUR_LOST, false);
    round_after(scene, 0); /* though the symptom is there */
    assert_true(incident->owner_done);
    assert_int_equal(incident->gone_since, scene->world.now);
}

/* It keeps its beginning, and has the time and the name of each. */
static void test_a_diagnosis_made_anew_has_its_time(void **state) {
    struct scene *scene = *state;

    fall_silent(scene);
    hear_of_east(scene, HEAL_ONE_WAY_LINK, true);
    round_after(scene, second);
    struct heal_incident *incident = the_open(scene);
    heal_us opened = scene->world.now;
    assert_int_equal(incident->view.diagnosed, opened);
    assert_int_equal(incident->view.opened_as, HEAL_ONE_WAY_LINK);
    scene->world.now += 60 * second;
    hear_of_east(scene, HEAL_MTU_BLACKHOLE, true);
    round_after(scene, 0);
    assert_int_equal(incident->view.ranked[0].diagnosis, HEAL_MTU_BLACKHOLE);
    assert_int_equal(incident->view.opened, opened);
    assert_int_equal(incident->view.diagnosed, scene->world.now);
    assert_int_equal(incident->view.opened_as, HEAL_ONE_WAY_LINK);
}

/* Whose word an incident rests on: this node's own eyes, its owner's report, or nobody's any more. */
static void test_whose_word_it_rests_on(void **state) {
    struct scene *scene = *state;

    hear_of_east(scene, HEAL_LINK_LOSS, true);
    round_after(scene, second);
    struct heal_incident *incident = the_open(scene);
    assert_non_null(incident);
    assert_false(incident->witnessed);
    assert_true(incident->reported);
    scene->world.remote[0].at = 0; /* it has fallen silent */
    scene->world.now += 8 * second;
    round_after(scene, second);
    assert_false(incident->reported);
    assert_int_equal(incident->gone_since, scene->world.now);
    lose_carrier(scene, EAST);
    round_after(scene, second);
    assert_true(incident->witnessed);
}

static void test_an_owner_needs_nobodys_word(void **state) {
    struct scene *scene = *state;

    lose_carrier(scene, WEST);
    round_after(scene, second);
    struct heal_remote *remote = hear_of_east(scene, HEAL_NEIGHBOUR_LOST, false);
    remote->news.owner = remote->news.node = heal_node_id_of("west");
    remote->at = scene->world.now += second;
    round_after(scene, 0);
    assert_false(the_open(scene)->owner_done);
    assert_int_equal(the_open(scene)->gone_since, 0);
}

/* ---- many at once ---- */

static void test_no_room_is_said(void **state) {
    struct scene *scene = *state;

    for (int i = 0; i < HEAL_INCIDENTS_MAX; i++)
        scene_own_incident(scene, HEAL_SERVICE_DOWN, i % 2 ? "a" : "b");
    go_down(scene, scene_service(scene, "worker", 0.1F));
    round_after(scene, second);
    assert_int_equal(scene->output.decisions, 1);
    assert_int_equal(scene->output.decision[0].kind, HEAL_DECISION_SUPPRESSED);
    assert_string_equal(scene->output.decision[0].text, "reason=no-room diagnosis=service-down");
}

static void test_a_storm_is_many_of_ones_own(void **state) {
    struct scene *scene = *state;
    struct heal_world *world = &scene->world;
    const unsigned limit = world->settings.storm_limit;
    char name[] = "a";

    for (unsigned i = 0; i + 1 < limit; i++, name[0]++)
        go_down(scene, scene_service(scene, name, 0.1F));
    round_after(scene, second);
    assert_false(heal_guard_storm(world));
    /* what others have found does not count */
    scene_link_incident(scene, HEAL_LINK_LOSS)->view.role = HEAL_ROLE_UPSTREAM;
    assert_false(heal_guard_storm(world));
    lose_carrier(scene, EAST);
    round_after(scene, 0);
    assert_true(heal_guard_storm(world));
    /* each is one incident, however long it lasts */
    round_after(scene, second);
    assert_int_equal(heal_world_incidents_open(world, 0), limit);
}

/* At boot a service may start after heald does; once it has run, it is missed at once. */
static void test_a_service_may_yet_start(void **state) {
    struct scene *scene = *state;
    struct heal_service *service = scene_service(scene, "worker", 0.1F);

    scene->world.started = scene->world.now;
    service->started = 0;
    go_down(scene, service);
    round_after(scene, 59 * second);
    assert_null(the_open(scene));
    service->started = scene->world.now;
    round_after(scene, 0);
    assert_non_null(the_open(scene));
}

static void test_a_service_that_never_starts(void **state) {
    struct scene *scene = *state;
    struct heal_service *service = scene_service(scene, "worker", 0.1F);

    scene->world.started = scene->world.now;
    service->started = 0;
    go_down(scene, service);
    round_after(scene, 60 * second);
    assert_non_null(the_open(scene));
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCENE(test_a_cure_that_did_not_last_was_none),
        IN_SCENE(test_it_stays_none_while_nothing_else_cures),
        IN_SCENE(test_only_cures_promise_to_last),
        IN_SCENE(test_a_cure_that_failed_may_be_tried_again),
        IN_SCENE(test_without_escalation_the_same_again),
        IN_SCENE(test_what_comes_back_is_held_longer),
        IN_SCENE(test_what_an_operator_dismissed_stays_so),
        IN_SCENE(test_the_same_elsewhere_is_no_recurrence),
        IN_SCENE(test_the_first_name_owns_a_link),
        IN_SCENE(test_the_other_is_an_end_of_it),
        IN_SCENE(test_who_is_silent_owns_nothing),
        IN_SCENE(test_an_end_lets_the_owner_speak_first),
        IN_SCENE(test_the_owners_word_makes_it_ripe),
        IN_SCENE(test_a_deaf_end_leaves_the_word_to_who_hears),
        IN_SCENE(test_the_owners_word_ends_it),
        IN_SCENE(test_a_diagnosis_made_anew_has_its_time),
        IN_SCENE(test_whose_word_it_rests_on),
        IN_SCENE(test_an_owner_needs_nobodys_word),
        IN_SCENE(test_no_room_is_said),
        IN_SCENE(test_a_storm_is_many_of_ones_own),
        IN_SCENE(test_a_service_may_yet_start),
        IN_SCENE(test_a_service_that_never_starts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
