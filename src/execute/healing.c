/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "execute/healing.h"

#include "execute/holding.h"

/* What suffers for a moment only, while routes move, is no relapse. */
static const heal_us relapse_us = 2 * HEAL_US_PER_S;

/* @return the last step that did more than tell, and was seen to work; -1: there is none. */
static int last_that_worked(const struct heal_incident *incident) {
    for (int i = incident->view.steps; i-- > 0;)
        if (incident->step[i].worked && !incident->step[i].failed &&
            !heal_remedy_only_tells(incident->view.step[i].remedy))
            return i;
    return -1;
}

/* Does the step keep, or has it brought, all traffic out of trouble? */
static bool heals(const struct heal_machine *machine, const struct heal_world *world,
                  const struct heal_incident *incident, const struct heal_step_status *step) {
    const struct heal_remedy_rule *rule = machine->rule_of(step->remedy);
    bool cured = heal_remedy_effect(step->remedy) == HEAL_EFFECT_CURES && heal_holding_is_young(world, step);
    bool works = step->state == HEAL_STEP_HOLDING || cured || rule->eases;
    return works && (!rule->eases || rule->eases(world, incident));
}

/* A repair is of the diagnosis that the step treats, and its clock is that one's. Where nothing had to be
 * done, nothing was mended. */
static void note_healed(struct heal_world *world, struct heal_incident *incident, int step) {
    struct heal_incident_status *view = &incident->view;
    heal_us since = incident->step[step].treats_since;
    view->healed = world->now;
    if (view->step[step].commands == 0 || view->role == HEAL_ROLE_UPSTREAM || incident->counted >= since)
        return;
    incident->counted = since; /* a relapse does not make two repairs of it */
    world->count.mttr_sum_s += heal_world_seconds_since(world, since);
    world->count.mttr_count++;
}

void heal_healing_update(const struct heal_machine *machine, struct heal_world *world,
                         struct heal_incident *incident) {
    struct heal_incident_status *view = &incident->view;
    int step = last_that_worked(incident);
    bool healed = step >= 0 && view->cut_off == 0 && heals(machine, world, incident, &view->step[step]);
    bool gone = incident->gone_since != 0 && view->cut_off == 0;
    if (healed || gone)
        incident->well_at = world->now;
    if (healed && view->healed == 0)
        note_healed(world, incident, step);
    else if (view->healed != 0 && world->now - incident->well_at >= relapse_us)
        view->healed = 0;
}
