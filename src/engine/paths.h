/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Sets of paths: what this node tells its neighbours of its own ways, and what they tell of theirs. A set
 * goes out in parts, over as many rounds as it takes, and counts, here as there, when all of its parts are
 * through.
 */
#ifndef HEAL_ENGINE_PATHS_H
#define HEAL_ENGINE_PATHS_H

#include "engine/internal.h"

/** Tells the set to all ports, when it is new and every few seconds. @return false: some have to wait for the
 * next round. */
bool heal_paths_send(struct heal_engine *engine);

/** Takes a part of a neighbour's set. Parts count in their order: one out of turn is passed over, and comes
 * again when the set is told again. */
void heal_paths_take(struct heal_engine *engine, const struct heal_message *message);

#endif
