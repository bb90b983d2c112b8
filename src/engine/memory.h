/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What outlives a run: takes in the records of an earlier one, and keeps the baselines now and then. All else
 * is kept where it changes.
 */
#ifndef HEAL_ENGINE_MEMORY_H
#define HEAL_ENGINE_MEMORY_H

#include "engine/internal.h"

/** Takes in one record; one that cannot be read is traced and left out. */
void heal_memory_restore(struct heal_engine *engine, const struct heal_record *record);

/** Writes down that nothing is in place any more. @return whether all of it found room in the output. */
bool heal_memory_retire(struct heal_engine *engine);

/** Orders the baselines to be kept, when it is time. */
void heal_memory_keep(struct heal_engine *engine);

#endif
