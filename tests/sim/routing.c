/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/routing.h"

#include "sim/shell.h"

#include <string.h>

static const heal_us hello_us = HEAL_US_PER_S, lost_after_us = 4 * HEAL_US_PER_S;
static const heal_us settle_us = 500 * HEAL_US_PER_MS;
enum { COST = 96 };

static void take_hellos(struct sim_mesh *mesh) {
    if (mesh->now % hello_us != 0)
        return;
    for (int i = 0; i < mesh->nodes; i++)
        for (int j = 0; j < mesh->node[i].ports; j++) {
            struct sim_port *port = &mesh->node[i].port[j];
            bool runs = mesh->node[port->peer].service[1].running;
            if (runs && !port->quarantined && sim_shell_passes(mesh, port, port->peer))
                port->heard = mesh->now;
            bool up = mesh->link[port->link].carrier && mesh->now - port->heard < lost_after_us;
            mesh->routes_dirty = mesh->routes_dirty || up != port->babel_up;
            port->babel_up = up;
        }
}

static uint32_t cost_of(const struct sim_mesh *mesh, int node, int index) {
    const struct sim_port *port = &mesh->node[node].port[index];
    const struct sim_node *peer = &mesh->node[port->peer];
    for (int i = 0; i < peer->ports; i++)
        if (peer->port[i].link == port->link)
            return port->babel_up && peer->port[i].babel_up
                       ? (uint32_t)(COST + port->cost_add + peer->port[i].cost_add)
                       : UINT16_MAX;
    return UINT16_MAX;
}

/* Bellman and Ford, until nothing changes. */
static void find_ways(struct sim_mesh *mesh, int to) {
    for (int i = 0; i < mesh->nodes; i++) {
        mesh->node[i].metric[to] = i == to ? 0 : UINT16_MAX;
        mesh->node[i].babel[to] = -1;
    }
    bool changed = true;
    for (int pass = 0; changed && pass < mesh->nodes; pass++) {
        changed = false;
        for (int i = 0; i < mesh->nodes; i++)
            for (int j = 0; i != to && j < mesh->node[i].ports; j++) {
                uint32_t beyond = mesh->node[mesh->node[i].port[j].peer].metric[to];
                uint32_t metric = beyond + cost_of(mesh, i, j);
                if (metric >= UINT16_MAX || metric >= mesh->node[i].metric[to])
                    continue;
                mesh->node[i].metric[to] = metric;
                mesh->node[i].babel[to] = j;
                changed = true;
            }
    }
}

static void change_kernel(struct sim_mesh *mesh, int node, int to, int before) {
    struct sim_node *n = &mesh->node[node];
    if (before == n->babel[to])
        return;
    bool new_route = n->babel[to] >= 0;
    if (before >= 0 && n->kernel[to])
        sim_shell_fib(mesh, node, to, before, 42, 1024, false);
    n->kernel[to] = new_route;
    if (new_route)
        sim_shell_fib(mesh, node, to, n->babel[to], 42, 1024, true);
}

void sim_routing_run(struct sim_mesh *mesh) {
    take_hellos(mesh);
    if (mesh->routes_dirty && mesh->routes_at == 0)
        mesh->routes_at = mesh->now + settle_us;
    if (mesh->routes_at == 0 || mesh->now < mesh->routes_at)
        return;
    mesh->routes_dirty = false;
    mesh->routes_at = 0;
    int before[SIM_NODES_MAX][SIM_NODES_MAX];
    for (int i = 0; i < mesh->nodes; i++)
        memcpy(before[i], mesh->node[i].babel, sizeof before[i]);
    for (int to = 0; to < mesh->nodes; to++)
        find_ways(mesh, to);
    for (int i = 0; i < mesh->nodes; i++) {
        sim_routing_report(mesh, i);
        for (int to = 0; to < mesh->nodes; to++)
            change_kernel(mesh, i, to, before[i][to]);
    }
}

static void report_route(struct sim_mesh *mesh, int node, int to, int via) {
    struct sim_node *n = &mesh->node[node];
    uint32_t beyond = mesh->node[n->port[via].peer].metric[to];
    uint32_t metric = beyond + cost_of(mesh, node, via);
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading = {.kind = HEAL_READING_ROUTE}};
    struct heal_reading_route *route = &event.reading.route;
    route->prefix = (struct heal_prefix){mesh->node[to].address, 128};
    route->via = n->port[via].key;
    route->present = metric < UINT16_MAX;
    route->installed = route->present && n->babel[to] == via;
    route->metric = (uint16_t)(metric < UINT16_MAX ? metric : UINT16_MAX);
    route->refmetric = (uint16_t)beyond;
    sim_shell_step(mesh, node, &event);
}

void sim_routing_report(struct sim_mesh *mesh, int node) {
    struct sim_node *n = &mesh->node[node];
    struct heal_event own = {.kind = HEAL_EVENT_READING, .reading = {.kind = HEAL_READING_ROUTE}};
    own.reading.route = (struct heal_reading_route){
        .prefix = {n->address, 128},
          .present = true, .installed = false
    };
    sim_shell_step(mesh, node, &own);
    for (int j = 0; j < n->ports; j++) {
        struct heal_event event = {.kind = HEAL_EVENT_READING, .reading = {.kind = HEAL_READING_NEIGHBOUR}};
        uint32_t cost = cost_of(mesh, node, j);
        event.reading.neighbour = (struct heal_reading_neighbour){.port = n->port[j].key,
                                                                  .present = n->port[j].babel_up,
                                                                  .reach = 0xffff,
                                                                  .rxcost = COST,
                                                                  .txcost = COST,
                                                                  .cost = (uint16_t)cost};
        sim_shell_step(mesh, node, &event);
        for (int to = 0; to < mesh->nodes; to++)
            if (to != node)
                report_route(mesh, node, to, j);
    }
}
