/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What holds a remedy in place, and what has it taken back. */
#include "scripted_remedy.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

/* What was put in place for one trouble is no reason to leave another alone. */
static void test_taken_back_when_the_trouble_is_another(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    incident->view.ranked[0].diagnosis = HEAL_INTERFERENCE;
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), 0, ""));
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_DONE);
    assert_non_null(strstr(incident->view.step[0].outcome, "the trouble is another"));
}

/* Two have it in place: who is done first takes nothing away, the last does. */
static void test_what_two_share_is_taken_back_by_the_last(void **state) {
    struct scene *scene = *state;
    struct heal_incident *first = holding(scene);

    scripted.verdict = HEAL_VERDICT_PENDING;
    struct heal_incident *last = holding(scene);
    scripted.rule.shares = HEAL_SHARES_INTERFACE;
    first->dismissed = true;
    after(scene, second);
    assert_int_equal(scene_count(scene, HEAL_COMMAND_LINK_COST), 0);
    after(scene, 0);
    assert_int_equal(first->view.step[0].state, HEAL_STEP_DONE);
    last->dismissed = true;
    after(scene, second);
    assert_int_equal(scene_count(scene, HEAL_COMMAND_LINK_COST), 1);
}

static void test_taken_back_by_order(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    incident->dismissed = true;
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), 0, ""));
    after(scene, 0);
    assert_non_null(strstr(incident->view.step[0].outcome, "by order of an operator"));
}

/* What somebody else has changed is reported, and is his; nobody has failed. */
static void test_makes_way_for_others(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    scripted.takeover = HEAL_TAKEOVER_INCIDENT;
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_string_equal(incident->view.others, "somebody was here");
    assert_int_equal(incident->view.suppressed, HEAL_SUPPRESSED_OPERATOR);
    assert_true(incident->dismissed);
    const struct heal_output *output = &scene->output;
    unsigned audits = 0;
    for (size_t i = 0; i < output->commands; i++)
        audits += output->command[i].kind == HEAL_COMMAND_STORE &&
                  strstr(output->command[i].record.value, "event=others") != NULL;
    assert_int_equal(audits, 1);
    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), 0, ""));
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_DONE);
    assert_non_null(strstr(incident->view.step[0].outcome, "left to him"));
    assert_int_equal(scripted.failed, 0);
}

/* Where it need not have been a person, only this remedy is barred. */
static void test_makes_way_with_one_step(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    scripted.takeover = HEAL_TAKEOVER_STEP;
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_false(incident->dismissed);
    assert_int_equal(incident->barred, 1U << scripted.rule.remedy);
}

/* An interface that somebody has taken down is told of, once. */
static void test_tells_of_an_interface_that_is_down(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);
    struct heal_port *port = heal_world_port(&scene->world, &incident->element.port);

    after(scene, second);
    assert_string_equal(incident->view.others, "");
    port->up = false;
    after(scene, second);
    assert_non_null(strstr(incident->view.others, "is down, and not by heald"));
    scene->output.decisions = 0;
    after(scene, second);
    for (size_t i = 0; i < scene->output.decisions; i++)
        assert_null(strstr(scene->output.decision[i].text, "others="));
}

/* In no mode but act is anything of heald's in place. */
static void test_taken_back_when_the_mode_is_no_longer_act(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    unsigned tends = scripted.tends;
    scene->world.mode = HEAL_MODE_WARN;
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_int_equal(scripted.tends, tends);
}

static void test_holds_until_the_trouble_is_over(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    assert_int_equal(scripted.worked, 1);
    assert_int_equal(incident->view.healed, scene->world.now);
    incident->hold_us = 10 * second;
    incident->gone_since = scene->world.now;
    after(scene, 10 * second - 1);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    after(scene, 1);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), 0, ""));
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_DONE);
    assert_int_equal(incident->view.closed, scene->world.now);
    assert_false(incident->view.refuted);
    assert_int_equal(scripted.closed, 1);
    assert_int_equal(scripted.worked, 1); /* learned once */
}

static void test_a_remedy_that_hides_trouble_holds_longer(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    scripted.rule.hold_us = 60 * second;
    incident->hold_us = 10 * second;
    incident->gone_since = scene->world.now;
    after(scene, 59 * second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
}

static void test_an_end_joins_what_takes_both(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    incident->view.role = HEAL_ROLE_END;
    incident->view.step[0].remedy = scripted.rule.remedy = HEAL_ROUTE_AROUND;
    incident->owner_remedy = HEAL_NOTIFY;
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    incident->owner_remedy = HEAL_CLAMP_MTU;
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    incident->gone_since = scene->world.now; /* why it was taken back is not what comes later */
    scene->world.mode = HEAL_MODE_WARN;
    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), 0, ""));
    after(scene, second);
    assert_string_equal(incident->view.step[0].outcome, "worked; undone to do as the link's other end does");
}

/* An MTU that is small at one end only loses frames: the other end follows the owner, in time and not before.
 */
static void test_an_end_takes_back_what_takes_both_with_the_owner(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    incident->view.role = HEAL_ROLE_END;
    incident->owner_remedy = HEAL_CLAMP_MTU;
    incident->gone_since = scene->world.now;
    after(scene, 3600 * second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    incident->owner_remedy = HEAL_REMEDIES;
    incident->owner_idle = true;
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
}

static void test_others_end_with_the_owner(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    scripted.rule.hold_us = 60 * second;
    incident->gone_since = scene->world.now;
    after(scene, 10 * second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    incident->owner_done = true;
    after(scene, second / 4);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
}

static void test_what_no_longer_works_is_given_up(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    after(scene, 20 * second); /* the symptom goes on, but this end's half is cured */
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    scripted.verdict = HEAL_VERDICT_PENDING;
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    after(scene, 2 * second);
    after(scene, 2 * second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_string_equal(incident->view.step[0].outcome, "worked at first, then no longer");
    assert_int_equal(incident->view.healed, 0);
}

static void test_a_cure_gets_as_long_as_the_monitor_looks_back(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    scripted.verdict = HEAL_VERDICT_PENDING;
    after(scene, 5 * second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    after(scene, 2 * second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
}

static void test_relief_needs_no_cure(void **state) {
    struct scene *scene = *state;

    scripted.rule.remedy = HEAL_LINK_COST;
    struct heal_incident *incident = holding(scene);

    for (int i = 0; i < 30; i++)
        after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    scripted.verdict = HEAL_VERDICT_FAILED;
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING); /* a doubt is not a verdict */
    after(scene, 2 * second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
}

#define MACHINE(test) cmocka_unit_test_setup_teardown(test, scripted_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        MACHINE(test_taken_back_when_the_trouble_is_another),
        MACHINE(test_makes_way_for_others),
        MACHINE(test_makes_way_with_one_step),
        MACHINE(test_tells_of_an_interface_that_is_down),
        MACHINE(test_taken_back_when_the_mode_is_no_longer_act),
        MACHINE(test_what_two_share_is_taken_back_by_the_last),
        MACHINE(test_taken_back_by_order),
        MACHINE(test_holds_until_the_trouble_is_over),
        MACHINE(test_a_remedy_that_hides_trouble_holds_longer),
        MACHINE(test_an_end_joins_what_takes_both),
        MACHINE(test_an_end_takes_back_what_takes_both_with_the_owner),
        MACHINE(test_others_end_with_the_owner),
        MACHINE(test_what_no_longer_works_is_given_up),
        MACHINE(test_a_cure_gets_as_long_as_the_monitor_looks_back),
        MACHINE(test_relief_needs_no_cure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
