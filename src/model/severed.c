/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "model/severed.h"

#include "model/way.h"

/* The routing daemon may notice the trouble so much sooner than heald; and so long it may try other ways. */
static const heal_us sooner_us = 5 * HEAL_US_PER_S, tries_us = 30 * HEAL_US_PER_S;

static struct heal_severed_way *place_of(struct heal_severed *severed, const struct heal_prefix *destination,
                                         const struct heal_port_key *via) {
    for (size_t i = 0; i < HEAL_SEVERED_MAX; i++) {
        struct heal_severed_way *way = &severed->way[i];
        if (way->left_at != 0 && heal_prefix_equal(&way->destination, destination) &&
            heal_port_key_equal(&way->via, via))
            return way;
    }
    size_t next = severed->next;
    severed->next = (next + 1) % HEAL_SEVERED_MAX;
    return &severed->way[next];
}

static void note(struct heal_world *world, const struct heal_reading_route *route) {
    const struct heal_port *port = heal_world_port_const(world, &route->via);
    const struct heal_path *rest = port ? heal_port_path(port, &route->prefix) : NULL;
    struct heal_severed_way *way = place_of(&world->severed, &route->prefix, &route->via);
    world->severed.severed -= way->severed_at != 0;
    *way = (struct heal_severed_way){.destination = route->prefix,
                                     .via = route->via,
                                     .left_at = world->now,
                                     .neighbour = port ? port->neighbour : 0};
    if (rest)
        way->rest = *rest;
}

static void judge(struct heal_world *world, const struct heal_prefix *destination, bool has_way) {
    for (size_t i = 0; i < HEAL_SEVERED_MAX; i++) {
        struct heal_severed_way *way = &world->severed.way[i];
        if (way->left_at == 0 || !heal_prefix_equal(&way->destination, destination))
            continue;
        world->severed.severed -= way->severed_at != 0;
        if (has_way)
            way->severed_at = 0;
        else if (way->severed_at == 0 && world->now - way->left_at <= tries_us)
            way->severed_at = world->now;
        world->severed.severed += way->severed_at != 0;
    }
}

void heal_severed_take_route(struct heal_world *world, const struct heal_reading_route *reading) {
    const struct heal_reading_route *used = heal_rib_installed(&world->rib, &reading->prefix);
    struct heal_reading_route before = used ? *used : (struct heal_reading_route){0};
    heal_rib_take_route(&world->rib, reading);
    const struct heal_reading_route *uses = heal_rib_installed(&world->rib, &reading->prefix);
    bool left = before.installed && !(uses && heal_port_key_equal(&uses->via, &before.via));
    if (left)
        note(world, &before);
    if (left || (uses && !before.installed))
        judge(world, &reading->prefix, uses != NULL);
}

/* Does the routing daemon lead anything through there? */
static bool is_in_use(const struct heal_world *world, const struct heal_port_key *via) {
    for (size_t i = 0; i < world->rib.routes; i++)
        if (world->rib.route[i].installed && heal_port_key_equal(&world->rib.route[i].via, via))
            return true;
    return false;
}

bool heal_severed_by(const struct heal_world *world, const struct heal_incident *incident,
                     const struct heal_severed_way *way) {
    if (way->severed_at == 0 || way->left_at + sooner_us < incident->view.first_seen ||
        heal_rib_by_hand(&world->rib, &way->destination))
        return false;
    /* Over a link that goes on carrying others, it was not the link that was lost. */
    if (heal_element_is_own_link(&incident->element))
        return heal_port_key_equal(&way->via, &incident->element.port) && !is_in_use(world, &way->via);
    struct heal_obstacle obstacle = heal_obstacle_of(&incident->element);
    return heal_way_path_meets(world, way->neighbour, &way->rest, &obstacle);
}
