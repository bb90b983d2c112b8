/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "model/way.h"

#include <string.h>

static const heal_us paths_fresh_us = 15 * HEAL_US_PER_S;

struct heal_obstacle heal_obstacle_of(const struct heal_element *element) {
    return (struct heal_obstacle){.node = element->node,
                                  .other = element->kind == HEAL_ELEMENT_LINK ? element->other : 0};
}

static bool is_link(const struct heal_obstacle *obstacle, heal_node_id a, heal_node_id b) {
    return (a == obstacle->node && b == obstacle->other) || (a == obstacle->other && b == obstacle->node);
}

/* Does a path, entered from `from` through `first`, meet the obstacle before its end? */
static bool path_meets(heal_node_id from, heal_node_id first, const struct heal_path *path,
                       const struct heal_obstacle *obstacle) {
    heal_node_id before = from, here = first;
    size_t hops = path != NULL ? path->hops : 0;
    for (size_t i = 0;; i++) {
        if (obstacle->other != 0 && is_link(obstacle, before, here))
            return true;
        /* The sick node itself may be the destination: nothing leads around that. */
        if (obstacle->other == 0 && here == obstacle->node && i < hops)
            return true;
        if (i == hops)
            return false;
        before = here;
        here = path->hop[i];
    }
}

bool heal_way_meets(const struct heal_world *world, const struct heal_port *port,
                    const struct heal_prefix *destination, const struct heal_obstacle *obstacle) {
    return path_meets(world->id, port->neighbour, heal_port_path(port, destination), obstacle);
}

bool heal_way_path_meets(const struct heal_world *world, heal_node_id neighbour, const struct heal_path *rest,
                         const struct heal_obstacle *obstacle) {
    return path_meets(world->id, neighbour, rest, obstacle);
}

static bool comes_back(const struct heal_world *world, const struct heal_path *path) {
    for (size_t i = 0; i < path->hops; i++)
        if (path->hop[i] == world->id)
            return true;
    return false;
}

bool heal_way_returns(const struct heal_world *world, const struct heal_port *port,
                      const struct heal_prefix *destination) {
    const struct heal_path *path = heal_port_path(port, destination);
    return path != NULL && comes_back(world, path);
}

bool heal_way_is_echo(const struct heal_world *world, const struct heal_port *port,
                      const struct heal_prefix *destination) {
    const struct heal_path *path = heal_port_path(port, destination);
    return port->paths_at != 0 && (!path || comes_back(world, path));
}

static const struct heal_reading_route *route_through(const struct heal_world *world,
                                                      const struct heal_port *port,
                                                      const struct heal_prefix *destination) {
    for (size_t i = 0; i < world->rib.routes; i++) {
        const struct heal_reading_route *route = &world->rib.route[i];
        if (heal_prefix_equal(&route->prefix, destination) && heal_port_key_equal(&route->via, &port->key))
            return route;
    }
    return NULL;
}

bool heal_way_is_feasible(const struct heal_world *world, const struct heal_port *port,
                          const struct heal_prefix *destination) {
    const struct heal_reading_route *offered = route_through(world, port, destination);
    const struct heal_reading_route *used = heal_rib_installed(&world->rib, destination);
    return offered != NULL && used != NULL && offered->refmetric < used->metric &&
           offered->refmetric < UINT16_MAX;
}

bool heal_way_is_safe(const struct heal_world *world, const struct heal_port *port,
                      const struct heal_prefix *destination, const struct heal_obstacle *obstacle) {
    if (!port->known || !port->up || !port->carrier)
        return false;
    bool speaks = heal_port_peer_is_fresh(port, world->now, paths_fresh_us) && port->paths_at != 0;
    if (!speaks)
        return heal_way_is_feasible(world, port, destination) &&
               !heal_way_meets(world, port, destination, obstacle);
    /* What it has withdrawn, or no longer tells, proves nothing. */
    if (port->paths_superseded || world->now - port->paths_at > paths_fresh_us)
        return false;
    const struct heal_path *path = heal_port_path(port, destination);
    return path != NULL && !comes_back(world, path) &&
           !path_meets(world->id, port->neighbour, path, obstacle);
}

uint32_t heal_way_metric(const struct heal_world *world, const struct heal_port *port,
                         const struct heal_prefix *destination) {
    const struct heal_path *path = heal_port_path(port, destination);
    if (path)
        return (uint32_t)port->cost + path->metric;
    const struct heal_reading_route *route = route_through(world, port, destination);
    return route != NULL && route->refmetric < UINT16_MAX ? (uint32_t)port->cost + route->refmetric
                                                          : UINT32_MAX;
}

const struct heal_port *heal_way_of_kernel(const struct heal_world *world,
                                           const struct heal_prefix *destination) {
    const struct heal_reading_fib *fib = heal_rib_unicast(&world->rib, destination, NULL, 0);
    return fib != NULL ? heal_world_port_const(world, &fib->via) : NULL;
}

/* Until what is coming is there, packets go by the present way: who is on that must not send them here. */
static bool add_present(const struct heal_world *world, const struct heal_port *coming,
                        struct heal_path *path) {
    const struct heal_port *present = heal_way_of_kernel(world, &path->destination);
    if (!present || present == coming || present->neighbour == 0)
        return true;
    const struct heal_path *rest = heal_port_path(present, &path->destination);
    size_t hops = rest ? rest->hops : 0;
    if (path->hops + 1 + hops > HEAL_PATH_MAX)
        return false;
    path->hop[path->hops++] = present->neighbour;
    if (rest)
        memcpy(&path->hop[path->hops], rest->hop, hops * sizeof rest->hop[0]);
    path->hops = (uint8_t)(path->hops + hops);
    return true;
}

bool heal_way_path(const struct heal_world *world, const struct heal_prefix *destination,
                   struct heal_path *ret_path) {
    const struct heal_port_key *coming = heal_detours_coming(&world->detours, destination);
    const struct heal_port *port =
        coming ? heal_world_port_const(world, coming) : heal_way_of_kernel(world, destination);
    if (!port || port->neighbour == 0 || port->paths_superseded)
        return false;
    const struct heal_path *rest = heal_port_path(port, destination);
    if (!rest || rest->hops + 1 > HEAL_PATH_MAX)
        return false;
    size_t hops = rest->hops;
    uint32_t metric = (uint32_t)port->cost + rest->metric;
    if (metric >= UINT16_MAX)
        return false;
    ret_path->destination = *destination;
    ret_path->metric = (uint16_t)metric;
    ret_path->hops = (uint8_t)(hops + 1);
    ret_path->hop[0] = port->neighbour;
    memcpy(&ret_path->hop[1], rest->hop, hops * sizeof rest->hop[0]);
    return !coming || add_present(world, port, ret_path);
}
