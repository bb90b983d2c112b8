/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* not-forwarding: a node takes part in the routing, its links are fine, and what is sent through it does not
 * come out: forwarding is off, or a stray route swallows a destination. A node sees both in itself; its
 * neighbours see it by the probes that they route through it. */
#include "analyze/detector.h"
#include "analyze/link_findings.h"

static const float switch_off_s = 0.3f; /* a daemon that restarts may switch it off and on again */
/* One bad window may be a link beyond the neighbour that has died and is not yet known to have. */
enum { TRANSIT_SAMPLES_MIN = 3, TRANSIT_WINDOWS = 2 };

static void look_at_self(const struct heal_world *world, struct heal_symptoms *symptoms) {
    struct heal_element self = {.kind = HEAL_ELEMENT_NODE, .node = world->id};
    float off_s = heal_world_seconds_since(world, world->forwarding_off_since);
    float drops_s = heal_world_seconds_since(world, world->drops_since);
    bool off = world->forwarding_off_since != 0 && off_s >= switch_off_s && world->ports >= 2;
    bool drops = world->drops_since != 0 && drops_s >= switch_off_s;
    if (!off && !drops)
        return;
    struct heal_symptom *symptom = heal_symptoms_add(symptoms, HEAL_NOT_FORWARDING, &self, 0.97f,
                                                     off ? world->forwarding_off_since : world->drops_since);
    if (off)
        heal_symptom_evidence(symptom, "forwarding has been off for", "s", off_s, 0);
    if (drops)
        heal_symptom_evidence(symptom, "a stray route has dropped traffic for", "s", drops_s, 0);
}

/* All that is sent through the neighbour vanishes, though both of its links are heard. */
static void look_at_neighbour(const struct heal_world *world, const struct heal_port *port,
                              struct heal_symptoms *symptoms) {
    float worst = 2, limit = world->threshold[HEAL_METRIC_TRANSIT_LOSS];
    uint32_t samples = 0, windows = UINT8_MAX;
    for (size_t i = 0; i < HEAL_TRANSITS_MAX; i++) {
        const struct heal_transit *transit = &port->transit[i];
        if (transit->target == 0 || transit->loss < 0)
            continue;
        windows = transit->bad_windows < windows ? transit->bad_windows : windows;
        worst = transit->loss < worst ? transit->loss : worst;
        samples += transit->samples;
    }
    /* `worst` is the least of them: it is the neighbour only if all ways through it are closed. */
    if (samples < TRANSIT_SAMPLES_MIN || worst > 1 || windows < TRANSIT_WINDOWS)
        return;
    struct heal_element element = {.kind = HEAL_ELEMENT_NODE, .node = port->neighbour, .port = port->key};
    struct heal_symptom *symptom =
        heal_symptoms_add(symptoms, HEAL_NOT_FORWARDING, &element, heal_confidence(0.75f, worst, limit),
                          world->now > 4 * HEAL_US_PER_S ? world->now - 4 * HEAL_US_PER_S : 0);
    struct heal_evidence *loss =
        heal_symptom_evidence(symptom, "loss of probes routed through it", "share", worst, samples);
    heal_evidence_threshold(heal_evidence_track(loss, HEAL_TRACK_TRANSIT_LOSS), limit);
}

void heal_detect_not_forwarding(const struct heal_world *world, struct heal_symptoms *symptoms) {
    look_at_self(world, symptoms);
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        bool fine = port->known && port->neighbour != 0 && port->examined_since == 0 &&
                    heal_port_hears(port, world->threshold[HEAL_METRIC_SILENCE]) &&
                    heal_port_peer_is_fresh(port, world->now, 3 * HEAL_US_PER_S);
        if (fine)
            look_at_neighbour(world, port, symptoms);
    }
}
