/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "plan/choose.h"

#include "base/text.h"
#include "model/output.h"
#include "plan/candidate.h"
#include "plan/guard.h"
#include "plan/relief.h"
#include "plan/remedies.h"

#include <string.h>

/* With every remedy tried in vain, the list is gone through again after this long: the world may have
 * changed. The budget still counts. */
static const heal_us again_after_us = 60 * HEAL_US_PER_S;

struct choice {
    const struct heal_remedy_rule *rule;
    float score;
    struct heal_strategy_status record;
    unsigned candidates;
    bool isolates; /**< something was left out because it would isolate this node */
    bool early;    /**< something was left out because its time has not come yet */
    bool unsaved;  /**< something was left out because its evidence could not be saved */
};

static void consider(struct heal_world *world, const struct heal_strategies *strategies,
                     const struct heal_incident *incident, unsigned rank, struct choice *choice) {
    enum heal_diagnosis diagnosis = heal_incident_diagnosis(incident);
    enum heal_remedy remedy = world->settings.policy[diagnosis].step[rank];
    const struct heal_remedy_rule *rule = heal_remedies_rule(remedy);
    enum heal_candidate judged = heal_candidate_judge(world, incident, remedy);
    choice->isolates = choice->isolates || judged == HEAL_CANDIDATE_ISOLATES;
    choice->early = choice->early || judged == HEAL_CANDIDATE_EARLY;
    choice->unsaved = choice->unsaved || judged == HEAL_CANDIDATE_UNSAVED;
    if (judged != HEAL_CANDIDATE_FITS)
        return;
    float score = heal_remedy_only_tells(remedy)
                      ? 0 /* only when nothing else is left */
                      : heal_strategies_draw(strategies, &world->random, diagnosis, remedy, rank, rule->risk);
    choice->candidates++;
    if (choice->rule && score <= choice->score)
        return;
    choice->rule = rule;
    choice->score = score;
    choice->record = heal_strategies_status(strategies, diagnosis, remedy, rank);
}

static void write_rule(const struct heal_incident *incident, const struct choice *choice,
                       struct heal_step_status *step) {
    struct heal_text text;
    heal_text_init(&text, step->rule, sizeof step->rule);
    if (heal_remedy_only_tells(choice->rule->remedy))
        heal_text_add(&text, "policy %s; nothing else is left",
                      heal_diagnosis_slug(heal_incident_diagnosis(incident)));
    else
        heal_text_add(&text, "policy %s; drawn from %u by record (worked %u of %u, expected %.0f %%)",
                      heal_diagnosis_slug(heal_incident_diagnosis(incident)), choice->candidates,
                      choice->record.worked, choice->record.tried, (double)choice->record.success * 100);
}

/* The table of steps is full: the oldest, which is long over, goes. */
static void make_room(struct heal_world *world, struct heal_incident *incident) {
    struct heal_incident_status *view = &incident->view;
    if (view->steps < HEAL_STEPS_MAX)
        return;
    for (size_t i = 0; i < HEAL_STEPS_MAX; i++) /* what they still wait for would be answered to others */
        heal_world_forget_acts(world, &incident->step[i]);
    memmove(&view->step[0], &view->step[1], (HEAL_STEPS_MAX - 1) * sizeof view->step[0]);
    memmove(&incident->step[0], &incident->step[1], (HEAL_STEPS_MAX - 1) * sizeof incident->step[0]);
    view->steps--;
}

static void note_use(struct heal_world *world, struct heal_incident *incident, enum heal_remedy remedy) {
    const struct heal_use use = {.element = incident->element,
                                 .diagnosis = heal_incident_diagnosis(incident),
                                 .remedy = remedy,
                                 .at = world->now};
    incident->tried |= (1u << remedy);
    if (!heal_remedy_only_tells(remedy)) /* words are free */
        heal_uses_note(&world->uses, &use);
}

/* Was the newest step this one, in vain, as its evidence could not be saved? Then it has its turn again. */
static bool is_again(const struct heal_incident *incident, enum heal_remedy remedy) {
    int last = incident->view.steps - 1;
    return last >= 0 && incident->view.step[last].remedy == remedy && incident->step[last].unsaved;
}

