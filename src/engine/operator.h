/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What the operator says: modes, pauses, labels, what was missed, what is to be taken back.
 */
#ifndef HEAL_ENGINE_OPERATOR_H
#define HEAL_ENGINE_OPERATOR_H

#include "engine/internal.h"

/** Does what the operator says; what makes no sense is traced and changes nothing. */
void heal_operator_take(struct heal_engine *engine, const struct heal_event_operator *operator_);

#endif
