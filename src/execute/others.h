/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Changes that are not heald's, where heald has something in place or would do something: an operator works
 * on the network, too. They are respected and reported: in the incident, the trace and the audit.
 */
#ifndef HEAL_EXECUTE_OTHERS_H
#define HEAL_EXECUTE_OTHERS_H

#include "model/remedy.h"

/** Looks whether somebody else has changed what a step had put in place; if so, says it, and bars the remedy,
 * or all of them, for as long as this trouble lasts. @return whether somebody has. */
bool heal_others_took_over(struct heal_world *world, struct heal_incident *incident,
                           const struct heal_remedy_rule *rule, struct heal_step *step);

/** Says it where the interface of an incident's link was taken down by somebody. */
void heal_others_note_down(struct heal_world *world, struct heal_incident *incident);

#endif
