/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * From a port's raw past to its vitals and its eight features, once a round; and its baselines, while nothing
 * is suspected.
 */
#ifndef HEAL_MONITOR_VITALS_H
#define HEAL_MONITOR_VITALS_H

#include "model/world.h"

/** Derives the vitals and features of one port. */
void heal_vitals_update(struct heal_world *world, struct heal_port *port);

/** Lets the port's baselines learn from this round; called for ports that nothing is suspected of. */
void heal_vitals_learn(struct heal_world *world, struct heal_port *port);

/** Compares the routing daemon's routes with the kernel's. */
void heal_vitals_routes(struct heal_world *world);

/** Closes the windows of routed probes. */
void heal_vitals_transit(struct heal_world *world, struct heal_port *port);

#endif
