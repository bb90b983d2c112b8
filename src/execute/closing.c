/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "execute/closing.h"

#include "execute/records.h"
#include "model/output.h"

/* Trouble that nothing was done about is over after this long without a symptom; one that this node has seen,
 * and that went away sooner than `transient` after it was found, was hardly one: it is counted as a false
 * alarm. */
static const heal_us over_after_us = 2 * HEAL_US_PER_S, transient_us = 5 * HEAL_US_PER_S;

/* Has a step of it made an end of the trouble? One that only relieved has no part in its end. */
static bool was_ended(const struct heal_incident_status *view) {
    for (size_t i = 0; i < view->steps; i++) {
        enum heal_effect effect = heal_remedy_effect(view->step[i].remedy);
        bool ends = effect == HEAL_EFFECT_CONTAINS || effect == HEAL_EFFECT_CURES;
        if (view->step[i].state == HEAL_STEP_DONE && ends)
            return true;
    }
    return false;
}

/* A link whose interface went down or away shows no symptom, but not because nothing was wrong. */
static bool can_be_seen(const struct heal_world *world, const struct heal_incident *incident) {
    const struct heal_element *element = &incident->element;
    if (!heal_element_is_own_link(element))
        return true;
    const struct heal_port *port = heal_world_port_const(world, &element->port);
    return port && port->up;
}

static bool was_refuted(const struct heal_world *world, const struct heal_incident *incident) {
    const struct heal_incident_status *view = &incident->view;
    return incident->witnessed && !was_ended(view) && incident->gone_since - view->opened < transient_us &&
           can_be_seen(world, incident);
}

/* It rested on a report, and who gave it has fallen silent: that neither confirms nor refutes it. */
static bool was_withdrawn(const struct heal_incident *incident) {
    return incident->view.role != HEAL_ROLE_OWNER && !incident->witnessed && !incident->reported &&
           !incident->owner_done;
}

static const char *word_of(const struct heal_incident_status *view) {
    return view->refuted ? "yes" : view->withdrawn ? "withdrawn" : "no";
}

static void close_incident(const struct heal_machine *machine, struct heal_world *world,
                           struct heal_incident *incident) {
    struct heal_incident_status *view = &incident->view;
    view->closed = world->now;
    incident->dismissed = false; /* of this trouble, not of the next */
    view->suppressed = HEAL_NOT_SUPPRESSED;
    view->refuted = was_refuted(world, incident);
    view->withdrawn = was_withdrawn(incident);
    /* What is no longer seen, and still has cut something off, was not mended; nor is it known to be of what
     * nobody tells of any more. */
    if (view->healed == 0 && view->cut_off == 0 && !view->withdrawn)
        view->healed = incident->gone_since;
    heal_output_decide(world, HEAL_DECISION_INCIDENT, view->id, "closed diagnosis=%s refuted=%s after_s=%.2f",
                       heal_diagnosis_slug(heal_incident_diagnosis(incident)), word_of(view),
                       (double)(view->closed - view->opened) / 1e6);
    if (machine->ear.incident_closed)
        machine->ear.incident_closed(machine->ear.context, incident);
    heal_records_incident(world, incident);
}

void heal_closing_update(const struct heal_machine *machine, struct heal_world *world,
                         struct heal_incident *incident) {
    bool idle = heal_incident_active_step(incident) < 0;
    if (idle && incident->gone_since != 0 && world->now - incident->gone_since >= over_after_us)
        close_incident(machine, world, incident);
}
