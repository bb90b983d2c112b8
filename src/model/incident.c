/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "model/incident.h"

#include <string.h>

bool heal_step_is_over(enum heal_step_state state) {
    return state == HEAL_STEP_DONE || state == HEAL_STEP_FAILED || state == HEAL_STEP_WOULD;
}

bool heal_step_is_in_place(enum heal_step_state state) {
    return state >= HEAL_STEP_ACTING && state <= HEAL_STEP_HOLDING;
}

struct heal_step_status *heal_incident_step_view(struct heal_incident *incident,
                                                 const struct heal_step *step) {
    bool own = step >= incident->step && step < incident->step + HEAL_STEPS_MAX;
    return own ? &incident->view.step[step - incident->step] : NULL;
}

int heal_incident_active_step(const struct heal_incident *incident) {
    int last = incident->view.steps - 1;
    return last >= 0 && !heal_step_is_over(incident->view.step[last].state) ? last : -1;
}

int heal_incident_open_step(const struct heal_incident *incident) {
    return heal_incident_is_open(incident) ? heal_incident_active_step(incident) : -1;
}

bool heal_incident_is_held(const struct heal_incident *incident) {
    int active = heal_incident_active_step(incident);
    return active >= 0 && incident->view.step[active].state == HEAL_STEP_HOLDING;
}

bool heal_incident_shares_place(const struct heal_incident_status *a, const struct heal_incident_status *b) {
    bool same = strcmp(a->node, b->node) == 0 && strcmp(a->other, b->other) == 0;
    bool turned = strcmp(a->node, b->other) == 0 && strcmp(a->other, b->node) == 0;
    return (same || turned) && strcmp(a->service, b->service) == 0 && strcmp(a->mesh, b->mesh) == 0;
}

static bool joins_owner(const struct heal_incident *incident) {
    enum heal_remedy owners = incident->owner_remedy;
    return owners != HEAL_REMEDIES && heal_remedy_takes_both_ends(owners) &&
           (incident->tried >> owners & 1) == 0;
}

bool heal_incident_agrees_with_owner(const struct heal_incident *incident, enum heal_remedy remedy) {
    if (incident->view.role != HEAL_ROLE_END || incident->owner_remedy == remedy)
        return true;
    return !joins_owner(incident) && !heal_remedy_takes_both_ends(remedy);
}
