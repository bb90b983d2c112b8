/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/routing.h"

#include "model/rib.h"
#include "sim/air.h"
#include "sim/shell.h"
#include "sim/sim_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const heal_us hello_us = HEAL_US_PER_S, lost_after_us = 4 * HEAL_US_PER_S;
static const heal_us settle_us = 500 * HEAL_US_PER_MS;
enum { COST = 96, UNREACHABLE = UINT16_MAX, NEAR_HOPS = 2, NOT_TOLD = -2 };

/* Who has a way to a destination: a slice of `member`. */
struct slice {
    unsigned first, count;
};

struct heal_sim_routing {
    heal_us hello_at;
    unsigned *member;       /* nodes */
    struct slice *of;       /* by destination */
    uint32_t *metric;       /* scratch, by node: UNREACHABLE for all between uses */
    unsigned *queue;        /* scratch */
    unsigned char *waiting; /* scratch, by node: it is in the queue */
    unsigned *has_way;      /* scratch, by node: 1 + the destination last dealt with to which it has a way */
};

/* ---- who has a way to whom ---- */

static bool is_gateway(const struct heal_sim *sim, unsigned node) {
    return sim->nodes <= HEAL_SIM_ROUTED_MAX || node % (sim->nodes / HEAL_SIM_GATEWAYS) == 0;
}

/* All within reach of a destination, nearest first. @return how many; they are in the queue. */
static unsigned find_members(const struct heal_sim *sim, struct heal_sim_routing *routing, unsigned to) {
    unsigned *queue = routing->queue, count = 0, begun = 0,
             hops_most = is_gateway(sim, to) ? UINT32_MAX : NEAR_HOPS;
    queue[count++] = to;
    routing->metric[to] = 0;
    for (; begun < count; begun++) {
        unsigned hops = routing->metric[queue[begun]];
        const struct heal_sim_node *node = &sim->node[queue[begun]];
        for (unsigned i = 0; hops < hops_most && i < node->ports; i++) {
            unsigned peer = node->port[i].peer;
            if (routing->metric[peer] != UNREACHABLE)
                continue;
            routing->metric[peer] = hops + 1;
            queue[count++] = peer;
        }
    }
    for (unsigned i = 0; i < count; i++)
        routing->metric[queue[i]] = UNREACHABLE;
    return count;
}

static int add_way(struct heal_sim *sim, unsigned index, unsigned to, unsigned *room) {
    struct heal_sim_node *node = &sim->node[index];
    if (node->ways == room[index]) {
        unsigned more = room[index] ? room[index] * 2 : 16;
        struct heal_sim_way *larger = realloc(node->way, more * sizeof *larger);
        if (!larger)
            return -ENOMEM;
        node->way = larger;
        room[index] = more;
    }
    struct heal_sim_way *way = &node->way[node->ways++];
    *way = (struct heal_sim_way){.to = to, .babel = -1, .detour = -1, .hand = -1, .told_via = NOT_TOLD};
    way->told = calloc(2 * (size_t)node->ports + 1, sizeof *way->told);
    return way->told ? 0 : -ENOMEM;
}

/* @param room of each node's ways. */
static int make_ways(struct heal_sim *sim, struct heal_sim_routing *routing, unsigned *room) {
    size_t members = 0, members_room = 0;
    for (unsigned to = 0; to < sim->nodes; to++) {
        unsigned count = find_members(sim, routing, to);
        if (members + count > members_room) {
            members_room = 2 * (members + count);
            unsigned *larger = realloc(routing->member, members_room * sizeof *larger);
            if (!larger)
                return -ENOMEM;
            routing->member = larger;
        }
        memcpy(routing->member + members, routing->queue, count * sizeof *routing->queue);
        routing->of[to] = (struct slice){(unsigned)members, count};
        members += count;
        for (unsigned i = 0; i < count; i++) {
            int r = routing->queue[i] == to ? 0 : add_way(sim, routing->queue[i], to, room);
            if (r < 0)
                return r;
        }
    }
    return 0;
}

int heal_routing_new(struct heal_sim *sim) {
    struct heal_sim_routing *routing = calloc(1, sizeof *routing);
    sim->routing = routing;
    if (!routing)
        return -ENOMEM;
    routing->hello_at = hello_us * (sim->now / hello_us + 1);
    routing->of = calloc(sim->nodes, sizeof *routing->of);
    routing->metric = malloc(sim->nodes * sizeof *routing->metric);
    routing->queue = malloc(sim->nodes * sizeof *routing->queue);
    routing->waiting = calloc(sim->nodes, 1);
    routing->has_way = calloc(sim->nodes, sizeof *routing->has_way);
    if (!routing->of || !routing->metric || !routing->queue || !routing->waiting || !routing->has_way)
        return -ENOMEM;
    for (unsigned i = 0; i < sim->nodes; i++)
        routing->metric[i] = UNREACHABLE;
    unsigned *room = calloc(sim->nodes, sizeof *room);
    int r = room ? make_ways(sim, routing, room) : -ENOMEM;
    free(room);
    return r;
}

