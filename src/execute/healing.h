/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Healing: since when an incident is healed, looked at again each round for as long as it is open. It is
 * where a remedy has worked and nothing suffers any more; it is no longer where something does again.
 */
#ifndef HEAL_EXECUTE_HEALING_H
#define HEAL_EXECUTE_HEALING_H

#include "execute/machine.h"

/** Sets the incident's `healed`, and counts the time that it took. */
void heal_healing_update(const struct heal_machine *machine, struct heal_world *world,
                         struct heal_incident *incident);

#endif
