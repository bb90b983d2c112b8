/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "engine/transit.h"

#include "model/output.h"

enum { TRANSIT_MS = 500 };

/* Is this node beyond the neighbour worth probing through it? Not over a link that is sick itself. */
static bool is_target(const struct heal_world *world, const struct heal_port *port,
                      const struct heal_neighbour_state *state) {
    return state->node != 0 && state->node != world->id && state->alive && !state->sick &&
           !heal_address_is_zero(&state->address) && port->peer_at != 0;
}

static bool is_wanted(const struct heal_world *world, const struct heal_port *port, heal_node_id node) {
    for (size_t i = 0; i < port->peer.neighbours; i++)
        if (port->peer.neighbour[i].node == node && is_target(world, port, &port->peer.neighbour[i]))
            return true;
    return false;
}

static bool is_probed(const struct heal_port *port, heal_node_id node) {
    for (size_t i = 0; i < HEAL_TRANSITS_MAX; i++)
        if (port->transit[i].target == node)
            return true;
    return false;
}

static void begin_transit(struct heal_world *world, struct heal_port *port, struct heal_transit *transit) {
    for (size_t i = 0; i < port->peer.neighbours; i++) {
        const struct heal_neighbour_state *state = &port->peer.neighbour[i];
        if (!is_target(world, port, state) || is_probed(port, state->node))
            continue;
        struct heal_transit begun = {
            .target = state->node, .address = state->address, .mark = world->now, .loss = -1};
        if (heal_output_transit(world, port, &begun, TRANSIT_MS))
            *transit = begun;
        return;
    }
}

void heal_transit_update(struct heal_world *world) {
    for (size_t i = 0; i < world->ports; i++) {
        struct heal_port *port = &world->port[i];
        for (size_t j = 0; port->known && j < HEAL_TRANSITS_MAX; j++) {
            struct heal_transit *transit = &port->transit[j];
            if (transit->target != 0 && !is_wanted(world, port, transit->target) &&
                heal_output_transit(world, port, transit, 0))
                *transit = (struct heal_transit){.loss = -1};
            if (transit->target == 0)
                begin_transit(world, port, transit);
        }
    }
}
