/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "execute/machine.h"

#include "base/text.h"
#include "execute/closing.h"
#include "execute/draining.h"
#include "execute/healing.h"
#include "execute/holding.h"
#include "execute/leftovers.h"
#include "execute/others.h"
#include "execute/records.h"
#include "execute/sharing.h"
#include "heal/event.h"
#include "model/output.h"

#include <errno.h>

static const heal_us record_within_us = 3 * HEAL_US_PER_S;
/* Longer than any command may take (COMMAND_S in os/executor_spawn.c), so that what worked late has worked.
 */
static const heal_us act_within_us = 35 * HEAL_US_PER_S;
static const heal_us undo_within_us = 15 * HEAL_US_PER_S;
/* A step in place whose check fails for so long is given up, where its rule says nothing else. */
static const heal_us doubt_us = 2 * HEAL_US_PER_S;

static void enter(struct heal_run *run, enum heal_step_state state, heal_us within_us) {
    run->view->state = state;
    run->step->deadline = run->world->now + within_us;
    heal_records_step(run->world, run->incident);
}

static void say(struct heal_run *run, const char *words) {
    if (words != run->view->outcome)
        heal_name_copy(run->view->outcome, sizeof run->view->outcome, words);
    heal_output_decide(run->world, HEAL_DECISION_OUTCOME, run->incident->view.id,
                       "remedy=%s state=%s words=\"%s\"", heal_remedy_slug(run->view->remedy),
                       heal_step_state_name(run->view->state), words);
}

static void end(struct heal_run *run, enum heal_step_state state, const char *words) {
    if (words != run->view->outcome) /* the records have it, too */
        heal_name_copy(run->view->outcome, sizeof run->view->outcome, words);
    enter(run, state, 0);
    say(run, words);
}

/* Whoever learns from it hears that a step has worked, or has failed. */
static void tell_ended(const struct heal_run *run, bool worked) {
    const struct heal_machine_ear *ear = &run->machine->ear;
    if (ear->step_ended)
        ear->step_ended(ear->context, run->incident, (size_t)(run->step - run->incident->step), worked);
}

/* @return whether all of it is ordered, or is left to the last that has it in place. */
static bool order_undo(const struct heal_run *run) {
    bool stays = !run->step->begun || run->step->cured || !run->rule->undo;
    return heal_draining_undo(run->world, run->rule, run->incident, run->step) == 0 &&
           (stays || heal_sharing_goes_on(run->world, run->rule, run->step) ||
            run->rule->undo(run->world, run->incident, run->step) == 0);
}

static void take_back(struct heal_run *run) {
    /* What it still waits for must not pass for the answer to this. */
    heal_world_forget_acts(run->world, run->step);
    run->step->code = 0;
    run->step->undone_at = run->world->now;
    run->step->undo_ordered = order_undo(run);
    enter(run, HEAL_STEP_UNDOING, undo_within_us);
}

/* The step did not work: takes back what it did, then lets the next one have its turn. That nobody was there
 * to do it says nothing about the remedy. */
static void fail(struct heal_run *run, const char *words) {
    bool tried = run->step->code != -ENOTCONN && !heal_remedy_only_tells(run->view->remedy);
    if (run->view->settled == 0)
        run->view->settled = run->world->now;
    run->step->failed = true;
    run->world->count.actions[run->view->remedy][1]++;
    if (tried)
        tell_ended(run, false);
    if (!run->rule->undo && run->step->drained_at == 0) {
        heal_world_forget_acts(run->world, run->step);
        end(run, HEAL_STEP_FAILED, words);
        return;
    }
    take_back(run);
    say(run, words);
}

static void act(struct heal_run *run) {
    heal_world_forget_acts(run->world, run->step); /* those that drain: what came of them is no matter */
    run->step->code = 0;
    run->view->outcome[0] = '\0';
    run->step->begun = true;
    int r = run->rule->act(run->world, run->incident, run->step);
    if (r < 0) {
        run->step->code = r;
        fail(run, "could not be ordered");
        return;
    }
    run->view->commands = (uint16_t)run->step->pending;
    heal_name_copy(run->view->target, sizeof run->view->target, run->step->service);
    enter(run, HEAL_STEP_ACTING, act_within_us);
}

