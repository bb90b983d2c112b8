/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "engine/paths.h"

#include "engine/gossip.h"
#include "model/way.h"

#include <string.h>

static const heal_us paths_again_us = 5 * HEAL_US_PER_S, paths_spacing_us = 200 * HEAL_US_PER_MS;
/* While a detour waits for the word that its announcement has come, it is said again so often. */
static const heal_us announced_again_us = 140 * HEAL_US_PER_MS;
enum { HOPS_PER_MESSAGE = 80 }; /* keeps a message of paths below the 1,400 bytes of a datagram */

/* The set of paths that this node has, its own destinations first. @return how many. */
static size_t collect(const struct heal_world *world, struct heal_path *path, size_t max) {
    size_t count = 0;
    for (size_t i = 0; i < world->rib.routes && count < max; i++) {
        const struct heal_reading_route *route = &world->rib.route[i];
        bool own = route->via.ifname[0] == '\0';
        if (own)
            path[count++] = (struct heal_path){.destination = route->prefix};
        else if (route->installed && heal_way_path(world, &route->prefix, &path[count]))
            count++;
    }
    return count;
}

static uint64_t digest(const struct heal_path *path, size_t count) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < count; i++) {
        const struct heal_path *p = &path[i];
        for (size_t j = 0; j < sizeof p->destination.address.byte; j++)
            hash = (hash ^ p->destination.address.byte[j]) * UINT64_C(1099511628211);
        hash = (hash ^ p->destination.length ^ (uint64_t)p->metric << 8 ^ (uint64_t)p->hops << 24) *
               UINT64_C(1099511628211);
        for (size_t j = 0; j < p->hops; j++)
            hash = (hash ^ p->hop[j]) * UINT64_C(1099511628211);
    }
    return hash != 0 ? hash : 1;
}

/* The neighbour has it all, as it says itself: a word is enough. */
static bool send_stands(struct heal_world *world, struct heal_port *port, uint64_t set) {
    struct heal_message *message = heal_gossip_message(world, port, HEAL_MESSAGE_PATHS, HEAL_ROOM_ROUND);
    if (!message)
        return false;
    message->paths.set = set;
    message->paths.stands = true;
    port->telling.told_at = world->now;
    return true;
}

/* The digest numbers the set: what is told again has the same number, even after a restart.
 * @return false where the rest has to wait; port->telling knows where to go on. */
static bool send_to(struct heal_world *world, struct heal_port *port, uint64_t set,
                    const struct heal_path *path, size_t count) {
    struct heal_telling *telling = &port->telling;
    if (telling->told == set && port->peer.paths_set == set)
        return send_stands(world, port, set);
    if (telling->set != set)
        *telling = (struct heal_telling){.set = set, .told = telling->told, .told_at = telling->told_at};
    size_t sent = telling->paths;
    do {
        struct heal_message *message = heal_gossip_message(world, port, HEAL_MESSAGE_PATHS, HEAL_ROOM_ROUND);
        if (!message)
            return false;
        size_t hops = 0;
        message->paths.set = set;
        message->paths.first = (uint8_t)sent;
        while (sent < count && message->paths.paths < HEAL_MESSAGE_PATHS_MAX &&
               hops + path[sent].hops <= HOPS_PER_MESSAGE) {
            hops += path[sent].hops;
            message->paths.path[message->paths.paths++] = path[sent++];
        }
        message->paths.more = sent < count;
        telling->paths = (uint8_t)sent;
    } while (sent < count);
    *telling = (struct heal_telling){.told = set, .told_at = world->now};
    return true;
}

/* Goes round the ports, and on from the one whose set did not fit. @return whether all have been told. */
static bool send_to_all(struct heal_engine *engine, const struct heal_path *path, size_t count) {
    struct heal_world *world = &engine->world;
    for (size_t i = 0; i < world->ports; i++) {
        size_t place = (engine->paths_next + i) % world->ports;
        struct heal_port *port = &world->port[place];
        bool told = port->telling.told == engine->paths_digest && port->telling.told_at >= engine->paths_sent;
        if (!port->known || told || send_to(world, port, engine->paths_digest, path, count))
            continue;
        engine->paths_next = place;
        return false;
    }
    return true;
}

bool heal_paths_send(struct heal_engine *engine) {
    struct heal_world *world = &engine->world;
    struct heal_path path[HEAL_PATHS_MAX];
    heal_us age = world->now - engine->paths_sent;
    bool announced = heal_detours_wait(&world->detours);
    bool due = engine->paths_sent == 0 || age >= (announced ? announced_again_us : paths_again_us);
    bool spaced = age >= paths_spacing_us || world->pressing || announced;
    if (!due && !engine->paths_left && (!engine->paths_dirty || !spaced))
        return true;
    size_t count = collect(world, path, HEAL_PATHS_MAX);
    uint64_t now = digest(path, count);
    engine->paths_dirty = false;
    if (due || now != engine->paths_digest)
        engine->paths_sent = world->now;
    else if (!engine->paths_left)
        return true;
    engine->paths_digest = now;
    engine->paths_left = !send_to_all(engine, path, count);
    return !engine->paths_left;
}

/* The set in use is what the neighbour tells now; none is on its way any more. */
static void settle(struct heal_engine *engine, struct heal_port *port) {
    port->paths_at = engine->world.now;
    port->paths_superseded = false;
    port->paths_arriving = 0;
    port->arriving_set = 0;
}

/* Does a detour lead to a neighbour that has no way any more but back here? */
static bool leads_in_a_circle(const struct heal_world *world, const struct heal_port *port) {
    for (size_t i = 0; i < world->detours.count; i++) {
        const struct heal_detour *detour = &world->detours.detour[i];
        if (detour->ordered != 0 && heal_port_key_equal(&detour->route.via, &port->key) &&
            heal_way_returns(world, port, &detour->route.prefix))
            return true;
    }
    return false;
}

/* All parts of the set are there: it takes the place of the one before. */
static void use(struct heal_engine *engine, struct heal_port *port) {
    memcpy(port->path, port->arriving, port->paths_arriving * sizeof port->path[0]);
    port->paths = port->paths_arriving;
    port->paths_set = port->arriving_set;
    engine->paths_dirty = true;
    settle(engine, port);
    engine->world.pressing = engine->world.pressing || leads_in_a_circle(&engine->world, port);
}

/* The set in use is told again: if another had begun, its content is what it was before. */
static void keep(struct heal_engine *engine, struct heal_port *port) {
    engine->paths_dirty = engine->paths_dirty || port->paths_superseded;
    settle(engine, port);
}

/* A part that is missing comes when the set is told again; those that are there already, come twice. */
void heal_paths_take(struct heal_engine *engine, const struct heal_message *message) {
    const struct heal_message_paths *part = &message->paths;
    struct heal_port *port = heal_world_port(&engine->world, &message->port);
    if (!port)
        return;
    if (part->set != 0 && part->set == port->paths_set) {
        keep(engine, port);
        return;
    }
    engine->paths_dirty = engine->paths_dirty || !port->paths_superseded;
    port->paths_superseded = true;
    if (part->stands)
        return; /* a set that did not come whole, or was lost since; that is said with the next account */
    if (part->set == 0 || part->set != port->arriving_set)
        port->paths_arriving = 0;
    port->arriving_set = part->set;
    if (part->first != port->paths_arriving || part->first + part->paths > HEAL_PATHS_MAX)
        return;
    memcpy(port->arriving + part->first, part->path, part->paths * sizeof part->path[0]);
    port->paths_arriving = (uint8_t)(part->first + part->paths);
    if (!part->more)
        use(engine, port);
}
