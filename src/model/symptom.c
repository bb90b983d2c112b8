/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "model/symptom.h"

#include "base/text.h"

#include <string.h>

static bool same_link(const struct heal_element *a, const struct heal_element *b) {
    if (a->port.ifname[0] != '\0' && b->port.ifname[0] != '\0')
        return heal_port_key_equal(&a->port, &b->port);
    return a->other != 0 &&
           ((a->node == b->node && a->other == b->other) || (a->node == b->other && a->other == b->node));
}

bool heal_element_equal(const struct heal_element *a, const struct heal_element *b) {
    if (a->kind != b->kind)
        return false;
    if (a->kind == HEAL_ELEMENT_LINK)
        return same_link(a, b);
    return a->node == b->node && strcmp(a->service, b->service) == 0 && strcmp(a->mesh, b->mesh) == 0;
}

struct heal_symptom *heal_symptoms_add(struct heal_symptoms *symptoms, enum heal_diagnosis diagnosis,
                                       const struct heal_element *element, float confidence, heal_us since) {
    /* The last place is the one that nobody reads. */
    size_t place = symptoms->count < HEAL_SYMPTOMS_MAX - 1 ? symptoms->count++ : HEAL_SYMPTOMS_MAX - 1;
    struct heal_symptom *symptom = &symptoms->symptom[place];
    symptom->diagnosis = diagnosis;
    symptom->element = *element;
    symptom->confidence = confidence;
    symptom->since = since;
    symptom->reported = false;
    symptom->evidences = 0;
    return symptom;
}

struct heal_evidence *heal_symptom_evidence(struct heal_symptom *symptom, const char *what, const char *unit,
                                            float seen, uint32_t samples) {
    size_t place = symptom->evidences < HEAL_EVIDENCE_MAX ? symptom->evidences++ : HEAL_EVIDENCE_MAX - 1;
    struct heal_evidence *evidence = &symptom->evidence[place];
    *evidence = (struct heal_evidence){.seen = seen, .samples = samples};
    heal_name_copy(evidence->what, sizeof evidence->what, what);
    heal_name_copy(evidence->unit, sizeof evidence->unit, unit);
    return evidence;
}

void heal_evidence_normal(struct heal_evidence *evidence, float normal) {
    evidence->normal = normal;
    evidence->has_normal = true;
}

void heal_evidence_threshold(struct heal_evidence *evidence, float threshold) {
    evidence->threshold = threshold;
    evidence->has_threshold = true;
}

struct heal_evidence *heal_evidence_track(struct heal_evidence *evidence, enum heal_track track) {
    evidence->track = track;
    return evidence;
}

float heal_confidence(float least, float value, float limit) {
    float rise = limit > 0 ? (value - limit) / (2 * limit) : 1;
    rise = rise < 0 ? 0 : rise > 1 ? 1 : rise;
    return least + (0.98f - least) * rise;
}
