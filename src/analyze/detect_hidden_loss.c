/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* hidden-loss: the radio has to send far more often than is normal until the neighbour has it, and nothing is
 * lost yet: 802.11 retries hide it. What is left of the link is slow, and it is on its way to losing packets.
 */
#include "analyze/detector.h"
#include "analyze/link_findings.h"

/* Is it hidden no longer, or is nobody there to acknowledge anything? */
static bool shows(const struct heal_world *world, const struct heal_port *port) {
    const struct heal_flow *flow = port->vitals.flow;
    float doubtful_s = world->threshold[HEAL_METRIC_SILENCE] / 2;
    return heal_link_loses(world, port, HEAL_IN) || heal_link_loses(world, port, HEAL_OUT) ||
           flow[HEAL_IN].silence_s > doubtful_s || flow[HEAL_OUT].silence_s > doubtful_s;
}

void heal_detect_hidden_loss(const struct heal_world *world, struct heal_symptoms *symptoms) {
    float limit = world->threshold[HEAL_METRIC_RETRIES];
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        const struct heal_vitals *vitals = &port->vitals;
        if (!heal_link_is_judged(world, port) || vitals->retries_rise <= limit || shows(world, port))
            continue;
        struct heal_symptom *symptom = heal_link_symptom(world, port, symptoms, HEAL_HIDDEN_LOSS,
                                                         heal_confidence(0.75f, vitals->retries_rise, limit));
        struct heal_evidence *retries = heal_symptom_evidence(symptom, "retries, of the attempts to send",
                                                              "share", vitals->retries, vitals->attempts);
        if (heal_baseline_is_warm(&port->normal[HEAL_QUANTITY_RETRIES]))
            heal_evidence_normal(retries, port->normal[HEAL_QUANTITY_RETRIES].middle);
        heal_evidence_threshold(heal_evidence_track(retries, HEAL_TRACK_RETRIES), limit);
        if (port->station.last.expected_kbit > 0)
            heal_evidence_track(heal_symptom_evidence(symptom, "expected throughput", "Mbit/s",
                                                      (float)port->station.last.expected_kbit / 1000.0f, 0),
                                HEAL_TRACK_EXPECTED);
        heal_link_evidence_loss(world, port, symptom, HEAL_OUT);
    }
}
