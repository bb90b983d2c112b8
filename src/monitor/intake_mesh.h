/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** Taking in what a mesh below IP and the radios' drivers say. */
#ifndef HEAL_MONITOR_INTAKE_MESH_H
#define HEAL_MONITOR_INTAKE_MESH_H

#include "model/world.h"

void heal_intake_mesh(struct heal_world *world, const struct heal_reading *reading);
void heal_intake_hard(struct heal_world *world, const struct heal_reading *reading);
void heal_intake_relay(struct heal_world *world, const struct heal_reading *reading);
void heal_intake_station(struct heal_world *world, const struct heal_reading *reading);

#endif
