/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "execute/holding.h"

#include "base/cleanup.h"

/* What a cure has cured is still seen for a while: the monitor looks back over seconds. */
static const heal_us cured_within_us = 6 * HEAL_US_PER_S;

bool heal_holding_is_young(const struct heal_world *world, const struct heal_step_status *step) {
    return world->now - step->settled < cured_within_us;
}

bool heal_holding_serves_no_more(const struct heal_run *run) {
    return !heal_world_policy_has(run->world, run->incident, run->view->remedy);
}

static bool is_over(const struct heal_run *run) {
    heal_us gone = run->incident->gone_since;
    /* What takes both ends is taken back by both at once: when the owner says so, or is not heard any more.
     */
    bool owner_holds = run->incident->view.role == HEAL_ROLE_END && !run->incident->owner_done &&
                       heal_remedy_takes_both_ends(run->view->remedy) &&
                       run->incident->owner_remedy == run->view->remedy;
    return !owner_holds && gone != 0 && run->world->now - gone >= heal_remedy_hold(run->rule, run->incident);
}

/* A relief must go on relieving, a cure must go on curing: all of the trouble, or, where the other half is
 * for the link's other end to cure, its own. */
bool heal_holding_still_works(const struct heal_run *run) {
    enum heal_verdict verdict = run->rule->verify(run->world, run->incident, run->step);
    if (heal_remedy_effect(run->view->remedy) == HEAL_EFFECT_RELIEVES)
        return verdict != HEAL_VERDICT_FAILED;
    return verdict == HEAL_VERDICT_WORKED || run->incident->gone_since != 0 ||
           heal_holding_is_young(run->world, run->view);
}

/* Does the owner of the link's incident do something else now, which this end has to join, or no longer what
 * took them both? */
static bool is_overruled(const struct heal_run *run) {
    bool known = run->incident->owner_remedy != HEAL_REMEDIES || run->incident->owner_idle;
    return known && !heal_incident_agrees_with_owner(run->incident, run->view->remedy);
}

static bool has_done_its_work(const struct heal_run *run) {
    return run->rule->most_us != 0 && run->world->now - run->view->settled >= run->rule->most_us;
}

static bool is_dismissed(const struct heal_run *run) {
    return run->incident->dismissed;
}

static bool may_not_act(const struct heal_run *run) {
    return run->world->mode != HEAL_MODE_ACT;
}

/* Why what is in place and works is taken back. */
static const struct {
    bool (*applies)(const struct heal_run *run);
    const char *words;
} reasons[] = {
    {is_dismissed,                "worked; undone by order of an operator"           },
    {may_not_act,                 "worked; undone, for the mode is no longer act"    },
    {is_over,                     "worked; undone after the trouble was over"        },
    {has_done_its_work,           "worked; undone, for its work is done"             },
    {heal_holding_serves_no_more, "worked; undone, for the trouble is another now"   },
    {is_overruled,                "worked; undone to do as the link's other end does"},
};

const char *heal_holding_why_taken_back(const struct heal_run *run) {
    for (size_t i = 0; i < HEAL_COUNT(reasons); i++)
        if (reasons[i].applies(run))
            return reasons[i].words;
    return NULL;
}
