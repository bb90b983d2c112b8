/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The step machine, driven with a remedy that does as the test says: every way in which a step can end. */
#include "base/text.h"
#include "execute/machine.h"
#include "model/output.h"
#include "scene.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

/* What the remedy does, and what it was asked. cmocka runs one test after the other; each sets it anew. */
static struct {
    struct heal_remedy_rule rule;
    enum heal_verdict verdict;
    int act_code;
    enum heal_takeover takeover;
    unsigned acts, undos, tends, worked, failed, closed;
} fake;

static int act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    fake.acts++;
    if (fake.act_code == 0)
        heal_output_act(world, HEAL_COMMAND_LINK_COST, incident->view.id, step);
    return fake.act_code;
}

static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    (void)world;
    (void)incident;
    (void)step;
    return fake.verdict;
}

static void tend(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    (void)world;
    (void)incident;
    (void)step;
    fake.tends++;
}

static enum heal_takeover taken_over(struct heal_world *world, struct heal_incident *incident,
                                     struct heal_step *step, struct heal_text *words) {
    (void)world;
    (void)incident;
    (void)step;
    if (fake.takeover != HEAL_TAKEOVER_NONE)
        heal_text_add(words, "somebody was here");
    return fake.takeover;
}

static int undo(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    fake.undos++;
    return heal_output_act(world, HEAL_COMMAND_LINK_COST, incident->view.id, step) ? 0 : -ENOSPC;
}

static const struct heal_remedy_rule *rule_of(enum heal_remedy remedy) {
    assert_int_equal(remedy, fake.rule.remedy);
    return &fake.rule;
}

static void step_ended(void *context, struct heal_incident *incident, size_t step, bool worked) {
    (void)context;
    assert_int_equal(incident->view.step[step].remedy, fake.rule.remedy);
    *(worked ? &fake.worked : &fake.failed) += 1;
}

static void incident_closed(void *context, struct heal_incident *incident) {
    (void)context;
    (void)incident;
    fake.closed++;
}

static const struct heal_machine machine = {
    .rule_of = rule_of, .ear = {.step_ended = step_ended, .incident_closed = incident_closed}
};

static int make(void **state) {
    memset(&fake, 0, sizeof fake);
    fake.rule = (struct heal_remedy_rule){.remedy = HEAL_CLAMP_MTU,
                                          .timeout = 5 * second,
                                          .holds = true,
                                          .act = act,
                                          .verify = verify,
                                          .tend = tend,
                                          .taken_over = taken_over,
                                          .undo = undo};
    return scene_make(state);
}

static struct heal_incident *planned(struct scene *scene) {
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);
    struct heal_policy *policy = &scene->world.settings.policy[HEAL_LINK_LOSS];

    policy->steps = 2;
    policy->step[0] = fake.rule.remedy;
    policy->step[1] = HEAL_ROUTE_AROUND;
    incident->view.steps = 1;
    incident->view.step[0] =
        (struct heal_step_status){.remedy = fake.rule.remedy, .started = scene->world.now};
    incident->step[0].treats = HEAL_LINK_LOSS;
    incident->step[0].treats_since = scene->world.now;
    return incident;
}

/* A round, after some time. */
static void after(struct scene *scene, heal_us span) {
    scene->world.now += span;
    scene->output.commands = scene->output.decisions = 0;
    heal_machine_update(&machine, &scene->world);
}

static bool answer(struct scene *scene, uint32_t ticket, int code, const char *words) {
    struct heal_event_result result = {.ticket = ticket, .code = code};

    heal_name_copy(result.text, sizeof result.text, words);
    return heal_machine_result(&scene->world, &result);
}

static uint32_t ticket_of(const struct scene *scene, enum heal_command_kind kind) {
    uint32_t ticket = 0;

    for (size_t i = 0; i < scene->output.commands; i++)
        ticket = scene->output.command[i].kind == kind ? scene->output.command[i].ticket : ticket;
    assert_int_not_equal(ticket, 0);
    return ticket;
}

/* Its evidence is durable, the act was ordered; it waits for the answer to that. */
static struct heal_incident *acting(struct scene *scene) {
    struct heal_incident *incident = planned(scene);

    after(scene, 0);
    assert_true(answer(scene, incident->step[0].record_ticket, 0, ""));
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_ACTING);
    return incident;
}

static struct heal_incident *verifying(struct scene *scene) {
    struct heal_incident *incident = acting(scene);

    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), 0, ""));
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_VERIFYING);
    return incident;
}

static struct heal_incident *holding(struct scene *scene) {
    struct heal_incident *incident = verifying(scene);

