/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** A step of a network in integers on its own: for who asks what it could say (reach.h). */
#ifndef HEAL_GNN_INTEGER_PARTS_H
#define HEAL_GNN_INTEGER_PARTS_H

#include "gnn/integer.h"

/** @return how far the gate is open at a logit, times gated's multiplier: it never falls where the logit
 * rises, and is never below 0. */
int16_t heal_gnn_integer_gate(const struct heal_gnn_integer *network, int64_t logit);

#endif
