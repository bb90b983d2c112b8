/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "analyze/incidents.h"

#include "analyze/detector.h"
#include "analyze/explains.h"
#include "analyze/link_findings.h"
#include "analyze/news.h"
#include "analyze/opinion.h"
#include "base/text.h"
#include "model/output.h"

#include <math.h>
#include <string.h>

/* The other end waits so long for the owner's word before it opens an incident on its own. */
static const heal_us owner_first_us = 600 * HEAL_US_PER_MS;
static const heal_us change_after_us = 6 * HEAL_US_PER_S, settling_us = 8 * HEAL_US_PER_S;
static const heal_us hold_us = 10 * HEAL_US_PER_S, hold_hidden_us = 60 * HEAL_US_PER_S;
enum { HOLD_DOUBLINGS_MAX = 5 };

/* Has the other end something to say of the link that this one, which hears nothing, cannot know? */
static bool other_end_knows(const struct heal_world *world, const struct heal_element *element,
                            const struct heal_port *port) {
    const struct heal_remote *news =
        heal_link_is_silent(world, port) ? heal_news_about(world, element) : NULL;
    return news && news->news.owner == port->neighbour &&
           strcmp(news->news.diagnosis, heal_diagnosis_slug(HEAL_NEIGHBOUR_LOST)) != 0;
}

/* May this node speak first on the element? */
bool heal_incidents_owns(const struct heal_world *world, const struct heal_element *element) {
    if (element->kind != HEAL_ELEMENT_LINK)
        return element->node == world->id;
    const struct heal_port *port = heal_world_port_const(world, &element->port);
    if (!port)
        return false;
    /* Of two ends one of which hears nothing the other alone knows both directions. */
    if (heal_link_is_unheard(world, port))
        return true;
    if (other_end_knows(world, element, port))
        return false;
    /* Who no longer speaks cannot own anything. */
    bool speaks = heal_port_peer_is_fresh(port, world->now, 2500 * HEAL_US_PER_MS);
    return !speaks || strcmp(world->name, port->neighbour_name) < 0;
}

static enum heal_role role_in(const struct heal_world *world, const struct heal_element *element) {
    if (heal_incidents_owns(world, element))
        return HEAL_ROLE_OWNER;
    if (heal_element_is_own_link(element))
        return HEAL_ROLE_END;
    return HEAL_ROLE_UPSTREAM;
}

static void name_node(const struct heal_world *world, heal_node_id node, char name[HEAL_NAME_MAX]) {
    const struct heal_port *port = heal_world_port_to(world, node);
    struct heal_text text;
    heal_text_init(&text, name, HEAL_NAME_MAX);
    if (node == world->id)
        heal_text_add(&text, "%s", world->name);
    else if (port)
        heal_text_add(&text, "%s", port->neighbour_name);
    else if (node != 0)
        heal_text_add(&text, "%s", heal_news_name_of(world, node));
}

static void name_places(const struct heal_world *world, struct heal_incident *incident) {
    const struct heal_element *element = &incident->element;
    struct heal_incident_status *view = &incident->view;
    name_node(world, element->node, view->node);
    name_node(world, element->kind == HEAL_ELEMENT_LINK ? element->other : 0, view->other);
    heal_name_copy(view->ifname, sizeof view->ifname, element->port.ifname);
    heal_name_copy(view->service, sizeof view->service, element->service);
    heal_name_copy(view->mesh, sizeof view->mesh, element->mesh);
}

/* The same trouble in the same place, the last time, within its policy's window; without end where an
 * operator has dismissed it, and it has not been over since. */
static const struct heal_incident *earlier(const struct heal_world *world, const struct heal_incident *new) {
    const struct heal_policy *policy = heal_world_policy_of(world, new);
    const struct heal_incident *latest = NULL;
    for (size_t i = 0; i < world->incidents; i++) {
        const struct heal_incident *old = &world->incident[i];
        bool recurs = old->used && old != new && old->view.closed != 0 &&
                      heal_incident_diagnosis(old) == heal_incident_diagnosis(new) &&
                      heal_element_equal(&old->element, &new->element);
        if (recurs && (!latest || old->view.closed > latest->view.closed))
            latest = old;
    }
    bool counts = latest && (latest->dismissed || world->now - latest->view.closed <= policy->window_us);
    return counts ? latest : NULL;
}

