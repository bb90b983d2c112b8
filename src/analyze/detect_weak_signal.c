/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* weak-signal: the neighbour is heard far worse than is normal here, and badly: it moves away, an antenna has
 * come loose, something stands in between. The link still works; it will not for long. */
#include "analyze/detector.h"
#include "analyze/link_findings.h"

void heal_detect_weak_signal(const struct heal_world *world, struct heal_symptoms *symptoms) {
    float limit = world->threshold[HEAL_METRIC_SIGNAL_DROP];
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        if (!heal_link_is_judged(world, port) || !heal_link_fades(world, port) ||
            heal_link_is_jammed(world, port))
            continue;
        struct heal_symptom *symptom = heal_link_symptom(
            world, port, symptoms, HEAL_WEAK_SIGNAL, heal_confidence(0.8f, port->vitals.rssi_drop_db, limit));
        struct heal_evidence *signal = heal_symptom_evidence(symptom, "signal", "dBm", port->rssi_dbm, 0);
        heal_evidence_track(signal, HEAL_TRACK_SIGNAL);
        heal_evidence_normal(signal, port->normal[HEAL_QUANTITY_RSSI].middle);
        struct heal_evidence *drop =
            heal_symptom_evidence(symptom, "signal, fallen by", "dB", port->vitals.rssi_drop_db, 0);
        heal_evidence_threshold(heal_evidence_track(drop, HEAL_TRACK_SIGNAL_DROP), limit);
        heal_link_evidence_loss(world, port, symptom, HEAL_IN);
        heal_link_evidence_loss(world, port, symptom, HEAL_OUT);
    }
}
