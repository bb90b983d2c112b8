/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* link-flap: the link goes away and comes back, again and again, and is fine in between. Each outage is too
 * short to be lost for good, together they ruin it (cf. RFC 2439 on damping). */
#include "analyze/detector.h"
#include "analyze/link_findings.h"

void heal_detect_link_flap(const struct heal_world *world, struct heal_symptoms *symptoms) {
    float limit = world->threshold[HEAL_METRIC_FLAPS];
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        if (!port->established || !heal_link_flaps(world, port))
            continue;
        struct heal_symptom *symptom =
            heal_link_symptom(world, port, symptoms, HEAL_LINK_FLAP,
                              heal_confidence(0.85f, (float)port->vitals.outages, limit));
        struct heal_evidence *outages =
            heal_symptom_evidence(symptom, "outages in 15 s", "", (float)port->vitals.outages, 0);
        heal_evidence_threshold(heal_evidence_track(outages, HEAL_TRACK_OUTAGES), limit);
        heal_link_evidence_loss(world, port, symptom, HEAL_IN);
    }
}
