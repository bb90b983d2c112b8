/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* An incident in plain words: what was seen against what is normal, what it means, what was done and why. */
#include "base/amount.h"
#include "base/text.h"
#include "heal/status.h"

#include <string.h>

static const char *const meaning[HEAL_DIAGNOSES] = {
    [HEAL_LINK_LOSS] = "The link loses packets of every size in both directions.",
    [HEAL_MTU_BLACKHOLE] = "Small packets pass the link, full-size ones vanish without a word.",
    [HEAL_ONE_WAY_LINK] = "The link carries one direction and loses the other.",
    [HEAL_LINK_LATENCY] = "The link loses nothing, but everything takes far longer than is normal.",
    [HEAL_LINK_FLAP] = "The link goes away and comes back, again and again.",
    [HEAL_NEIGHBOUR_LOST] = "Nothing comes from the neighbour any more.",
    [HEAL_INTERFERENCE] = "Noise has risen on the radio channel and drowns the signal.",
    [HEAL_RATE_LIMITED] = "The link carries less than is sent into it: packets queue up, then are lost.",
    [HEAL_ROUTES_LOST] = "The routing daemon's routes are missing from the kernel.",
    [HEAL_NOT_FORWARDING] =
        "The node takes part in the routing but does not pass on what is sent through it.",
    [HEAL_NODE_OVERLOAD] = "The node has no CPU time left.",
    [HEAL_MEMORY_LEAK] = "The service's memory only ever grows.",
    [HEAL_SERVICE_DOWN] = "A service that should run does not.",
    [HEAL_HIDDEN_LOSS] = "The radio has to send again and again; its retries still hide the loss.",
    [HEAL_WEAK_SIGNAL] = "The neighbour's signal has fallen far below what is normal here.",
    [HEAL_GATEWAY_LOST] = "The way out of the mesh is gone, the node's own or the one that it has chosen.",
    [HEAL_ANOMALY] = "The network finds the link unusual, as links in trouble are; no threshold says why.",
};

static const char *const remedy_words[HEAL_REMEDIES] = {
    [HEAL_ROUTE_AROUND] = "lead the traffic around it by override routes",
    [HEAL_LINK_COST] = "raise the link's cost in the routing daemon",
    [HEAL_CLAMP_MTU] = "lower the link's MTU to 1280 bytes",
    [HEAL_BOUNCE_LINK] = "take the interface down and up again",
    [HEAL_RESTORE_ROUTES] = "put the missing routes back",
    [HEAL_SET_FORWARDING] = "switch forwarding on again",
    [HEAL_RESTART_SERVICE] = "restart the service",
    [HEAL_SHED_LOAD] = "throttle the service that uses most",
    [HEAL_QUARANTINE_NEIGHBOUR] = "drop what comes from the neighbour, but for heald's own packets",
    [HEAL_HOP_PENALTY] = "make the mesh lead past both ends of the link (hop penalty)",
    [HEAL_THROUGHPUT_OVERRIDE] = "tell the mesh that the link carries next to nothing",
    [HEAL_HASTEN_ROUTING] = "announce this node many times a second for a while",
    [HEAL_STOP_GATEWAY] = "no longer offer a way out of the mesh",
    [HEAL_RENEW_MESH] = "take the interface out of the mesh and give it back",
    [HEAL_SWITCH_CHANNEL] = "move the mesh to another channel",
    [HEAL_RAISE_POWER] = "send louder",
    [HEAL_NOTIFY] = "call for people",
};

const char *heal_diagnosis_meaning(enum heal_diagnosis diagnosis) {
    return meaning[diagnosis];
}

const char *heal_remedy_meaning(enum heal_remedy remedy) {
    return remedy_words[remedy];
}

static const char *const role_words[] = {
    [HEAL_ROLE_OWNER] = "this node owns the incident",
    [HEAL_ROLE_END] = "the other end owns the incident, this end helps",
    [HEAL_ROLE_UPSTREAM] = "reported by the mesh; this node's traffic passes there",
};

static void add_place(struct heal_text *text, const struct heal_incident_status *incident) {
    if (incident->service[0] != '\0')
        heal_text_add(text, "service %s on %s", incident->service, incident->node);
    else if (incident->mesh[0] != '\0')
        heal_text_add(text, "%s's part in the mesh of %s", incident->node, incident->mesh);
    else if (incident->other[0] != '\0')
        heal_text_add(text, "the link between %s and %s", incident->node, incident->other);
    else
        heal_text_add(text, "%s%s", incident->node,
                      incident->ifname[0] != '\0' ? " (the neighbour behind this link)" : "");
    if (incident->ifname[0] != '\0')
        heal_text_add(text, " (interface %s)", incident->ifname);
}

static void add_amount(struct heal_text *text, const char *words, float value, const char *unit) {
    char amount[HEAL_AMOUNT_MAX];
    heal_text_add(text, "%s%s", words, heal_amount_format((double)value, unit, amount));
}

