/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/carry.h"

#include "model/rib.h"
#include "sim/air.h"
#include "sim/hand.h"
#include "sim/shell.h"
#include "sim/sim_state.h"

#include <errno.h>
#include <string.h>

static const heal_us bounce_takes_us = HEAL_US_PER_S;
static const heal_us message_takes_us = 2 * HEAL_US_PER_MS, act_takes_us = 5 * HEAL_US_PER_MS;

static struct heal_sim_port *port_of(struct heal_sim_node *node, const struct heal_port_key *key) {
    for (unsigned i = 0; i < node->ports; i++)
        if (heal_port_key_equal(&node->port[i].key, key))
            return &node->port[i];
    return NULL;
}

static struct heal_sim_port *port_named(struct heal_sim_node *node, const char *ifname) {
    for (unsigned i = 0; i < node->ports; i++)
        if (strcmp(node->port[i].key.ifname, ifname) == 0)
            return &node->port[i];
    return NULL;
}

static struct heal_sim_service *service_named(struct heal_sim_node *node, const char *name) {
    for (unsigned i = 0; i < HEAL_SIM_SERVICES; i++)
        if (strcmp(node->service[i].name, name) == 0)
            return &node->service[i];
    return NULL;
}

static void send(struct heal_sim *sim, unsigned index, struct heal_command *command) {
    struct heal_sim_port *port = port_of(&sim->node[index], &command->message.port);
    if (!port || !heal_air_passes(sim, &sim->link[port->link], port->side, false))
        return;
    const struct heal_sim_link *link = &sim->link[port->link];
    command->message.port = heal_air_port(sim, link, !port->side)->key;
    heal_agenda_send(&sim->agenda, sim->now + message_takes_us, port->peer, &command->message);
}

static heal_us sooner(heal_us a, heal_us b) {
    return a < b ? a : b;
}

static void pace(struct heal_sim *sim, unsigned index, const struct heal_command_pace *order) {
    struct heal_sim_port *port = port_of(&sim->node[index], &order->port);
    if (!port)
        return;
    heal_air_reckon(sim, &sim->link[port->link]);
    port->pace = *order;
    const uint16_t interval_ms[HEAL_PROBE_SIZES] = {order->small_interval_ms, order->full_interval_ms};
    for (unsigned size = 0; size < HEAL_PROBE_SIZES; size++)
        port->probe_at[size] = sooner(port->probe_at[size], sim->now + interval_ms[size] * HEAL_US_PER_MS);
}

/* The place of a node that is probed already, else a free one. */
static struct heal_sim_transit *transit_of(struct heal_sim_port *port, heal_node_id target) {
    struct heal_sim_transit *place = NULL;
    for (unsigned i = 0; i < HEAL_SIM_TRANSITS; i++) {
        struct heal_sim_transit *transit = &port->transit[i];
        if (transit->order.interval_ms != 0 && transit->order.target_node == target)
            return transit;
        if (transit->order.interval_ms == 0 && !place)
            place = transit;
    }
    return place;
}

static void probe_beyond(struct heal_sim *sim, unsigned index, const struct heal_command_transit *order) {
    struct heal_sim_port *port = port_of(&sim->node[index], &order->via);
    struct heal_sim_transit *transit = port ? transit_of(port, order->target_node) : NULL;
    if (!transit)
        return;
    transit->order = *order;
    transit->probe_at = sim->now + order->interval_ms * HEAL_US_PER_MS;
}

static int change_route(struct heal_sim *sim, unsigned index, const struct heal_command *command) {
    const struct heal_command_route *route = &command->route;
    struct heal_sim_node *node = &sim->node[index];
    const struct heal_sim_port *port = port_of(node, &route->via);
    unsigned to = heal_sim_node_at(&route->prefix.address);
    struct heal_sim_way *way = heal_sim_way(sim, index, to);
    if (!port || !way)
        return -ENOENT;
    bool add = command->kind == HEAL_COMMAND_ROUTE_ADD;
    int via = (int)(port - node->port);
    if (!add && way->detour != via)
        return 0;
    way->detour = add ? via : -1;
    way->detour_metric = route->metric;
    heal_shell_fib(sim, index, to, via, HEAL_ROUTE_PROTOCOL, route->metric, add);
    return 0;
}

static int change_cost(struct heal_sim *sim, unsigned index, const struct heal_command *command) {
    struct heal_sim_port *port = port_named(&sim->node[index], command->link.ifname);
    if (!port)
        return -ENODEV;
    if (command->link.value == HEAL_COST_FORGET)
        return 0;
    port->cost_add = (uint16_t)command->link.value;
    port->cost_by_hand = 0; /* the interface is flushed, and given back as heald knows it */
    sim->routes_dirty = true;
    return 0;
}

static int change_mtu(struct heal_sim *sim, unsigned index, const struct heal_command *command) {
    struct heal_sim_port *port = port_named(&sim->node[index], command->link.ifname);
    if (!port)
        return -ENODEV;
    heal_air_reckon(sim, &sim->link[port->link]);
    if (command->link.only_from == 0 || command->link.only_from == port->mtu)
        port->mtu = command->link.value;
    return 0;
}

