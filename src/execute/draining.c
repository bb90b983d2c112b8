/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "execute/draining.h"

/* Who waits longer lets the trouble go on for the sake of what is not sick. */
static const heal_us drained_within_us = 3 * HEAL_US_PER_S;

bool heal_draining_goes_on(struct heal_run *run) {
    const struct heal_drain *drain = run->rule->drain;
    struct heal_step *step = run->step;
    if (!drain)
        return false;
    if (step->drained_at == 0) {
        if (drain->begin(run->world, run->incident, step) < 0)
            return true; /* the output is full: next round */
        step->drained_at = run->world->now;
    }
    drain->tend(run->world, run->incident, step);
    return run->world->now - step->drained_at < drained_within_us &&
           !drain->is_done(run->world, run->incident, step);
}

void heal_draining_tend(struct heal_run *run) {
    if (run->step->drained_at != 0)
        run->rule->drain->tend(run->world, run->incident, run->step);
}

bool heal_draining_is_over(const struct heal_run *run) {
    heal_us since = run->step->drained_at;
    return since != 0 && run->world->now - since >= run->rule->drain->stays_us;
}

int heal_draining_undo(struct heal_world *world, const struct heal_remedy_rule *rule,
                       struct heal_incident *incident, struct heal_step *step) {
    return rule->drain ? rule->drain->undo(world, incident, step) : 0;
}
