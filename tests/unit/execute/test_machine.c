/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The step machine, driven with a remedy that does as the test says: how a step begins, acts, is checked and
 * undone. */
#include "scripted_remedy.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

/* Who has paused heald is at work: what is in place stays, and what he takes away is not put back. */
static void test_nothing_is_tended_in_a_pause(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    unsigned tends = scripted.tends;
    scene->world.paused = true;
    after(scene, second);
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    assert_int_equal(scripted.tends, tends);
    scene->world.paused = false;
    after(scene, second);
    assert_true(scripted.tends > tends);
}

static void test_nothing_begins_in_a_pause(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = planned(scene);

    scene->world.paused = true;
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_FAILED);
    assert_int_equal(scripted.acts, 0);
}

static void test_nothing_begins_after_an_undo(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = planned(scene);

    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_RECORDING);
    incident->dismissed = true;
    assert_true(answer(scene, incident->step[0].record_ticket, 0, ""));
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_FAILED);
    assert_int_equal(scripted.acts, 0);
}

static void test_nothing_is_done_before_it_is_written(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = planned(scene);

    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_RECORDING);
    assert_true(scene_count(scene, HEAL_COMMAND_STORE) >= 3); /* evidence, audit, intent */
    after(scene, second);
    assert_int_equal(scripted.acts, 0);
    assert_true(answer(scene, incident->step[0].record_ticket, 0, ""));
    after(scene, 0);
    assert_int_equal(scripted.acts, 1);
}

static void not_saved(struct scene *scene, const struct heal_incident *incident) {
    assert_int_equal(scripted.acts, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_FAILED);
    assert_int_equal(incident->view.suppressed, HEAL_SUPPRESSED_EVIDENCE);
    assert_int_equal(scene->world.count.suppressed[HEAL_SUPPRESSED_EVIDENCE], 1);
    assert_int_equal(scripted.undos + scripted.failed,
                     0); /* there is nothing to take back, nothing was tried */
}

static void test_evidence_that_is_refused(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = planned(scene);

    after(scene, 0);
    assert_true(answer(scene, incident->step[0].record_ticket, -ENOSPC, "disk full"));
    after(scene, 0);
    not_saved(scene, incident);
}

static void test_evidence_that_is_never_answered(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = planned(scene);

    after(scene, 0);
    after(scene, 4 * second);
    not_saved(scene, incident);
}

static void test_full_output_waits_for_the_next_round(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = planned(scene);

    scene->output.commands = HEAL_OUTPUT_COMMANDS;
    heal_machine_update(&scripted_machine, &scene->world);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_PLANNED);
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_RECORDING);
}

static void test_act_that_cannot_be_ordered(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = planned(scene);

    scripted.act_code = -ENOENT;
    after(scene, 0);
    answer(scene, incident->step[0].record_ticket, 0, "");
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_int_equal(scripted.failed, 1);
}

/* There was no helper: the step has failed, and the remedy's record is as it was. */
static void test_act_without_anybody_to_do_it(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = acting(scene);

    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), -ENOTCONN, "there is no helper"));
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_int_equal(scripted.failed, 0);
    assert_int_equal(scene->world.count.actions[scripted.rule.remedy][1], 1);
}

static void test_act_that_fails_is_undone(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = acting(scene);

    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), -EPERM, "not permitted"));
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_int_equal(scripted.undos, 1);
    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), 0, ""));
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_FAILED);
    assert_string_equal(incident->view.step[0].outcome, "not permitted");
    assert_int_equal(scripted.failed, 1);
    assert_int_equal(scene->world.count.actions[scripted.rule.remedy][1], 1);
}

static void test_act_that_is_never_answered_is_undone(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = acting(scene);
    uint32_t late = ticket_of(scene, HEAL_COMMAND_LINK_COST);

    after(scene, 36 * second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_string_equal(incident->view.step[0].outcome, "the act was never answered");
    after(scene, 16 * second); /* nor is the undoing */
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_FAILED);
    assert_string_equal(incident->view.step[0].outcome, "undoing it was never answered");
    assert_int_equal(heal_world_leftovers(&scene->world), 1);
    answer(scene, late, 0, "");
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_FAILED);
}

/* A full output is no reason to believe that it was taken back. */
static void test_undoing_that_finds_no_room_is_ordered_later(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    incident->dismissed = true;
    scene->world.now += second;
    scene->output.commands = HEAL_OUTPUT_COMMANDS;
    heal_machine_update(&scripted_machine, &scene->world);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    after(scene, 0);
    uint32_t undoing = ticket_of(scene, HEAL_COMMAND_LINK_COST);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_true(answer(scene, undoing, 0, ""));
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_DONE);
}

/* The late answer to an act must not pass for the answer to its undoing. */
static void test_late_answer_is_not_the_undoings(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = acting(scene);
    uint32_t late = ticket_of(scene, HEAL_COMMAND_LINK_COST);

    after(scene, 36 * second);
    uint32_t undoing = ticket_of(scene, HEAL_COMMAND_LINK_COST);
    assert_false(answer(scene, late, 0, ""));
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_true(answer(scene, undoing, 0, ""));
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_FAILED);
}