static int bounce(struct heal_sim *sim, unsigned index, const struct heal_command *command) {
    struct heal_sim_node *node = &sim->node[index];
    struct heal_sim_port *port = port_named(node, command->link.ifname);
    if (!port)
        return -ENODEV;
    heal_hand_bounce(sim, index, port, bounce_takes_us);
    if (node->bounce_cures)
        heal_sim_mend(sim, port->link);
    struct heal_sim_link *link = heal_sim_disturb(sim, port->link);
    for (unsigned side = 0; node->bounce_hurts && side < 2; side++) {
        link->direction[side].loss = 1 - (1 - link->direction[side].loss) / 2;
        link->direction[side].loss_full = 1 - (1 - link->direction[side].loss_full) / 2;
    }
    return 0;
}

static int restart(struct heal_sim *sim, unsigned index, const struct heal_command *command) {
    struct heal_sim_service *service = service_named(&sim->node[index], command->service.name);
    if (!service)
        return -ENOENT;
    heal_hand_restart(sim, service);
    return 0;
}

static int shed(struct heal_sim *sim, unsigned index, const struct heal_command *command) {
    struct heal_sim_service *service = service_named(&sim->node[index], command->service.name);
    if (!service)
        return -ENOENT;
    service->shed = (double)command->service.share;
    return 0;
}

static int quarantine(struct heal_sim *sim, unsigned index, const struct heal_command *command) {
    struct heal_sim_port *port = port_of(&sim->node[index], &command->quarantine.port);
    if (!port)
        return -ENODEV;
    port->quarantined = command->quarantine.on;
    return 0;
}

static int forward(struct heal_sim *sim, unsigned index, const struct heal_command *command) {
    (void)command;
    sim->node[index].forwarding = true;
    return 0;
}

static int refresh_routes(struct heal_sim *sim, unsigned index, const struct heal_command *command) {
    (void)command;
    struct heal_sim_node *node = &sim->node[index];
    for (unsigned i = 0; i < node->ways; i++) {
        struct heal_sim_way *way = &node->way[i];
        if (way->babel < 0 || way->kernel)
            continue;
        way->kernel = true;
        heal_shell_fib(sim, index, way->to, way->babel, HEAL_BABEL_PROTOCOL, HEAL_SIM_BABEL_METRIC, true);
    }
    return 0;
}

/* Of all that can be tuned a simulated node has its gateway mode. */
static int tune(struct heal_sim *sim, unsigned index, const struct heal_command *command) {
    struct heal_sim_node *node = &sim->node[index];
    if (command->tune.what != HEAL_TUNE_GATEWAY || !node->gateway)
        return -ENOTSUP;
    if (node->gateway_mode == command->tune.from)
        node->gateway_mode = (enum heal_gateway_mode)command->tune.value;
    return 0;
}

/* What changes the world; NULL: a simulated node has no such thing. */
static int (*const act[HEAL_COMMAND_KINDS])(struct heal_sim *, unsigned, const struct heal_command *) = {
    [HEAL_COMMAND_ROUTE_ADD] = change_route,
    [HEAL_COMMAND_ROUTE_DELETE] = change_route,
    [HEAL_COMMAND_LINK_COST] = change_cost,
    [HEAL_COMMAND_LINK_MTU] = change_mtu,
    [HEAL_COMMAND_LINK_BOUNCE] = bounce,
    [HEAL_COMMAND_SERVICE_RESTART] = restart,
    [HEAL_COMMAND_SERVICE_SHED] = shed,
    [HEAL_COMMAND_QUARANTINE] = quarantine,
    [HEAL_COMMAND_FORWARDING] = forward,
    [HEAL_COMMAND_ROUTES_REFRESH] = refresh_routes,
    [HEAL_COMMAND_TUNE] = tune,
};

static void answer(struct heal_sim *sim, unsigned index, const struct heal_command *command, int code) {
    struct heal_event event;
    event.kind = HEAL_EVENT_RESULT;
    event.result = (struct heal_event_result){.ticket = command->ticket, .code = code};
    heal_us takes = command->kind == HEAL_COMMAND_LINK_BOUNCE ? bounce_takes_us : act_takes_us;
    heal_agenda_post(&sim->agenda, sim->now + takes, index, &event);
}

void heal_carry_out(struct heal_sim *sim, unsigned index, struct heal_command *command) {
    int r = 0;
    if (command->kind == HEAL_COMMAND_SEND)
        send(sim, index, command);
    else if (command->kind == HEAL_COMMAND_PACE)
        pace(sim, index, &command->pace);
    else if (command->kind == HEAL_COMMAND_TRANSIT)
        probe_beyond(sim, index, &command->transit);
    else if (command->kind != HEAL_COMMAND_STORE)
        sim->node[index].acts[command->kind]++;
    if (heal_command_is_act(command->kind) && sim->ear.acts)
        sim->ear.acts(sim->ear.context, index, command);
    if (act[command->kind])
        r = act[command->kind](sim, index, command);
    else if (heal_command_is_act(command->kind))
        r = -ENOTSUP;
    if (command->ticket != 0)
        answer(sim, index, command, r);
}