static void add_evidence(struct heal_text *text, const struct heal_evidence *evidence) {
    heal_text_add(text, "  - %s: ", evidence->what);
    add_amount(text, "", evidence->seen, evidence->unit);
    if (evidence->has_normal)
        add_amount(text, "; normal here: ", evidence->normal, evidence->unit);
    if (evidence->has_threshold)
        add_amount(text, "; limit: ", evidence->threshold, evidence->unit);
    if (evidence->samples > 0)
        heal_text_add(text, " (from %u samples)", evidence->samples);
    heal_text_add(text, "\n");
}

static void add_step(struct heal_text *text, const struct heal_incident_status *incident, size_t index) {
    const struct heal_step_status *step = &incident->step[index];
    heal_text_add(text, "  %zu. %s: %s%s%s", index + 1, heal_remedy_slug(step->remedy),
                  remedy_words[step->remedy], step->target[0] != '\0' ? ": " : "", step->target);
    heal_text_add_span(text, ", ", step->started - incident->opened, " after detection.\n");
    heal_text_add(text, "     Chosen: %s.\n", step->rule);
    if (step->changed[0] != '\0')
        heal_text_add(text, "     It led %s.\n", step->changed);
    if (step->state == HEAL_STEP_WOULD)
        heal_text_add(text, "     Not done: it %s.\n", heal_step_state_words(step->state));
    else
        heal_text_add(text, "     Now %s%s%s.\n", heal_step_state_words(step->state),
                      step->outcome[0] != '\0' ? ": " : "", step->outcome);
}

static void add_times(struct heal_text *text, const struct heal_incident_status *incident, heal_us now) {
    heal_text_add_span(text, "First seen ", now - incident->first_seen, " ago, detected ");
    heal_text_add_span(text, "", incident->opened - incident->first_seen, " after that");
    if (incident->diagnosed > incident->opened) {
        heal_text_add(text, " as %s, diagnosed anew", heal_diagnosis_slug(incident->opened_as));
        heal_text_add_span(text, " ", incident->diagnosed - incident->opened, " after detection");
    }
    if (incident->healed != 0)
        heal_text_add_span(text, ", healed ", incident->healed - incident->opened, " after detection");
    if (incident->closed != 0)
        heal_text_add_span(text, ", closed ", now - incident->closed, " ago");
    heal_text_add(text, ".\n");
}

/* How it ended, where that is not plain from what was done. */
static void add_ending(struct heal_text *text, const struct heal_incident_status *incident) {
    if (incident->refuted)
        heal_text_add(text, "It went away by itself at once: counted as a false alarm.\n");
    if (incident->withdrawn)
        heal_text_add(text,
                      "Another node had reported it, and no longer does; nothing was seen of it here, which "
                      "neither confirms nor refutes it.\n");
    if (incident->on_trial)
        heal_text_add(text,
                      "On trial: what kept the trouble away was taken back to see whether it is over. If it "
                      "is not, that is a new incident within half a minute.\n");
    if (incident->label >= 0)
        heal_text_add(text, "Labelled %s by an operator.\n", incident->label == 1 ? "true" : "false");
}

size_t heal_incident_explain(const struct heal_incident_status *incident, heal_us now, char *buffer,
                             size_t size) {
    struct heal_text text;
    enum heal_diagnosis diagnosis = incident->ranked[0].diagnosis;
    heal_text_init(&text, buffer, size);
    heal_text_add(&text, "Incident %llu: %s on ", (unsigned long long)incident->id,
                  heal_diagnosis_slug(diagnosis));
    add_place(&text, incident);
    heal_text_add(&text, ", confidence %.0f %%.\n%s\n", (double)incident->ranked[0].confidence * 100,
                  meaning[diagnosis]);
    add_times(&text, incident, now);
    heal_text_add(&text, "Role: %s.\n\nWhat was seen (detector %s):\n", role_words[incident->role],
                  heal_diagnosis_slug(diagnosis));
    for (size_t i = 0; i < incident->evidences; i++)
        add_evidence(&text, &incident->evidence[i]);
    for (size_t i = 1; i < incident->ranks; i++)
        heal_text_add(&text, "Also considered: %s (%.0f %%).\n",
                      heal_diagnosis_slug(incident->ranked[i].diagnosis),
                      (double)incident->ranked[i].confidence * 100);
    heal_text_add(&text, "\nWhat was done:\n%s", incident->steps == 0 ? "  nothing yet\n" : "");
    for (size_t i = 0; i < incident->steps; i++)
        add_step(&text, incident, i);
    if (incident->suppressed != HEAL_NOT_SUPPRESSED)
        heal_text_add(&text, "Held back: %s.\n", heal_suppression_name(incident->suppressed));
    if (incident->cut_off > 0)
        heal_text_add(&text, "Cut off: %u destination%s had the last way through there.\n", incident->cut_off,
                      incident->cut_off == 1 ? "" : "s");
    if (incident->others[0] != '\0')
        heal_text_add(&text, "Not heald's doing: %s. It is left as it is.\n", incident->others);
    add_ending(&text, incident);
    static const char ellipsis[] = "…";
    if (text.cut && size > sizeof ellipsis)
        memcpy(buffer + size - sizeof ellipsis, ellipsis, sizeof ellipsis);
    return strlen(buffer);
}
