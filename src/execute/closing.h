/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The end of an incident: closed when nothing is in place for it and no symptom speaks for it any more; and
 * was it one?
 */
#ifndef HEAL_EXECUTE_CLOSING_H
#define HEAL_EXECUTE_CLOSING_H

#include "execute/machine.h"

/** Closes an open incident that is over. */
void heal_closing_update(const struct heal_machine *machine, struct heal_world *world,
                         struct heal_incident *incident);

#endif
