/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* interference: the noise has risen, the signal has not fallen, and the link suffers for it. */
#include "analyze/detector.h"
#include "analyze/link_findings.h"

/* The noise lets nothing pass at all: that needs no long look, and leaves nothing to count. */
static bool is_drowned(const struct heal_world *world, const struct heal_port *port) {
    bool works = port->up && port->carrier;
    return works && heal_link_is_silent(world, port);
}

static bool suffers(const struct heal_world *world, const struct heal_port *port) {
    return heal_link_loses(world, port, HEAL_IN) || heal_link_loses(world, port, HEAL_OUT) ||
           port->vitals.rtt_excess > world->threshold[HEAL_METRIC_LATENCY];
}

void heal_detect_interference(const struct heal_world *world, struct heal_symptoms *symptoms) {
    float limit = world->threshold[HEAL_METRIC_SNR_DROP];
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        bool harmed = is_drowned(world, port) || (heal_link_is_judged(world, port) && suffers(world, port));
        if (!harmed || !heal_link_is_jammed(world, port))
            continue;
        struct heal_symptom *symptom = heal_link_symptom(
            world, port, symptoms, HEAL_INTERFERENCE, heal_confidence(0.8f, port->vitals.snr_drop_db, limit));
        struct heal_evidence *drop = heal_symptom_evidence(symptom, "signal-to-noise ratio, fallen by", "dB",
                                                           port->vitals.snr_drop_db, 0);
        heal_evidence_threshold(heal_evidence_track(drop, HEAL_TRACK_SNR_DROP), limit);
        heal_evidence_track(
            heal_symptom_evidence(symptom, "noise floor, risen by", "dB", port->vitals.noise_rise_db, 0),
            HEAL_TRACK_NOISE_RISE);
        if (port->vitals.has_snr)
            heal_symptom_evidence(symptom, "noise floor", "dBm", port->vitals.noise_dbm, 0);
        heal_link_evidence_loss(world, port, symptom, HEAL_IN);
        heal_link_evidence_loss(world, port, symptom, HEAL_OUT);
    }
}
