/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "scripted_remedy.h"

#include "base/text.h"
#include "model/output.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct scripted scripted;

static int act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    scripted.acts++;
    if (scripted.act_code == 0)
        heal_output_act(world, HEAL_COMMAND_LINK_COST, incident->view.id, step);
    return scripted.act_code;
}

static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    (void)world;
    (void)incident;
    (void)step;
    return scripted.verdict;
}

static void tend(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    (void)world;
    (void)incident;
    (void)step;
    scripted.tends++;
}

static enum heal_takeover taken_over(struct heal_world *world, struct heal_incident *incident,
                                     struct heal_step *step, struct heal_text *words) {
    (void)world;
    (void)incident;
    (void)step;
    if (scripted.takeover != HEAL_TAKEOVER_NONE)
        heal_text_add(words, "somebody was here");
    return scripted.takeover;
}

static int undo(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    scripted.undos++;
    return heal_output_act(world, HEAL_COMMAND_LINK_COST, incident->view.id, step) ? 0 : -ENOSPC;
}

static const struct heal_remedy_rule *rule_of(enum heal_remedy remedy) {
    assert_int_equal(remedy, scripted.rule.remedy);
    return &scripted.rule;
}

static void step_ended(void *context, struct heal_incident *incident, size_t step, bool worked) {
    (void)context;
    assert_int_equal(incident->view.step[step].remedy, scripted.rule.remedy);
    *(worked ? &scripted.worked : &scripted.failed) += 1;
}

static void incident_closed(void *context, struct heal_incident *incident) {
    (void)context;
    (void)incident;
    scripted.closed++;
}

const struct heal_machine scripted_machine = {
    .rule_of = rule_of, .ear = {.step_ended = step_ended, .incident_closed = incident_closed}
};

int scripted_make(void **state) {
    memset(&scripted, 0, sizeof scripted);
    scripted.rule = (struct heal_remedy_rule){.remedy = HEAL_CLAMP_MTU,
                                              .timeout = 5 * HEAL_US_PER_S,
                                              .holds = true,
                                              .act = act,
                                              .verify = verify,
                                              .tend = tend,
                                              .taken_over = taken_over,
                                              .undo = undo};
    return scene_make(state);
}

struct heal_incident *planned(struct scene *scene) {
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);
    struct heal_policy *policy = &scene->world.settings.policy[HEAL_LINK_LOSS];

    policy->steps = 2;
    policy->step[0] = scripted.rule.remedy;
    policy->step[1] = HEAL_ROUTE_AROUND;
    incident->view.steps = 1;
    incident->view.step[0] =
        (struct heal_step_status){.remedy = scripted.rule.remedy, .started = scene->world.now};
    incident->step[0].treats = HEAL_LINK_LOSS;
    incident->step[0].treats_since = scene->world.now;
    return incident;
}

void after(struct scene *scene, heal_us span) {
    scene->world.now += span;
    scene->output.commands = scene->output.decisions = 0;
    heal_machine_update(&scripted_machine, &scene->world);
}

bool answer(struct scene *scene, uint32_t ticket, int code, const char *words) {
    struct heal_event_result result = {.ticket = ticket, .code = code};

    heal_name_copy(result.text, sizeof result.text, words);
    return heal_machine_result(&scene->world, &result);
}

uint32_t ticket_of(const struct scene *scene, enum heal_command_kind kind) {
    uint32_t ticket = 0;

    for (size_t i = 0; i < scene->output.commands; i++)
        ticket = scene->output.command[i].kind == kind ? scene->output.command[i].ticket : ticket;
    assert_int_not_equal(ticket, 0);
    return ticket;
}

struct heal_incident *acting(struct scene *scene) {
    struct heal_incident *incident = planned(scene);

    after(scene, 0);
    assert_true(answer(scene, incident->step[0].record_ticket, 0, ""));
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_ACTING);
    return incident;
}

struct heal_incident *verifying(struct scene *scene) {
    struct heal_incident *incident = acting(scene);

    assert_true(answer(scene, ticket_of(scene, HEAL_COMMAND_LINK_COST), 0, ""));
    after(scene, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_VERIFYING);
    return incident;
}

struct heal_incident *holding(struct scene *scene) {
    struct heal_incident *incident = verifying(scene);

    scripted.verdict = HEAL_VERDICT_WORKED;
    after(scene, HEAL_US_PER_S);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_HOLDING);
    return incident;
}

const char *audited(const struct scene *scene) {
    const char *value = NULL;

    for (size_t i = 0; i < scene->output.commands; i++)
        if (scene->output.command[i].kind == HEAL_COMMAND_STORE &&
            scene->output.command[i].record.kind == HEAL_RECORD_AUDIT)
            value = scene->output.command[i].record.value;
    assert_non_null(value);
    return value;
}

struct heal_incident *undoing(struct scene *scene) {
    struct heal_incident *incident = holding(scene);

    incident->gone_since = scene->world.now;
    incident->hold_us = HEAL_US_PER_S;
    after(scene, 2 * HEAL_US_PER_S);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_UNDOING);
    assert_int_equal(scripted.undos, 1);
    return incident;
}
