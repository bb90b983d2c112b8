/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* rate-limited: packets queue up (the round trip rises) and those that do not fit are lost: the link carries
 * less than is sent into it. */
#include "analyze/detector.h"
#include "analyze/link_findings.h"

void heal_detect_rate_limited(const struct heal_world *world, struct heal_symptoms *symptoms) {
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        if (!heal_link_is_judged(world, port) || !heal_link_has_queue(world, port) ||
            heal_link_is_jammed(world, port) || heal_link_flaps(world, port))
            continue;
        if (!heal_link_loses(world, port, HEAL_IN) && !heal_link_loses(world, port, HEAL_OUT))
            continue;
        struct heal_symptom *symptom = heal_link_symptom(
            world, port, symptoms, HEAL_RATE_LIMITED,
            heal_confidence(0.8f, port->vitals.rtt_excess, world->threshold[HEAL_METRIC_LATENCY]));
        heal_link_evidence_rtt(port, symptom);
        heal_link_evidence_loss(world, port, symptom, HEAL_IN);
        heal_link_evidence_loss(world, port, symptom, HEAL_OUT);
        if (port->throughput >= 0)
            heal_evidence_track(
                heal_symptom_evidence(symptom, "throughput, both directions", "bit/s", port->throughput, 0),
                HEAL_TRACK_THROUGHPUT);
    }
}