/* A cure after which the trouble came back was none: next time the next remedy. Where nothing was cured the
 * time before, that holds on. What is in place only as long as the trouble promised no cure, and may serve
 * again. */
static void pass_over_cures(const struct heal_world *world, const struct heal_incident *before,
                            struct heal_incident *incident) {
    const struct heal_policy *policy = heal_world_policy_of(world, incident);
    for (size_t i = 0; policy->escalate && i < before->view.steps; i++) {
        const struct heal_step_status *step = &before->view.step[i];
        if (step->state == HEAL_STEP_DONE && heal_remedy_effect(step->remedy) == HEAL_EFFECT_CURES)
            incident->passed_over |= (1u << step->remedy);
    }
    if (policy->escalate && incident->passed_over == 0)
        incident->passed_over = before->passed_over;
    incident->tried |= incident->passed_over;
}

static void remember_recurrence(struct heal_world *world, struct heal_incident *incident) {
    const struct heal_incident *before = earlier(world, incident);
    if (!before)
        return;
    incident->recurrences = (uint8_t)(before->recurrences < 255 ? before->recurrences + 1 : 255);
    unsigned doublings =
        incident->recurrences < HOLD_DOUBLINGS_MAX ? incident->recurrences : HOLD_DOUBLINGS_MAX;
    incident->hold_us <<= doublings;
    incident->hold_doublings = (uint8_t)doublings;
    incident->dismissed = before->dismissed;
    pass_over_cures(world, before, incident);
}

/* Does the owner call it something? Then the owner has the word, unless all that it can say is that nothing
 * comes in any more. */
static bool owner_says(const struct heal_world *world, enum heal_role role,
                       const struct heal_element *element, enum heal_diagnosis *ret_said) {
    if (role != HEAL_ROLE_END)
        return false;
    const struct heal_remote *news = heal_news_about(world, element);
    enum heal_diagnosis said;
    if (!news || heal_diagnosis_parse(news->news.diagnosis, &said) < 0 || said == HEAL_NEIGHBOUR_LOST)
        return false;
    *ret_said = said;
    return true;
}

static void set_evidence(struct heal_incident *incident, const struct heal_symptom *symptom) {
    incident->view.evidences = symptom->evidences;
    memcpy(incident->view.evidence, symptom->evidence, sizeof incident->view.evidence);
}

static void open_incident(struct heal_world *world, const struct heal_symptom *symptom) {
    struct heal_incident *incident = heal_world_incident_make(world);
    if (!incident) {
        heal_output_decide(world, HEAL_DECISION_SUPPRESSED, 0, "reason=no-room diagnosis=%s",
                           heal_diagnosis_slug(symptom->diagnosis));
        return;
    }
    struct heal_incident_status *view = &incident->view;
    incident->element = symptom->element;
    incident->witnessed = !symptom->reported;
    view->role = role_in(world, &symptom->element);
    const struct heal_remote *news = heal_news_about(world, &symptom->element);
    view->owner = view->role == HEAL_ROLE_OWNER ? world->id
                  : news                        ? news->news.owner
                  : symptom->element.other != 0 ? symptom->element.other
                                                : symptom->element.node;
    view->first_seen = symptom->since;
    view->opened = incident->seen_at = incident->sick_at = incident->confident_at = world->now;
    view->diagnosed = world->now;
    view->opened_as = symptom->diagnosis;
    view->ranks = 1;
    view->ranked[0] = (struct heal_ranked){symptom->diagnosis, symptom->confidence};
    /* A queue is there only under load: what leads the load away hides it, and would soon be undone. */
    incident->hold_us = symptom->diagnosis == HEAL_RATE_LIMITED ? hold_hidden_us : hold_us;
    set_evidence(incident, symptom);
    name_places(world, incident);
    remember_recurrence(world, incident);
    if (view->role != HEAL_ROLE_UPSTREAM) {
        world->count.incidents[symptom->diagnosis]++;
        world->count.mttd_sum_s += heal_world_seconds_since(world, view->first_seen);
        world->count.mttd_count++;
    }
    heal_output_decide(world, HEAL_DECISION_INCIDENT, view->id,
                       "opened node=%s other=%s service=%s mesh=%s role=%s", view->node, view->other,
                       view->service, view->mesh, heal_role_name(view->role));
    heal_output_decide(world, HEAL_DECISION_DIAGNOSIS, view->id,
                       "diagnosis=%s confidence=%.2f recurrences=%u", heal_diagnosis_slug(symptom->diagnosis),
                       (double)symptom->confidence, incident->recurrences);
}

