/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The half of the intake that concerns this node itself: its load and its services.
 */
#ifndef HEAL_MONITOR_INTAKE_NODE_H
#define HEAL_MONITOR_INTAKE_NODE_H

#include "model/world.h"

void heal_intake_node(struct heal_world *world, const struct heal_reading *reading);
void heal_intake_service(struct heal_world *world, const struct heal_reading *reading);

#endif
