/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* mtu-blackhole: small packets pass, full-size ones vanish without a word (RFC 2923, 2.1). Hellos, pings and
 * handshakes look perfect; transfers hang. */
#include "analyze/detector.h"
#include "analyze/link_findings.h"

static void add_evidence(const struct heal_port *port, struct heal_symptom *symptom,
                         enum heal_direction direction) {
    const struct heal_flow *flow = &port->vitals.flow[direction];
    const uint32_t *sent = flow->window.sent;
    bool in = direction == HEAL_IN;
    struct heal_evidence *full =
        heal_symptom_evidence(symptom, in ? "loss, incoming, full-size" : "loss, outgoing, full-size",
                              "share", flow->full, sent[HEAL_PROBE_FULL]);
    heal_evidence_track(full, in ? HEAL_TRACK_FULL_IN : HEAL_TRACK_FULL_OUT);
    struct heal_evidence *small =
        heal_symptom_evidence(symptom, in ? "loss, incoming, small" : "loss, outgoing, small", "share",
                              flow->small, sent[HEAL_PROBE_SMALL]);
    heal_evidence_track(small, in ? HEAL_TRACK_SMALL_IN : HEAL_TRACK_SMALL_OUT);
}

void heal_detect_mtu_blackhole(const struct heal_world *world, struct heal_symptoms *symptoms) {
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        if (!heal_link_is_judged(world, port))
            continue;
        bool in = heal_link_has_hole(port, HEAL_IN), out = heal_link_has_hole(port, HEAL_OUT);
        if (!in && !out)
            continue;
        struct heal_symptom *symptom = heal_link_symptom(world, port, symptoms, HEAL_MTU_BLACKHOLE, 0.97f);
        if (in)
            add_evidence(port, symptom, HEAL_IN);
        if (out)
            add_evidence(port, symptom, HEAL_OUT);
        heal_symptom_evidence(symptom, "MTU of the interface", "bytes", (float)port->mtu, 0);
    }
}