/* The diagnoses of an incident exclude each other: one that is not the first has at most what that leaves. */
static float left_by_first(const struct heal_incident_status *view, float confidence) {
    return fminf(confidence, 1 - view->ranked[0].confidence);
}

static void rank_second(struct heal_incident *incident, const struct heal_symptom *symptom) {
    struct heal_incident_status *view = &incident->view;
    for (size_t i = 1; i < view->ranks; i++)
        if (view->ranked[i].diagnosis == symptom->diagnosis) {
            view->ranked[i].confidence = left_by_first(view, symptom->confidence);
            return;
        }
    size_t place = view->ranks < HEAL_RANKED_MAX ? view->ranks++ : HEAL_RANKED_MAX - 1;
    view->ranked[place] = (struct heal_ranked){symptom->diagnosis, left_by_first(view, symptom->confidence)};
}

static void change_diagnosis(struct heal_world *world, struct heal_incident *incident,
                             const struct heal_symptom *symptom) {
    struct heal_incident_status *view = &incident->view;
    struct heal_ranked before = view->ranked[0];
    view->ranked[0] = (struct heal_ranked){symptom->diagnosis, symptom->confidence};
    view->ranks = 2;
    view->ranked[1] = (struct heal_ranked){before.diagnosis, left_by_first(view, before.confidence)};
    incident->confident_at = view->diagnosed = world->now;
    set_evidence(incident, symptom);
    const struct heal_incident *earlier_one =
        earlier(world, incident); /* it may have come back by another name */
    if (earlier_one)
        pass_over_cures(world, earlier_one, incident);
    heal_output_decide(world, HEAL_DECISION_DIAGNOSIS, view->id, "diagnosis=%s confidence=%.2f was=%s",
                       heal_diagnosis_slug(symptom->diagnosis), (double)symptom->confidence,
                       heal_diagnosis_slug(before.diagnosis));
}

/* The first evidence stays on record; a surer verdict replaces it as long as nothing was done. */
static void confirm(struct heal_world *world, struct heal_incident *incident,
                    const struct heal_symptom *symptom) {
    incident->seen_at = world->now;
    if (symptom->confidence <= incident->view.ranked[0].confidence)
        return;
    incident->view.ranked[0].confidence = symptom->confidence;
    if (incident->view.steps == 0)
        set_evidence(incident, symptom);
}

/* Has something that ends the trouble been put in place just now? What is seen then is of before, or of the
 * change itself. */
static bool is_settling(const struct heal_world *world, const struct heal_incident *incident) {
    int active = heal_incident_active_step(incident);
    if (active < 0)
        return false;
    const struct heal_step_status *step = &incident->view.step[active];
    return heal_remedy_effect(step->remedy) != HEAL_EFFECT_RELIEVES && step->settled != 0 &&
           world->now - step->settled < settling_us;
}

