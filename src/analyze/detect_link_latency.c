/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* link-latency: the least round trip over seconds is far above what is normal here, and nothing is lost. The
 * least, not the mean: a busy machine delays some packets, a slow link delays all. */
#include "analyze/detector.h"
#include "analyze/link_findings.h"

/* Or may: a queue that loses little takes longer to show. */
static bool loses(const struct heal_world *world, const struct heal_port *port,
                  enum heal_direction direction) {
    return heal_link_loses(world, port, direction) || heal_link_may_lose(world, port, direction);
}

void heal_detect_link_latency(const struct heal_world *world, struct heal_symptoms *symptoms) {
    float limit = world->threshold[HEAL_METRIC_LATENCY];
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        bool slow = heal_link_is_judged(world, port) && port->vitals.rtt_excess > limit;
        if (!slow || loses(world, port, HEAL_IN) || loses(world, port, HEAL_OUT) ||
            heal_link_flaps(world, port))
            continue;
        struct heal_symptom *symptom = heal_link_symptom(
            world, port, symptoms, HEAL_LINK_LATENCY, heal_confidence(0.72f, port->vitals.rtt_excess, limit));
        heal_link_evidence_rtt(port, symptom);
        struct heal_evidence *excess =
            heal_symptom_evidence(symptom, "deviations above normal", "", port->vitals.rtt_excess, 0);
        heal_evidence_threshold(heal_evidence_track(excess, HEAL_TRACK_ROUND_TRIP_EXCESS), limit);
    }
}