struct heal_sim_routing *heal_routing_free(struct heal_sim *sim) {
    struct heal_sim_routing *routing = sim->routing;
    for (unsigned i = 0; i < sim->nodes; i++)
        for (unsigned j = 0; j < sim->node[i].ways; j++)
            free(sim->node[i].way[j].told);
    for (unsigned i = 0; i < sim->nodes; i++)
        free(sim->node[i].way);
    if (!routing)
        return NULL;
    free(routing->member);
    free(routing->of);
    free(routing->metric);
    free(routing->queue);
    free(routing->waiting);
    free(routing->has_way);
    free(routing);
    return NULL;
}

/* ---- hellos ---- */

static bool routes(struct heal_sim *sim, unsigned index) {
    struct heal_sim_service *babeld = &sim->node[index].service[HEAL_SIM_BABELD];
    heal_shell_service(sim, babeld);
    return babeld->running && !sim->node[index].paused;
}

static void take_hellos(struct heal_sim *sim) {
    for (unsigned i = 0; i < sim->links; i++) {
        struct heal_sim_link *link = &sim->link[i];
        for (unsigned side = 0; side < 2; side++) {
            struct heal_sim_port *port = heal_air_port(sim, link, side);
            if (routes(sim, port->peer) && !port->quarantined && heal_air_passes(sim, link, !side, false))
                port->heard = sim->now;
            bool up =
                link->carrier && !heal_air_is_down(port, sim->now) && sim->now - port->heard < lost_after_us;
            sim->routes_dirty = sim->routes_dirty || up != port->babel_up;
            port->babel_up = up;
        }
    }
}

/* ---- the shortest ways ---- */

/* Than normal: babeld adds up what the two ends of a link say that it costs to reach them. */
static uint32_t costs_more(const struct heal_sim_port *port) {
    return (uint32_t)port->cost_add + port->cost_by_hand;
}

static uint32_t cost_of(const struct heal_sim *sim, const struct heal_sim_port *port) {
    const struct heal_sim_port *other = heal_air_port(sim, &sim->link[port->link], !port->side);
    bool up = port->babel_up && other->babel_up;
    return up ? (uint32_t)COST + costs_more(port) + costs_more(other) : UNREACHABLE;
}

/* Bellman, Ford and Moore: from the destination outwards, each node again when it got nearer. */
static void spread(const struct heal_sim *sim, struct heal_sim_routing *routing, unsigned to) {
    unsigned first = 0, waiting = 1, room = sim->nodes;
    routing->metric[to] = 0;
    routing->queue[0] = to;
    while (waiting > 0) {
        unsigned index = routing->queue[first];
        const struct heal_sim_node *node = &sim->node[index];
        first = (first + 1) % room;
        waiting--;
        routing->waiting[index] = 0;
        for (unsigned i = 0; i < node->ports; i++) {
            unsigned peer = node->port[i].peer;
            uint32_t metric = routing->metric[index] + node->port[i].cost;
            if (metric >= routing->metric[peer] || routing->has_way[peer] != to + 1)
                continue;
            routing->metric[peer] = metric;
            if (routing->waiting[peer])
                continue;
            routing->queue[(first + waiting++) % room] = peer;
            routing->waiting[peer] = 1;
        }
    }
}

static void tell_route(struct heal_sim *sim, unsigned index, struct heal_sim_way *way, unsigned port,
                       uint32_t beyond) {
    const struct heal_sim_node *node = &sim->node[index];
    uint32_t metric = beyond + node->port[port].cost;
    metric = metric < UNREACHABLE ? metric : UNREACHABLE;
    bool installed = way->babel == (int)port, was_installed = way->told_via == (int)port;
    uint32_t *told = &way->told[(size_t)2 * port];
    bool news =
        way->told_via == NOT_TOLD || installed != was_installed || told[0] != metric || told[1] != beyond;
    if (!news)
        return;
    told[0] = metric;
    told[1] = beyond;
    struct heal_event event;
    event.kind = HEAL_EVENT_READING;
    event.reading = (struct heal_reading){
        .kind = HEAL_READING_ROUTE,
        .route = {.prefix = {heal_sim_address(way->to), 128},
                  .via = node->port[port].key,
                  .present = metric < UNREACHABLE,
                  .installed = metric < UNREACHABLE && installed,
                  .metric = (uint16_t)metric,
                  .refmetric = (uint16_t)beyond}
    };
    heal_agenda_post(&sim->agenda, sim->now, index, &event);
}