    fake.verdict = HEAL_VERDICT_WORKED;
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    return incident;
}

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

    fake.verdict = HEAL_VERDICT_PENDING;
    struct heal_incident *last = holding(scene);
    fake.rule.shares = HEAL_SHARES_INTERFACE;
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

    fake.takeover = HEAL_TAKEOVER_INCIDENT;
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
    assert_int_equal(fake.failed, 0);
}

/* Where it need not have been a person, only this remedy is barred. */
static void test_makes_way_with_one_step(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    fake.takeover = HEAL_TAKEOVER_STEP;
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_false(incident->dismissed);
    assert_int_equal(incident->barred, 1U << fake.rule.remedy);
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

    unsigned tends = fake.tends;
    scene->world.mode = HEAL_MODE_WARN;
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_int_equal(fake.tends, tends);
}

/* Who has paused heald is at work: what is in place stays, and what he takes away is not put back. */
static void test_nothing_is_tended_in_a_pause(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    unsigned tends = fake.tends;
    scene->world.paused = true;
    after(scene, second);
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    assert_int_equal(fake.tends, tends);
    scene->world.paused = false;
    after(scene, second);
    assert_true(fake.tends > tends);
}

static void test_nothing_begins_in_a_pause(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = planned(scene);

    scene->world.paused = true;
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_FAILED);
    assert_int_equal(fake.acts, 0);
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
    assert_int_equal(fake.acts, 0);
}

static void test_nothing_is_done_before_it_is_written(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = planned(scene);

    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_RECORDING);
    assert_true(scene_count(scene, HEAL_COMMAND_STORE) >= 3); /* evidence, audit, intent */
    after(scene, second);
    assert_int_equal(fake.acts, 0);
    assert_true(answer(scene, incident->step[0].record_ticket, 0, ""));
    after(scene, 0);
    assert_int_equal(fake.acts, 1);
}

static void not_saved(struct scene *scene, const struct heal_incident *incident) {
    assert_int_equal(fake.acts, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_FAILED);
    assert_int_equal(incident->view.suppressed, HEAL_SUPPRESSED_EVIDENCE);
    assert_int_equal(scene->world.count.suppressed[HEAL_SUPPRESSED_EVIDENCE], 1);
    assert_int_equal(fake.undos + fake.failed, 0); /* there is nothing to take back, nothing was tried */
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
    heal_machine_update(&machine, &scene->world);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_PLANNED);
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_RECORDING);
}

static void test_act_that_cannot_be_ordered(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = planned(scene);

    fake.act_code = -ENOENT;
    after(scene, 0);
    answer(scene, incident->step[0].record_ticket, 0, "");
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_int_equal(fake.failed, 1);
}

/* There was no helper: the step has failed, and the remedy's record is as it was. */
static void test_act_without_anybody_to_do_it(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = acting(scene);

    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), -ENOTCONN, "there is no helper"));
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_int_equal(fake.failed, 0);
    assert_int_equal(scene->world.count.actions[fake.rule.remedy][1], 1);
}

static void test_act_that_fails_is_undone(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = acting(scene);

    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), -EPERM, "not permitted"));
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_int_equal(fake.undos, 1);
    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), 0, ""));
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_FAILED);
    assert_string_equal(incident->view.step[0].outcome, "not permitted");
    assert_int_equal(fake.failed, 1);
    assert_int_equal(scene->world.count.actions[fake.rule.remedy][1], 1);
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
    heal_machine_update(&machine, &scene->world);
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

/* The audit's last word on a step. */
static const char *audited(const struct scene *scene) {
    const char *value = NULL;

    for (size_t i = 0; i < scene->output.commands; i++)
        if (scene->output.command[i].kind == HEAL_COMMAND_STORE &&
            scene->output.command[i].record.kind == HEAL_RECORD_AUDIT)
            value = scene->output.command[i].record.value;
    assert_non_null(value);
    return value;
}

/* Held, and the trouble over: it is being taken back. */
static struct heal_incident *undoing(struct scene *scene) {
    struct heal_incident *incident = holding(scene);

    incident->gone_since = scene->world.now;
    incident->hold_us = second;
    after(scene, 2 * second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_int_equal(fake.undos, 1);
    return incident;
}

static void test_undoing_that_fails_is_tried_again(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = undoing(scene);

    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), -EBUSY, "busy"));
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_int_equal(fake.undos, 2);
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
    assert_int_equal(fake.undos, 2);
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
    assert_true(fake.tends > 0);
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_string_equal(incident->view.step[0].outcome, "no effect within its time");
    assert_int_equal(fake.undos, 1);
}

