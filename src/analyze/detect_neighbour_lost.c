/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* neighbour-lost: nothing comes in any more. Whether the neighbour itself or only the link is gone is for its
 * other neighbours to say; both are routed around. */
#include "analyze/detector.h"
#include "analyze/link_findings.h"

/* How many of the common acquaintances no longer hear the neighbour, and how many there are. */
static void ask_others(const struct heal_world *world, const struct heal_port *lost, unsigned *ret_deaf,
                       unsigned *ret_asked) {
    *ret_deaf = *ret_asked = 0;
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        if (port == lost || !heal_port_peer_is_fresh(port, world->now, 3 * HEAL_US_PER_S))
            continue;
        for (size_t j = 0; j < port->peer.neighbours; j++) {
            const struct heal_neighbour_state *state = &port->peer.neighbour[j];
            if (lost->neighbour == 0 || state->node != lost->neighbour)
                continue;
            ++*ret_asked;
            *ret_deaf += !state->alive;
        }
    }
}

void heal_detect_neighbour_lost(const struct heal_world *world, struct heal_symptoms *symptoms) {
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        if (!heal_link_is_silent(world, port) || heal_link_flaps(world, port))
            continue;
        struct heal_symptom *symptom = heal_link_symptom(world, port, symptoms, HEAL_NEIGHBOUR_LOST, 0.95f);
        struct heal_evidence *silence =
            heal_symptom_evidence(symptom, "silence, incoming", "s", port->vitals.flow[HEAL_IN].silence_s, 0);
        heal_evidence_threshold(heal_evidence_track(silence, HEAL_TRACK_SILENCE_IN),
                                world->threshold[HEAL_METRIC_SILENCE]);
        if (!port->up || !port->carrier)
            heal_symptom_evidence(symptom, "carrier of the interface", "", 0, 0);
        unsigned deaf, asked;
        ask_others(world, port, &deaf, &asked);
        if (asked > 0)
            heal_symptom_evidence(symptom, "others that have lost it, too", "", (float)deaf, asked);
    }
}
