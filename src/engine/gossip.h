/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What this node tells its neighbours, and what it takes from what they tell.
 */
#ifndef HEAL_ENGINE_GOSSIP_H
#define HEAL_ENGINE_GOSSIP_H

#include "engine/internal.h"

/** What a message must leave free in the round's output. Many ports with many destinations fill it, and what
 * does not fit waits for the next round; but each kind must get on, round by round. */
enum heal_room {
    HEAL_ROOM_NONE = 0,   /**< an event of its own */
    HEAL_ROOM_ROUND = 32, /**< for what the round does after the gossip: transits, baselines */
    HEAL_ROOM_PATHS = 48, /**< and for some parts of the paths, however much news there is */
};

/** @return a message to be filled in; NULL where less than @p room would be left. */
struct heal_message *heal_gossip_message(struct heal_world *world, const struct heal_port *port,
                                         enum heal_message_kind kind, enum heal_room room);

/** Orders the messages that are due: the link's accounts each round, paths when they change, incidents. */
void heal_gossip_send(struct heal_engine *engine);

/** Takes in a neighbour's message. */
void heal_gossip_take(struct heal_engine *engine, const struct heal_message *message);

#endif
