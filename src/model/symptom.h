/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What is sick (an element), and a detector's finding about it (a symptom).
 */
#ifndef HEAL_MODEL_SYMPTOM_H
#define HEAL_MODEL_SYMPTOM_H

#include "heal/status.h"

enum heal_element_kind { HEAL_ELEMENT_LINK, HEAL_ELEMENT_NODE, HEAL_ELEMENT_SERVICE, HEAL_ELEMENT_MESH };

/** A link by its two nodes (and this node's port of it), a node, a service of this node, or this node's part
 * in a mesh below IP: not the node as a whole, so that whatever else ails it waits for another remedy. */
struct heal_element {
    enum heal_element_kind kind;
    heal_node_id node;         /**< this node, the sick node, or one end */
    heal_node_id other;        /**< of a link: the other end; 0 while it is not known */
    struct heal_port_key port; /**< this node's end of it, if it has one */
    char service[HEAL_NAME_MAX];
    char mesh[HEAL_IFNAME_MAX]; /**< the mesh's interface */
};

/** @return whether it is a link, and this node has an end of it. */
static inline bool heal_element_is_own_link(const struct heal_element *element) {
    return element->kind == HEAL_ELEMENT_LINK && element->port.ifname[0] != '\0';
}

struct heal_symptom {
    enum heal_diagnosis diagnosis;
    struct heal_element element;
    float confidence;
    heal_us since; /**< when the trouble began to show */
    bool reported; /**< another node's word; this one has seen nothing of it */
    uint8_t evidences;
    struct heal_evidence evidence[HEAL_EVIDENCE_MAX];
};

enum { HEAL_SYMPTOMS_MAX = 64 };

/** The findings of one round. */
struct heal_symptoms {
    size_t count;
    struct heal_symptom symptom[HEAL_SYMPTOMS_MAX];
};

bool heal_element_equal(const struct heal_element *a, const struct heal_element *b);

/** @return the next symptom, cleared and filled with these, or one that nobody will see when there are too
 * many. */
struct heal_symptom *heal_symptoms_add(struct heal_symptoms *symptoms, enum heal_diagnosis diagnosis,
                                       const struct heal_element *element, float confidence, heal_us since);

/** Adds a line of evidence; what does not fit is left out. @return it, to add a normal value or a threshold.
 */
struct heal_evidence *heal_symptom_evidence(struct heal_symptom *symptom, const char *what, const char *unit,
                                            float seen, uint32_t samples);

void heal_evidence_normal(struct heal_evidence *evidence, float normal);
void heal_evidence_threshold(struct heal_evidence *evidence, float threshold);
/** Says what shows it over time. @return it. */
struct heal_evidence *heal_evidence_track(struct heal_evidence *evidence, enum heal_track track);

/** @return @p least where @p value just reaches @p limit, rising to .98 at three times it. */
float heal_confidence(float least, float value, float limit);

#endif
