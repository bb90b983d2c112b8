/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* one-way-link: one direction loses much, the other hardly anything. Only numbers that the two ends exchange
 * tell the direction; an echo cannot. */
#include "analyze/detector.h"
#include "analyze/link_findings.h"

static bool something_special(const struct heal_world *world, const struct heal_port *port) {
    return heal_link_has_hole(port, HEAL_IN) || heal_link_has_hole(port, HEAL_OUT) ||
           heal_link_has_queue(world, port) || heal_link_is_jammed(world, port) ||
           heal_link_flaps(world, port);
}

void heal_detect_one_way_link(const struct heal_world *world, struct heal_symptoms *symptoms) {
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        enum heal_direction direction;
        /* A direction that is dead altogether needs no long look. */
        bool judged = heal_link_is_judged(world, port) || heal_link_is_unheard(world, port);
        if (!judged || heal_link_is_silent(world, port) || something_special(world, port) ||
            !heal_link_is_one_way(world, port, &direction))
            continue;
        const struct heal_flow *bad = &port->vitals.flow[direction];
        struct heal_symptom *symptom =
            heal_link_symptom(world, port, symptoms, HEAL_ONE_WAY_LINK,
                              heal_confidence(0.8f, heal_link_is_unheard(world, port) ? 1 : bad->low,
                                              world->threshold[HEAL_METRIC_LOSS]));
        heal_link_evidence_loss(world, port, symptom, direction);
        heal_link_evidence_loss(world, port, symptom, (enum heal_direction) !direction);
        if (bad->silence_s > world->threshold[HEAL_METRIC_SILENCE])
            heal_evidence_track(heal_symptom_evidence(
                                    symptom, direction == HEAL_IN ? "silence, incoming" : "silence, outgoing",
                                    "s", bad->silence_s, 0),
                                direction == HEAL_IN ? HEAL_TRACK_SILENCE_IN : HEAL_TRACK_SILENCE_OUT);
    }
}
