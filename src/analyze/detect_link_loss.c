/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* link-loss: a share of all packets is lost, small and full-size ones alike, and nothing more special
 * explains it: no hole for large ones, no queue, no noise, no outages, not one direction only. */
#include "analyze/detector.h"
#include "analyze/link_findings.h"

static bool something_special(const struct heal_world *world, const struct heal_port *port) {
    enum heal_direction direction;
    return heal_link_has_hole(port, HEAL_IN) || heal_link_has_hole(port, HEAL_OUT) ||
           heal_link_has_queue(world, port) || heal_link_is_jammed(world, port) ||
           heal_link_flaps(world, port) || heal_link_is_one_way(world, port, &direction);
}

void heal_detect_link_loss(const struct heal_world *world, struct heal_symptoms *symptoms) {
    float limit = world->threshold[HEAL_METRIC_LOSS];
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        if (!heal_link_is_judged(world, port) || something_special(world, port))
            continue;
        bool in = heal_link_loses(world, port, HEAL_IN), out = heal_link_loses(world, port, HEAL_OUT);
        bool half = (!out && heal_link_is_undecided(world, port, HEAL_OUT)) ||
                    (!in && heal_link_is_undecided(world, port, HEAL_IN));
        if ((!in && !out) || half)
            continue;
        float low_in = port->vitals.flow[HEAL_IN].low, low_out = port->vitals.flow[HEAL_OUT].low;
        struct heal_symptom *symptom =
            heal_link_symptom(world, port, symptoms, HEAL_LINK_LOSS,
                              heal_confidence(0.75f, low_in > low_out ? low_in : low_out, limit));
        heal_link_evidence_loss(world, port, symptom, HEAL_IN);
        heal_link_evidence_loss(world, port, symptom, HEAL_OUT);
        heal_link_evidence_rtt(port, symptom);
    }
}
