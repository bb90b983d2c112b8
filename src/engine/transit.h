/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Which nodes beyond a neighbour are probed through it, so that a neighbour that does not pass on what is
 * sent through it is found out. It orders the streams of probes; what comes of them is read by the monitor.
 */
#ifndef HEAL_ENGINE_TRANSIT_H
#define HEAL_ENGINE_TRANSIT_H

#include "model/world.h"

/** Keeps each neighbour's streams going: orders those to begin, and those to stop. What does not fit into the
 * output is ordered in the next round. */
void heal_transit_update(struct heal_world *world);

#endif