static void support(struct heal_world *world, struct heal_incident *incident,
                    const struct heal_symptom *symptom) {
    struct heal_incident_status *view = &incident->view;
    struct heal_symptom meant = *symptom;
    /* The network's word neither keeps an incident of the thresholds open nor renames it: such an incident is
     * a witness of whether the network was right. */
    if (symptom->diagnosis == HEAL_ANOMALY && view->ranked[0].diagnosis != HEAL_ANOMALY) {
        rank_second(incident, symptom);
        return;
    }
    incident->sick_at = world->now;
    incident->witnessed = incident->witnessed || !symptom->reported;
    if (owner_says(world, view->role, &incident->element, &meant.diagnosis)) {
        if (meant.diagnosis != view->ranked[0].diagnosis)
            change_diagnosis(world, incident, &meant);
        confirm(world, incident, &meant);
        return;
    }
    bool stale = world->now - incident->seen_at >= change_after_us;
    bool sharper = view->ranked[0].diagnosis == HEAL_ANOMALY ||
                   (view->ranked[0].diagnosis == HEAL_NEIGHBOUR_LOST && symptom->diagnosis != HEAL_LINK_LOSS);
    if (symptom->diagnosis == view->ranked[0].diagnosis) {
        confirm(world, incident, symptom);
    } else if ((stale || sharper) && !is_settling(world, incident)) {
        change_diagnosis(world, incident, symptom);
        incident->seen_at = world->now;
    } else {
        rank_second(incident, symptom);
    }
}

/* May an incident be opened for this symptom now? */
static bool is_ripe(const struct heal_world *world, const struct heal_symptom *symptom) {
    enum heal_role role = role_in(world, &symptom->element);
    if (role != HEAL_ROLE_END || heal_news_about(world, &symptom->element) != NULL)
        return true;
    const struct heal_port *port = heal_world_port_const(world, &symptom->element.port);
    if (!port || !port->carrier)
        return true;
    heal_us judged = port->suspected_at != 0 ? port->suspected_at + world->settings.examine_us : world->now;
    return world->now >= judged + owner_first_us;
}

static void open_as_owner_says(struct heal_world *world, const struct heal_symptom *symptom) {
    struct heal_symptom meant = *symptom;
    (void)owner_says(world, role_in(world, &symptom->element), &symptom->element, &meant.diagnosis);
    open_incident(world, &meant);
}

static void join(struct heal_world *world, struct heal_symptoms *symptoms) {
    for (size_t i = 0; i < symptoms->count; i++) {
        const struct heal_symptom *symptom = &symptoms->symptom[i];
        struct heal_incident *incident = heal_world_incident(world, &symptom->element);
        const struct heal_symptom *cause = heal_explains(world, symptoms, i);
        bool explained = cause != NULL || heal_explained_by_load(world, symptom);
        if (incident && (!cause || !heal_element_equal(&cause->element, &symptom->element)))
            support(world, incident, symptom);
        else if (!incident && !explained && is_ripe(world, symptom))
            open_as_owner_says(world, symptom);
    }
}

static void note_owners_word(const struct heal_world *world, struct heal_incident *incident) {
    const struct heal_remote *news =
        incident->view.role == HEAL_ROLE_OWNER ? NULL : heal_news_about(world, &incident->element);
    incident->reported = news != NULL;
    incident->owner_remedy = HEAL_REMEDIES;
    incident->owner_idle = news && news->news.remedy[0] == '\0';
    if (news)
        (void)heal_remedy_parse(news->news.remedy, &incident->owner_remedy);
}

static void note_gone(struct heal_world *world) {
    for (size_t i = 0; i < world->incidents; i++) {
        struct heal_incident *incident = &world->incident[i];
        if (!heal_incident_is_open(incident))
            continue;
        /* The owner's word ends it for all. What is seen after that is another trouble, perhaps of our
         * making: an MTU at one end only. */
        if (incident->view.role != HEAL_ROLE_OWNER &&
            heal_news_is_over(world, &incident->element, incident->view.opened))
            incident->owner_done = true;
        note_owners_word(world, incident);
        if (incident->sick_at == world->now && !incident->owner_done)
            incident->gone_since = 0;
        else if (incident->gone_since == 0)
            incident->gone_since = world->now;
    }
}

void heal_incidents_update(struct heal_world *world) {
    struct heal_symptoms symptoms;
    symptoms.count = 0;
    for (size_t i = 0; i < heal_detectors_count; i++)
        heal_detectors[i].detect(world, &symptoms);
    heal_opinion_add(world, &symptoms);
    heal_news_symptoms(world, &symptoms);
    join(world, &symptoms);
    note_gone(world);
}
