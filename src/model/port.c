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

static const enum heal_quantity quantity_of[HEAL_FEATURES] = {
    [HEAL_FEATURE_RSSI] = HEAL_QUANTITY_RSSI,   [HEAL_FEATURE_SNR] = HEAL_QUANTITY_SNR,
    [HEAL_FEATURE_LOSS] = HEAL_QUANTITY_LOSS,   [HEAL_FEATURE_LINK_AGE] = HEAL_QUANTITIES,
    [HEAL_FEATURE_LATENCY] = HEAL_QUANTITY_RTT, [HEAL_FEATURE_THROUGHPUT] = HEAL_QUANTITY_THROUGHPUT,
    [HEAL_FEATURE_CPU] = HEAL_QUANTITIES,       [HEAL_FEATURE_MEMORY] = HEAL_QUANTITIES,
};

struct heal_features heal_port_normal(const struct heal_port *port) {
    struct heal_features normal = {.valid = 0};
    for (int i = 0; i < HEAL_FEATURES; i++) {
        enum heal_quantity quantity = quantity_of[i];
        if (quantity == HEAL_QUANTITIES || !heal_baseline_is_warm(&port->normal[quantity]))
            continue;
        normal.value[i] = port->normal[quantity].middle;
        normal.valid |= (uint8_t)(1u << i);
    }
    return normal;
}
