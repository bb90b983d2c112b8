/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Severed ways: which ways the routing daemon has let go of, and which of their destinations have had none
 * since. They tell whether a node that no longer suffers from a dead link has another way, or is cut off. The
 * daemon may try other ways first, which turn out to be dead, too: so a destination is severed by the trouble
 * on any of the ways that it had just before. A ring, owned by the world; the oldest makes room.
 */
#ifndef HEAL_MODEL_SEVERED_H
#define HEAL_MODEL_SEVERED_H

#include "heal/message.h"
#include "heal/reading.h"

struct heal_incident;
struct heal_world;

enum { HEAL_SEVERED_MAX = 256 };

struct heal_severed_way {
    struct heal_prefix destination;
    struct heal_port_key via;
    heal_us left_at;        /**< the routing daemon let go of it; 0: a free place */
    heal_us severed_at;     /**< the destination has had no way since; 0: it has one */
    heal_node_id neighbour; /**< behind `via`; 0: it has not told us */
    struct heal_path rest;  /**< from there on, as the neighbour had told; no hops: it had not */
};

struct heal_severed {
    size_t next;    /**< the place of the one to come */
    size_t severed; /**< ways whose destination has none now */
    struct heal_severed_way way[HEAL_SEVERED_MAX];
};

/** Takes in one reading of a route: into the table of routes, and into that of the severed ways. */
void heal_severed_take_route(struct heal_world *world, const struct heal_reading_route *reading);

/**
 * @return whether the way was severed by the trouble of the incident: it led there, it was let go of when the
 * trouble began or later, nothing else leads there any more, and its destination has no way.
 */
bool heal_severed_by(const struct heal_world *world, const struct heal_incident *incident,
                     const struct heal_severed_way *way);

#endif
