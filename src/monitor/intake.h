/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Taking in readings: checks each one's range, and files it in the world where the round finds it. It judges
 * nothing.
 */
#ifndef HEAL_MONITOR_INTAKE_H
#define HEAL_MONITOR_INTAKE_H

#include "model/world.h"

/** Files one reading. A value that cannot be is dropped; a port that does not fit is refused. */
void heal_intake_reading(struct heal_world *world, const struct heal_reading *reading);

/** Takes out the ports of which nothing has been read for so long that there is nothing left to read. */
void heal_intake_forget_gone(struct heal_world *world);

/** Files what the peer says of the link, from the message that came in on a port. */
void heal_intake_peer(struct heal_world *world, const struct heal_message *message);

#endif
