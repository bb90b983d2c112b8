/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** Why the networks say what they say: worked out where an alarm begins, and kept with its verdict. */
#ifndef HEAL_ENGINE_REASON_H
#define HEAL_ENGINE_REASON_H

#include "engine/internal.h"

/** Works out the reason of one alarm of the slot's network that was heard in this tick, and has none yet, or
 * is clearer now. */
void heal_reason_update(struct heal_engine *engine, enum heal_slot slot);

#endif