static void test_bad_verdict_is_undone_at_once(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = verifying(scene);

    fake.verdict = HEAL_VERDICT_FAILED;
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_int_equal(fake.failed, 1);
}

static void test_holds_until_the_trouble_is_over(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    assert_int_equal(fake.worked, 1);
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
    assert_int_equal(fake.closed, 1);
    assert_int_equal(fake.worked, 1); /* learned once */
}

static void test_a_remedy_that_hides_trouble_holds_longer(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = holding(scene);

    fake.rule.hold_us = 60 * second;
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
    incident->view.step[0].remedy = fake.rule.remedy = HEAL_ROUTE_AROUND;
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

static void test_in_place_with_nothing_to_do(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = verifying(scene);

    incident->view.step[0].commands = 0;
    fake.rule.idle_words = "waits for its time";
    fake.verdict = HEAL_VERDICT_WORKED;
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    assert_non_null(strstr(scene->output.decision[scene->output.decisions - 1].text, "waits for its time"));
    assert_int_equal(fake.worked, 0);
}

/* It was done, and what it is for was not there: whether it helps is not known. */
static void test_of_what_does_nothing_nothing_is_learned(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = verifying(scene);

    fake.verdict = HEAL_VERDICT_IDLE;
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    assert_int_equal(fake.worked + fake.failed, 0);
    assert_int_equal(scene->world.count.actions[fake.rule.remedy][0], 0);
}

static void test_one_that_may_fail_its_check_for_longer(void **state) {
    struct scene *scene = *state;

    fake.rule.remedy = HEAL_HOP_PENALTY;
    fake.rule.doubt_us = 8 * second;
    struct heal_incident *incident = holding(scene);

    after(scene, second);
    fake.verdict = HEAL_VERDICT_FAILED;
    after(scene, 7 * second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    after(scene, 2 * second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_int_equal(fake.failed, 1);
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

    fake.rule.hold_us = 60 * second;
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
    fake.verdict = HEAL_VERDICT_PENDING;
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

    fake.verdict = HEAL_VERDICT_PENDING;
    after(scene, 5 * second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    after(scene, 2 * second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
}

static void test_relief_needs_no_cure(void **state) {
    struct scene *scene = *state;

    fake.rule.remedy = HEAL_LINK_COST;
    struct heal_incident *incident = holding(scene);

    for (int i = 0; i < 30; i++)
        after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    fake.verdict = HEAL_VERDICT_FAILED;
    after(scene, second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING); /* a doubt is not a verdict */
    after(scene, 2 * second);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
}

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
    fake.verdict = HEAL_VERDICT_WORKED;
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
    fake.rule.remedy = remedy;
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

#define MACHINE(test) cmocka_unit_test_setup_teardown(test, make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        MACHINE(test_nothing_is_done_before_it_is_written),
        MACHINE(test_taken_back_when_the_trouble_is_another),
        MACHINE(test_makes_way_for_others),
        MACHINE(test_makes_way_with_one_step),
        MACHINE(test_tells_of_an_interface_that_is_down),
        MACHINE(test_taken_back_when_the_mode_is_no_longer_act),
        MACHINE(test_what_two_share_is_taken_back_by_the_last),
        MACHINE(test_taken_back_by_order),
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
        MACHINE(test_holds_until_the_trouble_is_over),
        MACHINE(test_a_remedy_that_hides_trouble_holds_longer),
        MACHINE(test_an_end_joins_what_takes_both),
        MACHINE(test_in_place_with_nothing_to_do),
        MACHINE(test_of_what_does_nothing_nothing_is_learned),
        MACHINE(test_one_that_may_fail_its_check_for_longer),
        MACHINE(test_an_end_takes_back_what_takes_both_with_the_owner),
        MACHINE(test_others_end_with_the_owner),
        MACHINE(test_what_no_longer_works_is_given_up),
        MACHINE(test_a_cure_gets_as_long_as_the_monitor_looks_back),
        MACHINE(test_relief_needs_no_cure),
        MACHINE(test_trouble_that_went_by_itself_is_refuted),
        MACHINE(test_a_report_that_ceases_is_withdrawn),
        MACHINE(test_an_ends_own_eyes_can_refute),
        MACHINE(test_a_repair_has_the_clock_of_what_it_treats),
        MACHINE(test_trouble_that_went_with_its_interface_is_not_refuted),
        MACHINE(test_relief_has_no_part_in_the_end),
        MACHINE(test_what_contains_trouble_has_ended_it),
        MACHINE(test_strange_answers_are_nobodys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