static void change_kernel(struct heal_sim *sim, unsigned index, struct heal_sim_way *way, int before) {
    if (before == way->babel)
        return;
    if (before >= 0 && way->kernel)
        heal_shell_fib(sim, index, way->to, before, HEAL_BABEL_PROTOCOL, HEAL_SIM_BABEL_METRIC, false);
    way->kernel = way->babel >= 0;
    if (way->kernel)
        heal_shell_fib(sim, index, way->to, way->babel, HEAL_BABEL_PROTOCOL, HEAL_SIM_BABEL_METRIC, true);
}

/* What a node makes of the metrics around it. */
static void choose(struct heal_sim *sim, struct heal_sim_routing *routing, unsigned index, unsigned to) {
    const struct heal_sim_node *node = &sim->node[index];
    struct heal_sim_way *way = heal_sim_way(sim, index, to);
    int before = way->babel;
    way->metric = UNREACHABLE;
    way->babel = -1;
    for (unsigned i = 0; i < node->ports; i++) {
        uint32_t metric = routing->metric[node->port[i].peer] + node->port[i].cost;
        if (metric >= UNREACHABLE || metric >= way->metric)
            continue;
        way->metric = metric;
        way->babel = (int)i;
    }
    for (unsigned i = 0; i < node->ports; i++)
        tell_route(sim, index, way, i, routing->metric[node->port[i].peer]);
    way->told_via = way->babel;
    change_kernel(sim, index, way, before);
}

static void tell_neighbours(struct heal_sim *sim, unsigned index) {
    struct heal_sim_node *node = &sim->node[index];
    struct heal_event event;
    event.kind = HEAL_EVENT_READING;
    if (!node->told_itself) {
        event.reading = (struct heal_reading){
            .kind = HEAL_READING_ROUTE, .route = {.prefix = {heal_sim_address(index), 128}, .present = true}
        };
        heal_agenda_post(&sim->agenda, sim->now, index, &event);
    }
    node->told_itself = true;
    for (unsigned i = 0; i < node->ports; i++) {
        struct heal_sim_port *port = &node->port[i];
        const struct heal_sim_port *other = heal_air_port(sim, &sim->link[port->link], !port->side);
        port->cost = cost_of(sim, port);
        int news = port->babel_up ? (int)port->cost : UNREACHABLE + 1;
        if (port->told_cost == news)
            continue;
        port->told_cost = news;
        event.reading = (struct heal_reading){
            .kind = HEAL_READING_NEIGHBOUR,
            .neighbour = {.port = port->key,
                          .present = port->babel_up,
                          .reach = 0xffff,
                          .rxcost = (uint16_t)(COST + costs_more(port)),
                          .txcost = (uint16_t)(COST + costs_more(other)),
                          .cost = (uint16_t)port->cost}
        };
        heal_agenda_post(&sim->agenda, sim->now, index, &event);
    }
}

static void find_ways(struct heal_sim *sim) {
    struct heal_sim_routing *routing = sim->routing;
    for (unsigned i = 0; i < sim->nodes; i++)
        tell_neighbours(sim, i);
    for (unsigned to = 0; to < sim->nodes; to++) {
        const unsigned *member = routing->member + routing->of[to].first;
        unsigned count = routing->of[to].count;
        for (unsigned i = 0; i < count; i++)
            routing->has_way[member[i]] = to + 1;
        spread(sim, routing, to);
        for (unsigned i = 0; i < count; i++)
            if (member[i] != to)
                choose(sim, routing, member[i], to);
        for (unsigned i = 0; i < count; i++)
            routing->metric[member[i]] = UNREACHABLE;
    }
}

heal_us heal_routing_next(const struct heal_sim *sim) {
    heal_us hello_at = sim->routing->hello_at, routes_at = sim->routes_at;
    if (sim->routes_dirty && routes_at == 0)
        return sim->now;
    return routes_at != 0 && routes_at < hello_at ? routes_at : hello_at;
}

void heal_routing_run(struct heal_sim *sim) {
    struct heal_sim_routing *routing = sim->routing;
    if (sim->now >= routing->hello_at) {
        routing->hello_at += hello_us;
        take_hellos(sim);
    }
    if (sim->routes_dirty && sim->routes_at == 0)
        sim->routes_at = sim->now + settle_us;
    if (sim->routes_at == 0 || sim->now < sim->routes_at)
        return;
    sim->routes_dirty = false;
    sim->routes_at = 0;
    find_ways(sim);
}