static const char *const nothing_left = "not begun: there is nothing left to do it to";
static const char *const ordered_otherwise = "not begun: an operator has ordered otherwise";

/* An order may have come since the step was planned. */
static bool is_allowed(const struct heal_run *run) {
    return run->world->mode == HEAL_MODE_ACT && !run->world->paused && !run->incident->dismissed;
}

/* @return whether it may begin; else it has ended. */
static bool may_begin(struct heal_run *run) {
    bool may = is_allowed(run);
    if (!may)
        end(run, HEAL_STEP_FAILED, ordered_otherwise);
    return may;
}

static void start(struct heal_run *run) {
    if (!may_begin(run))
        return;
    if (run->rule->aim && run->rule->aim(run->world, run->incident, run->step) < 0) {
        end(run, HEAL_STEP_FAILED, nothing_left);
        return;
    }
    if (run->rule->drain)
        run->rule->drain->aim(run->world, run->step);
    if (heal_remedy_only_tells(run->view->remedy)) {
        /* A full disk is a reason to tell people, not to keep silent. */
        heal_records_incident(run->world, run->incident);
        act(run);
        return;
    }
    run->view->state = HEAL_STEP_RECORDING;
    run->step->deadline = run->world->now + record_within_us;
    if (!heal_records_evidence(run->world, run->incident, run->step))
        run->view->state = HEAL_STEP_PLANNED; /* the output is full: next round */
}

static void record(struct heal_run *run) {
    if (!may_begin(run))
        return;
    if (run->step->record_ticket == 0) {
        if (heal_draining_goes_on(run))
            enter(run, HEAL_STEP_DRAINING, 0);
        else
            act(run);
    } else if (run->world->now >= run->step->deadline || run->step->code < 0) {
        /* It was not tried: when there is room again it is. */
        run->incident->unsaved_at = run->world->now;
        run->incident->tried &= ~(1u << run->view->remedy);
        heal_uses_withdraw(&run->world->uses, &run->incident->element, run->view->remedy);
        heal_output_suppress(run->world, run->incident, HEAL_SUPPRESSED_EVIDENCE);
        run->step->unsaved = true;
        end(run, HEAL_STEP_FAILED, "its evidence could not be saved: nothing was done");
    }
}

/* What has been drained is taken back; the remedy is not blamed. */
static void call_off(struct heal_run *run, const char *words) {
    run->step->failed = true;
    take_back(run);
    say(run, words);
}

/* While it is drained, somebody may have ordered otherwise, or taken the interface down. */
static void drain(struct heal_run *run) {
    if (!is_allowed(run))
        call_off(run, ordered_otherwise);
    else if (!run->rule->applies(run->world, run->incident))
        call_off(run, nothing_left);
    else if (!heal_draining_goes_on(run))
        act(run);
}

static void wait_for_acts(struct heal_run *run) {
    if (run->step->pending == 0 && run->step->code < 0) {
        fail(run, run->view->outcome[0] != '\0' ? run->view->outcome : "the act failed");
    } else if (run->step->pending == 0) {
        run->step->acted = run->world->now;
        enter(run, HEAL_STEP_VERIFYING, run->rule->timeout);
    } else if (run->world->now >= run->step->deadline) {
        fail(run, "the act was never answered");
    }
}

