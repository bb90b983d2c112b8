/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "execute/leftovers.h"

#include "base/text.h"
#include "execute/draining.h"
#include "execute/records.h"
#include "execute/sharing.h"
#include "model/output.h"

#include <errno.h>
#include <string.h>

static const heal_us answer_within_us = 15 * HEAL_US_PER_S;
/* Between tries; doubled each time, up to the longest. */
static const heal_us again_after_us = 10 * HEAL_US_PER_S, again_at_most_us = 300 * HEAL_US_PER_S;

static void order(struct heal_world *world, struct heal_leftover *leftover,
                  const struct heal_remedy_rule *rule) {
    struct heal_incident gone = {.view = {.id = leftover->incident}};
    heal_world_forget_acts(world, &leftover->step);
    leftover->step.code = 0;
    leftover->step.deadline = world->now + answer_within_us;
    /* What it did itself; what drained for it goes in any case. */
    bool stays = leftover->step.cured || leftover->taken_over;
    int r = heal_draining_undo(world, rule, &gone, &leftover->step);
    if (r == 0 && !stays && rule->undo)
        r = rule->undo(world, &gone, &leftover->step);
    else if (r == 0 && !stays && rule->recover)
        r = rule->recover(world, &gone, &leftover->step);
    leftover->ordered = r == 0;
}

static void try_again_later(struct heal_world *world, struct heal_leftover *leftover) {
    heal_us wait = again_after_us << (leftover->tries < 5 ? leftover->tries : 5);
    wait = wait < again_at_most_us ? wait : again_at_most_us;
    leftover->ordered = false;
    leftover->step.deadline = world->now + wait;
    heal_output_decide(world, HEAL_DECISION_OUTCOME, leftover->incident,
                       "remedy=%s state=left-over words=\"could not be taken back: %s\" again-in-s=%llu",
                       heal_remedy_slug(leftover->remedy), leftover->why,
                       (unsigned long long)(wait / HEAL_US_PER_S));
    leftover->tries++;
}

/* What cannot be taken back (a restart, a bounce) is over; whether it was done is not known. */
static void finish(struct heal_world *world, const struct heal_leftover *leftover,
                   const struct heal_remedy_rule *rule) {
    const char *state = leftover->taken_over ? "taken-over"
                        : rule->undo         ? "undone"
                        : rule->recover      ? "recovered"
                                             : "unknown";
    heal_output_decide(world, HEAL_DECISION_OUTCOME, leftover->incident, "remedy=%s state=%s words=\"%s\"",
                       heal_remedy_slug(leftover->remedy), state,
                       leftover->taken_over ? "it is in place for new trouble" : "was left in place");
    heal_records_leftover_done(world, leftover, state);
}

/* @return whether it is over. */
static bool advance(const struct heal_machine *machine, struct heal_world *world,
                    struct heal_leftover *leftover) {
    const struct heal_remedy_rule *rule = machine->rule_of(leftover->remedy);
    struct heal_step *step = &leftover->step;
    if (!leftover->ordered) {
        bool goes_on = heal_sharing_goes_on(world, rule, step);
        bool due = world->now >= step->deadline || (goes_on && !leftover->taken_over);
        leftover->taken_over = goes_on;
        if (due)
            order(world, leftover, rule);
    }
    if (!leftover->ordered || (step->pending > 0 && world->now < step->deadline))
        return false;
    if (step->pending > 0) {
        heal_name_copy(leftover->why, sizeof leftover->why, "never answered");
        step->code = -ETIMEDOUT;
    }
    if (step->code < 0)
        try_again_later(world, leftover);
    else
        finish(world, leftover, rule);
    return step->code == 0;
}

void heal_leftovers_adopt(struct heal_world *world, const struct heal_incident *incident, unsigned number) {
    struct heal_leftover *leftover = heal_world_leftover_place(world);
    if (!leftover)
        return; /* on record it is; the next run has room for it */
    *leftover = (struct heal_leftover){.used = true,
                                       .incident = incident->view.id,
                                       .number = number,
                                       .remedy = incident->view.step[number].remedy,
                                       .step = incident->step[number]};
    leftover->step.pending = 0;
    leftover->step.unsure = true;
    leftover->step.deadline = world->now + again_after_us;
}

void heal_leftovers_update(const struct heal_machine *machine, struct heal_world *world) {
    for (size_t i = 0; i < world->leftovers; i++) {
        struct heal_leftover *leftover = &world->leftover[i];
        if (leftover->used && advance(machine, world, leftover))
            leftover->used = false;
    }
}

bool heal_leftovers_result(struct heal_world *world, const struct heal_event_result *result) {
    struct heal_pending *pending = &world->pending[result->ticket % HEAL_PENDING_MAX];
    if (result->ticket == 0 || pending->ticket != result->ticket)
        return false;
    for (size_t i = 0; i < world->leftovers; i++) {
        struct heal_leftover *leftover = &world->leftover[i];
        if (!leftover->used || pending->step != &leftover->step)
            continue;
        *pending = (struct heal_pending){0};
        if (leftover->step.pending > 0)
            leftover->step.pending--;
        if (result->code < 0 && leftover->step.code == 0) {
            leftover->step.code = result->code;
            heal_name_copy(leftover->why, sizeof leftover->why, result->text);
        }
        return true;
    }
    return false;
}
