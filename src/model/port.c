/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "model/port.h"

bool heal_port_hears(const struct heal_port *port, float silence_s) {
    float silence = port->vitals.flow[HEAL_IN].silence_s;
    return port->up && port->carrier && silence >= 0 && silence < silence_s;
}

bool heal_port_peer_is_fresh(const struct heal_port *port, heal_us now, heal_us span) {
    return port->peer_at != 0 && now - port->peer_at <= span;
}

const struct heal_path *heal_port_path(const struct heal_port *port, const struct heal_prefix *destination) {
    for (size_t i = 0; i < port->paths; i++) {
        const struct heal_path *path = &port->path[i];
        if (heal_prefix_equal(&path->destination, destination))
            return path->metric == UINT16_MAX ? NULL : path;
    }
    return NULL;
}
