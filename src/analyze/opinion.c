/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "analyze/opinion.h"

/* Two that look at the same measurements are not two witnesses. */
static const float doubt_left = 2.0f / 3;

const struct heal_judgement *heal_opinion_of(const struct heal_world *world,
                                             const struct heal_port_key *key) {
    const struct heal_judged *judged = &world->judged;
    for (size_t i = 0; i < judged->judgements; i++) {
        const struct heal_judgement *judgement = &judged->judgement[i];
        if (judgement->judged && world->now - judgement->at <= HEAL_JUDGEMENT_FRESH_US &&
            heal_port_key_equal(&judgement->port, key))
            return judgement;
    }
    return NULL;
}

void heal_opinion_evidence(const struct heal_world *world, const struct heal_judgement *judgement,
                           struct heal_symptom *symptom) {
    struct heal_evidence *evidence;
    if (world->judged.mode == HEAL_MODE_OBSERVE || symptom->evidences == HEAL_EVIDENCE_MAX)
        return;
    evidence = heal_symptom_evidence(symptom, "sick, by the network", "share",
                                     heal_judgement_probability(judgement->logit), 0);
    heal_evidence_threshold(evidence, heal_judgement_probability(world->judged.threshold));
}

void heal_opinion_add(const struct heal_world *world, struct heal_symptoms *symptoms) {
    for (size_t i = 0; i < symptoms->count; i++) {
        struct heal_symptom *symptom = &symptoms->symptom[i];
        const struct heal_judgement *judgement =
            heal_element_is_own_link(&symptom->element) && symptom->diagnosis != HEAL_ANOMALY
                ? heal_opinion_of(world, &symptom->element.port)
                : NULL;
        if (!judgement)
            continue;
        heal_opinion_evidence(world, judgement, symptom);
        if (judgement->sick && world->judged.mode == HEAL_MODE_ACT)
            symptom->confidence = 1 - doubt_left * (1 - symptom->confidence);
    }
}
