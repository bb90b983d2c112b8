/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The engine's networks: each with its own part of the exchange (inference/inference.h). */
#ifndef HEAL_ENGINE_NETWORK_H
#define HEAL_ENGINE_NETWORK_H

#include "engine/internal.h"

/** Judges the ports, where a tick is due. @param blind after a gap: nothing is known that could be judged */
void heal_network_update(struct heal_engine *engine, bool blind);

/** The shadow's network is the active one from now on, with all that it has worked out; its memory is still
 * that which it was given with. */
void heal_network_promote(struct heal_engine *engine);

/** Adds to a message of a link what the neighbour is told of the networks. */
void heal_network_tell(const struct heal_engine *engine, const struct heal_port *port,
                       struct heal_message *message);

/** Takes in what a message of a link tells of them. */
void heal_network_take(struct heal_engine *engine, const struct heal_message *message);

#endif
