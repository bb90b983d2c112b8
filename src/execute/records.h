/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What is kept of incidents and steps: the records, and the audit trail. The store makes them durable and
 * gives them back at the next start.
 */
#ifndef HEAL_EXECUTE_RECORDS_H
#define HEAL_EXECUTE_RECORDS_H

#include "model/world.h"

/**
 * Orders the incident with its evidence, and the intent of its last step, to be kept; the step waits for the
 * answer. @return false when the output is full.
 */
bool heal_records_evidence(struct heal_world *world, struct heal_incident *incident, struct heal_step *step);

/** Orders the incident to be kept as it is now. */
void heal_records_incident(struct heal_world *world, const struct heal_incident *incident);

/** Orders the state of the incident's last step to be kept, and adds a line to the audit trail. */
void heal_records_step(struct heal_world *world, const struct heal_incident *incident);

/** Takes in a step's record of an earlier run; one that was under way is noted as left over.
 * @return 0, -EINVAL, or -ENOSPC: there are too many; it stays on record. */
int heal_records_restore_step(struct heal_world *world, const char *key, const char *value);

/** Orders a step to be kept as one that is still to be taken back. */
void heal_records_still_there(struct heal_world *world, const struct heal_incident *incident,
                              unsigned number);

/** Marks a left-over step as over, in the store. @param state for the audit: what became of it. */
void heal_records_leftover_done(struct heal_world *world, const struct heal_leftover *leftover,
                                const char *state);

#endif