static void succeed(struct heal_run *run, enum heal_verdict verdict) {
    run->step->worked = true;
    run->view->settled = run->world->now;
    /* Where nothing had to be done, nothing is learned. */
    bool did = run->view->commands > 0 && verdict != HEAL_VERDICT_IDLE;
    if (did)
        run->world->count.actions[run->view->remedy][0]++;
    if (did && !heal_remedy_only_tells(run->view->remedy))
        tell_ended(run, true);
    if (run->rule->holds) {
        enter(run, HEAL_STEP_HOLDING, 0);
        say(run, did                     ? "works; stays in place while the trouble lasts"
                 : run->rule->idle_words ? run->rule->idle_words
                                         : "nothing had to be done here");
    } else if (run->step->drained_at != 0) {
        run->step->cured = true;
        run->step->why = "worked";
        take_back(run);
    } else {
        end(run, HEAL_STEP_DONE,
            !heal_remedy_only_tells(run->view->remedy) ? "worked"
            : run->view->outcome[0] != '\0'            ? run->view->outcome
                                                       : "told");
    }
    heal_records_incident(run->world, run->incident);
}

/* Taken back for whom somebody else has changed it, or for the remedy of another trouble; none is blamed. */
static bool makes_way(struct heal_run *run) {
    if (heal_others_took_over(run->world, run->incident, run->rule, run->step))
        run->step->why = "somebody else has changed it: left to him";
    else if (run->view->state != HEAL_STEP_HOLDING && run->rule->undo && heal_holding_serves_no_more(run))
        run->step->why = "not checked to its end: the trouble is another now";
    else
        return false;
    if (run->view->settled == 0)
        run->view->settled = run->world->now;
    take_back(run);
    return true;
}

static void verify(struct heal_run *run) {
    if (makes_way(run))
        return;
    enum heal_verdict verdict = run->rule->verify(run->world, run->incident, run->step);
    if (verdict == HEAL_VERDICT_WORKED || verdict == HEAL_VERDICT_IDLE)
        succeed(run, verdict);
    else if (verdict == HEAL_VERDICT_FAILED)
        fail(run, "checked: it did not work");
    else if (run->world->now >= run->step->deadline)
        fail(run, "no effect within its time");
    else {
        heal_draining_tend(run);
        if (run->rule->tend)
            run->rule->tend(run->world, run->incident, run->step);
        if (run->step->pending > run->view->commands) /* some are ordered later than the others */
            run->view->commands = (uint16_t)run->step->pending;
    }
}

static void hold(struct heal_run *run) {
    if (makes_way(run))
        return;
    if (heal_draining_is_over(run) &&
        heal_draining_undo(run->world, run->rule, run->incident, run->step) == 0)
        run->step->drained_at = 0;
    if (heal_holding_serves_no_more(run))
        run->incident->view.healed = 0; /* what was healed was another trouble */
    run->step->why = heal_holding_why_taken_back(run);
    if (run->step->why) {
        take_back(run);
        return;
    }
    run->step->code = 0; /* of an act that tends: the check below says what came of it */
    /* Paused, somebody else is at work: what he takes away is not put back. */
    if (run->rule->tend && !run->world->paused)
        run->rule->tend(run->world, run->incident, run->step);
    if (heal_holding_still_works(run))
        run->step->deadline = run->world->now + (run->rule->doubt_us ? run->rule->doubt_us : doubt_us);
    else if (run->world->now >= run->step->deadline) {
        run->incident->view.healed = 0;
        fail(run, "worked at first, then no longer");
    }
}

/* It is still there: the incident need not wait for it, but it is not forgotten. */
static void give_up_undoing(struct heal_run *run, const char *words) {
    unsigned number = (unsigned)(run->step - run->incident->step);
    end(run, HEAL_STEP_FAILED, words);
    heal_records_still_there(run->world, run->incident, number);
    heal_leftovers_adopt(run->world, run->incident, number);
}

/* Taking it back was refused: once more, in case it was a matter of the moment; then it is said. */
static void undo_again(struct heal_run *run) {
    struct heal_text text;
    char words[sizeof run->view->outcome];
    if (!run->step->undone_again) {
        run->step->undone_again = true;
        take_back(run);
        if (run->step->pending > 0)
            return;
        run->view->outcome[0] = '\0'; /* routes: the sweep has them now */
    }
    heal_text_init(&text, words, sizeof words);
    heal_text_add(&text, "could not be undone%s%s", run->view->outcome[0] != '\0' ? ": " : "",
                  run->view->outcome);
    give_up_undoing(run, words);
}

