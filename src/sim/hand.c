/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/hand.h"

#include "model/rib.h"
#include "sim/air.h"
#include "sim/shell.h"
#include "sim/sim_state.h"

static const heal_us restart_takes_us = 500 * HEAL_US_PER_MS;
/* rtm_protocol of what ip(8) adds, and of what DHCP does; a metric below heald's. */
enum { PROTOCOL_BOOT = 3, PROTOCOL_DHCP = 16, METRIC_BY_HAND = 100 };

void heal_hand_pause(struct heal_sim *sim, unsigned index, bool paused) {
    struct heal_sim_node *node = &sim->node[index];
    for (unsigned i = 0; i < node->ports; i++)
        heal_air_reckon(sim, &sim->link[node->port[i].link]);
    node->paused = paused;
    if (paused)
        return;
    node->round_at = sim->now;
    heal_agenda_round(&sim->agenda, sim->now, index);
}

void heal_hand_say(struct heal_sim *sim, unsigned node, const struct heal_event_operator *said) {
    sim->event.kind = HEAL_EVENT_OPERATOR;
    sim->event.operator_ = *said;
    heal_shell_step(sim, node, &sim->event);
}

void heal_hand_uplink(struct heal_sim *sim, unsigned index, bool present) {
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading = {.kind = HEAL_READING_FIB}};
    event.reading.fib = (struct heal_reading_fib){.via = {.ifname = "wan"},
                                                  .type = HEAL_FIB_UNICAST,
                                                  .protocol = PROTOCOL_DHCP,
                                                  .metric = 100,
                                                  .present = present};
    heal_agenda_post(&sim->agenda, sim->now, index, &event);
}

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

void heal_hand_lose_routes(struct heal_sim *sim, unsigned index) {
    for (unsigned i = 0; i < sim->node[index].ways; i++)
        if (sim->node[index].way[i].babel >= 0)
            forget_daemons(sim, index, &sim->node[index].way[i]);
}

void heal_hand_blackhole(struct heal_sim *sim, unsigned index, unsigned to, bool present) {
    enum { METRIC = 0 }; /* as ip(8) has it */
    struct heal_sim_way *way = heal_sim_way(sim, index, to);
    if (!way || way->blackhole == present)
        return;
    way->blackhole = present;
    heal_shell_fib(sim, index, to, -1, PROTOCOL_BOOT, METRIC, present);
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
