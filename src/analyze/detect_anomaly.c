/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* anomaly: the network calls a port sick, and would without any neighbour's word, too. What else is found
 * about the link, or about either of its ends, is what it means, and explains it. */
#include "analyze/detector.h"
#include "analyze/link_findings.h"
#include "analyze/opinion.h"
#include "heal/verdict.h"

/* One tick may be chance. */
static const heal_us held_us = 2 * HEAL_US_PER_S;
/* So far above its threshold a logit leaves as little doubt as there can be. */
static const float sure_logits = 4 * HEAL_LOGIT_ONE;

static float confidence_of(const struct heal_world *world, const struct heal_judgement *judgement) {
    float above = ((float)judgement->logit - (float)world->judged.threshold) / sure_logits;
    return 0.72f + 0.26f * (above < 0 ? 0 : above > 1 ? 1 : above);
}

/* Somebody looks closer, and may find a name for it. */
static bool is_looked_into(const struct heal_port *port) {
    return port->examined_since != 0 && !port->vitals.examined;
}

void heal_detect_anomaly(const struct heal_world *world, struct heal_symptoms *symptoms) {
    for (size_t i = 0; world->judged.mode == HEAL_MODE_ACT && i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        const struct heal_judgement *judgement = heal_opinion_of(world, &port->key);
        if (!judgement || !judgement->sick || world->now - judgement->since < held_us ||
            judgement->alone <= world->judged.threshold || heal_link_is_silent(world, port) ||
            is_looked_into(port))
            continue;
        struct heal_symptom *symptom =
            heal_link_symptom(world, port, symptoms, HEAL_ANOMALY, confidence_of(world, judgement));
        symptom->since = judgement->since;
        heal_opinion_evidence(world, judgement, symptom);
        struct heal_evidence *alone =
            heal_symptom_evidence(symptom, "sick, by this node's own inputs alone", "share",
                                  heal_judgement_probability(judgement->alone), 0);
        heal_evidence_threshold(alone, heal_judgement_probability(world->judged.threshold));
    }
}
