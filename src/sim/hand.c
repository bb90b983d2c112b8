/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/hand.h"

#include "model/rib.h"
#include "sim/air.h"
#include "sim/shell.h"

static const heal_us restart_takes_us = 500 * HEAL_US_PER_MS;
/* rtm_protocol of what ip(8) adds, and a metric below heald's. */
enum { PROTOCOL_BOOT = 3, METRIC_BY_HAND = 100 };

static void forget_by_hand(struct heal_sim *sim, unsigned node, struct heal_sim_way *way) {
    if (way->hand >= 0)
        heal_shell_fib(sim, node, way->to, way->hand, PROTOCOL_BOOT, METRIC_BY_HAND, false);
    way->hand = -1;
}

static void forget_detour(struct heal_sim *sim, unsigned node, struct heal_sim_way *way) {
    if (way->detour >= 0)
        heal_shell_fib(sim, node, way->to, way->detour, HEAL_ROUTE_PROTOCOL, way->detour_metric, false);
    way->detour = -1;
}

static void forget_daemons(struct heal_sim *sim, unsigned node, struct heal_sim_way *way) {
    if (way->kernel && way->babel >= 0)
        heal_shell_fib(sim, node, way->to, way->babel, HEAL_BABEL_PROTOCOL, HEAL_SIM_BABEL_METRIC, false);
    way->kernel = false;
}

void heal_hand_add_route(struct heal_sim *sim, unsigned node, unsigned to, const struct heal_sim_port *port) {
    struct heal_sim_way *way = heal_sim_way(sim, node, to);
    if (!way)
        return;
    forget_by_hand(sim, node, way);
    way->hand = (int)(port - sim->node[node].port);
    heal_shell_fib(sim, node, to, way->hand, PROTOCOL_BOOT, METRIC_BY_HAND, true);
}

void heal_hand_delete_route(struct heal_sim *sim, unsigned node, unsigned to) {
    struct heal_sim_way *way = heal_sim_way(sim, node, to);
    if (way && way->hand >= 0)
        forget_by_hand(sim, node, way);
    else if (way)
        forget_daemons(sim, node, way);
}

void heal_hand_delete_detours(struct heal_sim *sim, unsigned index) {
    for (unsigned i = 0; i < sim->node[index].ways; i++)
        forget_detour(sim, index, &sim->node[index].way[i]);
}

void heal_hand_set_mtu(struct heal_sim *sim, struct heal_sim_port *port, uint32_t mtu) {
    heal_air_reckon(sim, &sim->link[port->link]);
    port->mtu = port->mtu_by_hand = mtu;
}

void heal_hand_set_cost(struct heal_sim *sim, struct heal_sim_port *port, uint16_t more) {
    port->cost_add = 0;
    port->cost_by_hand = more;
    sim->routes_dirty = true;
}

/* The kernel drops what goes through an interface that goes down. */
static void forget_port(struct heal_sim *sim, unsigned index, struct heal_sim_port *port) {
    struct heal_sim_node *node = &sim->node[index];
    int here = (int)(port - node->port);
    port->babel_up = false;
    sim->routes_dirty = true;
    for (unsigned i = 0; i < node->ways; i++) {
        struct heal_sim_way *way = &node->way[i];
        if (way->hand == here)
            forget_by_hand(sim, index, way);
        if (way->detour == here)
            forget_detour(sim, index, way);
        if (way->babel == here)
            forget_daemons(sim, index, way);
    }
}

void heal_hand_take_down(struct heal_sim *sim, unsigned index, struct heal_sim_port *port) {
    heal_sim_disturb(sim, port->link);
    port->down = true;
    forget_port(sim, index, port);
}

void heal_hand_bounce(struct heal_sim *sim, unsigned index, struct heal_sim_port *port, heal_us span) {
    heal_sim_disturb(sim, port->link);
    port->down = false;
    port->bounced_until = sim->now + span;
    forget_port(sim, index, port);
}

void heal_hand_bring_up(struct heal_sim *sim, struct heal_sim_port *port) {
    heal_sim_disturb(sim, port->link);
    port->down = false;
}

void heal_hand_restart(struct heal_sim *sim, struct heal_sim_service *service) {
    service->running = false;
    service->back_at = sim->now + restart_takes_us;
}
