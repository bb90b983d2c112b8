/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Steps of an earlier run that were in place, under way or about to begin when that ended, and steps of this
 * run that could not be taken back. They are taken back, in whatever mode this run is: the trouble, if it is
 * still there, will be found and treated anew. One that cannot be taken back yet (its interface is away, a
 * capability is missing) stays on record, and is tried again, also by the next run.
 */
#ifndef HEAL_EXECUTE_LEFTOVERS_H
#define HEAL_EXECUTE_LEFTOVERS_H

#include "execute/machine.h"

/** Takes over a step of this run that could not be taken back: it is tried again, and stays on record. */
void heal_leftovers_adopt(struct heal_world *world, const struct heal_incident *incident, unsigned number);

/** Takes back what is to be taken back now. Once a round. */
void heal_leftovers_update(const struct heal_machine *machine, struct heal_world *world);

/** Takes an act's result. @return whether it was about a step that is left over. */
bool heal_leftovers_result(struct heal_world *world, const struct heal_event_result *result);

#endif