static void add_step(struct heal_world *world, struct heal_incident *incident, const struct choice *choice) {
    struct heal_incident_status *view = &incident->view;
    if (is_again(incident, choice->rule->remedy))
        view->steps--;
    make_room(world, incident);
    struct heal_step_status *step = &view->step[view->steps];
    bool acts = world->mode == HEAL_MODE_ACT;
    *step = (struct heal_step_status){.remedy = choice->rule->remedy,
                                      .state = acts ? HEAL_STEP_PLANNED : HEAL_STEP_WOULD,
                                      .started = world->now};
    incident->step[view->steps++] =
        (struct heal_step){.treats = heal_incident_diagnosis(incident), .treats_since = view->diagnosed};
    if (acts) /* what would be done has not been tried */
        note_use(world, incident, choice->rule->remedy);
    write_rule(incident, choice, step);
    view->suppressed = HEAL_NOT_SUPPRESSED;
    heal_output_decide(world, HEAL_DECISION_PLAN, view->id, "remedy=%s score=%.3f mode=%s rule=\"%s\"",
                       heal_remedy_slug(choice->rule->remedy), (double)choice->score,
                       heal_mode_name(world->mode), step->rule);
    if (acts)
        return;
    world->count.actions[choice->rule->remedy][2]++;
    heal_name_copy(step->outcome, sizeof step->outcome, "not done in this mode");
    struct heal_command *command =
        world->mode == HEAL_MODE_WARN ? heal_output_command(world, HEAL_COMMAND_NOTIFY, view->id) : NULL;
    if (!command)
        return;
    command->notify.incident = view->id;
    struct heal_text text;
    heal_text_init(&text, command->notify.text, sizeof command->notify.text);
    heal_text_add(&text, "%s on %s %s: would %s", heal_diagnosis_slug(heal_incident_diagnosis(incident)),
                  view->node, view->other, heal_remedy_slug(choice->rule->remedy));
}

static bool would_already(const struct heal_incident *incident) {
    return incident->view.steps > 0 && incident->view.step[incident->view.steps - 1].state == HEAL_STEP_WOULD;
}

static bool needs_a_plan(const struct heal_world *world, const struct heal_incident *incident) {
    if (!heal_incident_is_open(incident) || incident->gone_since != 0 ||
        heal_incident_active_step(incident) >= 0)
        return false;
    return world->mode == HEAL_MODE_ACT || !would_already(incident);
}

static void exhausted(struct heal_world *world, struct heal_incident *incident, bool isolates) {
    heal_output_suppress(world, incident,
                         isolates ? HEAL_SUPPRESSED_MIN_NEIGHBOURS : HEAL_SUPPRESSED_EXHAUSTED);
    const struct heal_incident_status *view = &incident->view;
    heal_us last = view->steps > 0 ? view->step[view->steps - 1].started : view->opened;
    if (world->now - last >= again_after_us)
        incident->tried = 0;
}

static void plan(struct heal_world *world, const struct heal_strategies *strategies,
                 struct heal_incident *incident) {
    enum heal_suppression reason = heal_guard_incident(world, incident);
    if (reason != HEAL_NOT_SUPPRESSED) {
        heal_output_suppress(world, incident, reason);
        return;
    }
    const struct heal_policy *policy = heal_world_policy_of(world, incident);
    struct choice choice = {.score = -1};
    for (unsigned rank = 0; rank < policy->steps; rank++)
        consider(world, strategies, incident, rank, &choice);
    bool nothing_real = choice.rule == NULL || heal_remedy_only_tells(choice.rule->remedy);
    if (choice.unsaved && !choice.rule)
        heal_output_suppress(world, incident, HEAL_SUPPRESSED_EVIDENCE);
    else if (nothing_real && choice.early)
        heal_output_suppress(world, incident, HEAL_SUPPRESSED_WAITING);
    else if (choice.rule)
        add_step(world, incident, &choice);
    else
        exhausted(world, incident, choice.isolates);
}

void heal_plan_update(struct heal_world *world, const struct heal_strategies *strategies) {
    heal_relief_note_cut_off(world);
    for (size_t i = 0; i < world->incidents; i++)
        if (needs_a_plan(world, &world->incident[i]))
            plan(world, strategies, &world->incident[i]);
}