static void test_undoing_that_fails_is_tried_again(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = undoing(scene);

    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), -EBUSY, "busy"));
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_int_equal(scripted.undos, 2);
    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), 0, ""));
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_DONE);
    assert_string_equal(incident->view.step[0].outcome, "worked; undone after the trouble was over");
}

static void test_undoing_that_fails_twice_is_said(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = undoing(scene);

    for (int i = 0; i < 2; i++) {
        assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), -EPERM, "not permitted"));
        after(scene, second);
    }
    assert_int_equal(scripted.undos, 2);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_FAILED);
    assert_string_equal(incident->view.step[0].outcome, "could not be undone: not permitted");
    assert_non_null(strstr(audited(scene), "state=failed"));
    assert_non_null(strstr(audited(scene), "could not be undone: not permitted"));
    assert_int_equal(heal_world_leftovers(&scene->world), 1); /* it is tried again, also by the next run */
}

/* What was said of the step's failure is not lost over the trouble of taking it back. */
static void test_undoing_a_failed_step_at_the_second_try(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = acting(scene);

    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), -EIO, "it broke"));
    after(scene, second);
    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), -EBUSY, "busy"));
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), 0, ""));
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_FAILED);
    assert_string_equal(incident->view.step[0].outcome, "it broke");
}

static void test_no_effect_within_its_time(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = verifying(scene);

    after(scene, 4 * second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_VERIFYING);
    assert_true(scripted.tends > 0);
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_string_equal(incident->view.step[0].outcome, "no effect within its time");
    assert_int_equal(scripted.undos, 1);
}

static void test_bad_verdict_is_undone_at_once(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = verifying(scene);

    scripted.verdict = HEAL_VERDICT_FAILED;
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_int_equal(scripted.failed, 1);
}

static void test_in_place_with_nothing_to_do(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = verifying(scene);

    incident->view.step[0].commands = 0;
    scripted.rule.idle_words = "waits for its time";
    scripted.verdict = HEAL_VERDICT_WORKED;
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    assert_non_null(strstr(scene->output.decision[scene->output.decisions - 1].text, "waits for its time"));
    assert_int_equal(scripted.worked, 0);
}

/* It was done, and what it is for was not there: whether it helps is not known. */
static void test_of_what_does_nothing_nothing_is_learned(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = verifying(scene);

    scripted.verdict = HEAL_VERDICT_IDLE;
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    assert_int_equal(scripted.worked + scripted.failed, 0);
    assert_int_equal(scene->world.count.actions[scripted.rule.remedy][0], 0);
}

static void test_one_that_may_fail_its_check_for_longer(void **state) {
    struct scene *scene = *state;

    scripted.rule.remedy = HEAL_HOP_PENALTY;
    scripted.rule.doubt_us = 8 * second;
    struct heal_incident *incident = holding(scene);

    after(scene, second);
    scripted.verdict = HEAL_VERDICT_FAILED;
    after(scene, 7 * second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    after(scene, 2 * second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_int_equal(scripted.failed, 1);
}

static void test_strange_answers_are_nobodys(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = acting(scene);
    uint32_t ticket = ticket_of(scene, HEAL_COMMAND_LINK_COST);

    assert_false(answer(scene, 0, 0, ""));
    assert_false(answer(scene, ticket + HEAL_PENDING_MAX, 0, ""));
    assert_true(answer(scene, ticket, 0, ""));
    assert_false(answer(scene, ticket, -EIO, "twice"));
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_VERIFYING);
}

#define MACHINE(test) cmocka_unit_test_setup_teardown(test, scripted_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        MACHINE(test_nothing_is_done_before_it_is_written),
        MACHINE(test_nothing_is_tended_in_a_pause),
        MACHINE(test_nothing_begins_in_a_pause),
        MACHINE(test_nothing_begins_after_an_undo),
        MACHINE(test_evidence_that_is_refused),
        MACHINE(test_evidence_that_is_never_answered),
        MACHINE(test_full_output_waits_for_the_next_round),
        MACHINE(test_act_that_cannot_be_ordered),
        MACHINE(test_act_without_anybody_to_do_it),
        MACHINE(test_act_that_fails_is_undone),
        MACHINE(test_act_that_is_never_answered_is_undone),
        MACHINE(test_undoing_that_finds_no_room_is_ordered_later),
        MACHINE(test_late_answer_is_not_the_undoings),
        MACHINE(test_undoing_that_fails_is_tried_again),
        MACHINE(test_undoing_that_fails_twice_is_said),
        MACHINE(test_undoing_a_failed_step_at_the_second_try),
        MACHINE(test_no_effect_within_its_time),
        MACHINE(test_bad_verdict_is_undone_at_once),
        MACHINE(test_in_place_with_nothing_to_do),
        MACHINE(test_of_what_does_nothing_nothing_is_learned),
        MACHINE(test_one_that_may_fail_its_check_for_longer),
        MACHINE(test_strange_answers_are_nobodys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
