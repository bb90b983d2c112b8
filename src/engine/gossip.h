/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What this node tells its neighbours, and what it takes from what they tell.
 */
#ifndef HEAL_ENGINE_GOSSIP_H
#define HEAL_ENGINE_GOSSIP_H

#include "engine/internal.h"

/** Orders the messages that are due: the link's accounts each round, paths when they change, incidents. */
void heal_gossip_send(struct heal_engine *engine);

/** Takes in a neighbour's message. */
void heal_gossip_take(struct heal_engine *engine, const struct heal_message *message);

/** Keeps each neighbour's second-hop probes going: orders those to begin, and those to stop. */
void heal_gossip_transit(struct heal_engine *engine);

#endif