static void wait_for_undo(struct heal_run *run) {
    if (!run->step->undo_ordered) { /* the output was full: what was left is ordered now */
        run->step->undo_ordered = order_undo(run);
        run->step->deadline = run->world->now + undo_within_us;
        return;
    }
    if (run->step->pending > 0 && run->world->now < run->step->deadline)
        return;
    if (run->step->pending > 0)
        give_up_undoing(run, "undoing it was never answered");
    else if (run->step->code < 0)
        undo_again(run);
    else if (run->step->failed)
        end(run, HEAL_STEP_FAILED, run->view->outcome);
    else
        end(run, HEAL_STEP_DONE, run->step->why);
}

/* In the order of the states; over ones have nothing to do. */
static void (*const advance[HEAL_STEP_STATES])(struct heal_run *) = {
    [HEAL_STEP_PLANNED] = start,         [HEAL_STEP_RECORDING] = record, [HEAL_STEP_DRAINING] = drain,
    [HEAL_STEP_ACTING] = wait_for_acts,  [HEAL_STEP_VERIFYING] = verify, [HEAL_STEP_HOLDING] = hold,
    [HEAL_STEP_UNDOING] = wait_for_undo,
};

static void run_step(const struct heal_machine *machine, struct heal_world *world,
                     struct heal_incident *incident, int active) {
    struct heal_run run = {
        .machine = machine,
        .world = world,
        .incident = incident,
        .view = &incident->view.step[active],
        .step = &incident->step[active],
        .rule = machine->rule_of(incident->view.step[active].remedy),
    };
    enum heal_step_state before;
    do { /* several states may be passed in one round */
        before = run.view->state;
        if (advance[before])
            advance[before](&run);
    } while (run.view->state != before && advance[run.view->state] && run.view->state != HEAL_STEP_RECORDING);
}

void heal_machine_update(const struct heal_machine *machine, struct heal_world *world) {
    for (size_t i = 0; i < world->incidents; i++) {
        struct heal_incident *incident = &world->incident[i];
        if (!heal_incident_is_open(incident))
            continue;
        int active = heal_incident_active_step(incident);
        heal_others_note_down(world, incident);
        if (active >= 0)
            run_step(machine, world, incident, active);
        heal_healing_update(machine, world, incident);
        heal_closing_update(machine, world, incident);
    }
}

bool heal_machine_result(struct heal_world *world, const struct heal_event_result *result) {
    struct heal_pending *pending = &world->pending[result->ticket % HEAL_PENDING_MAX];
    struct heal_incident *incident = heal_world_incident_by_id(world, pending->incident);
    struct heal_step *step = pending->step;
    /* The step of an earlier run has the incident's number, too, and is none of its steps. */
    struct heal_step_status *view = incident ? heal_incident_step_view(incident, step) : NULL;
    if (result->ticket == 0 || pending->ticket != result->ticket || !view)
        return false;
    *pending = (struct heal_pending){0};
    if (step->record_ticket == result->ticket)
        step->record_ticket = result->code < 0 ? result->ticket : 0;
    else if (step->pending > 0)
        step->pending--;
    bool tells = heal_remedy_only_tells(view->remedy);
    if (tells && result->code == 0 && view->state == HEAL_STEP_ACTING)
        heal_name_copy(view->outcome, sizeof view->outcome, result->text); /* who was told, and how */
    if (result->code < 0 && step->code == 0) {
        step->code = result->code;
        /* That the first undoing failed is no word on the step: the second may yet do it. */
        if (view->state != HEAL_STEP_UNDOING || step->undone_again)
            heal_name_copy(view->outcome, sizeof view->outcome, result->text);
    }
    return true;
}
