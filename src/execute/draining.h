/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Before a remedy takes an interface away, if only for a moment, the traffic is led away from it, and back
 * when the remedy is over; where the remedy leads it away itself, that is hastened for a while. How that is
 * done is the remedy's `drain`; here is when. It never fails a step: what cannot be led away goes down with
 * the interface, as it would have without.
 */
#ifndef HEAL_EXECUTE_DRAINING_H
#define HEAL_EXECUTE_DRAINING_H

#include "execute/machine_parts.h"

/** Begins, or goes on: once a round until the remedy acts. @return whether there is something to wait for. */
bool heal_draining_goes_on(struct heal_run *run);

/** Keeps the traffic away, where it was led away; once a round from the act to the end. */
void heal_draining_tend(struct heal_run *run);

/** @return whether a remedy that works needs it no longer. */
bool heal_draining_is_over(const struct heal_run *run);

/** Takes the drain back. Harmless where there is none. @return as heal_remedy_rule's undo. */
int heal_draining_undo(struct heal_world *world, const struct heal_remedy_rule *rule,
                       struct heal_incident *incident, struct heal_step *step);

#endif
