/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The network's probation in an engine, for whoever runs one: which models are tried, and how that stands.
 */
#ifndef HEAL_ENGINE_PROBATION_H
#define HEAL_ENGINE_PROBATION_H

#include "heal/engine.h"
#include "knowledge/probation.h"

/** @return how it stands; changes with the engine's steps. */
const struct heal_probation *heal_engine_probation(const struct heal_engine *engine);

/** Says which model runs in a slot, before the records of an earlier run are given back. @param model NULL:
 * none does any more */
void heal_engine_put_model(struct heal_engine *engine, enum heal_slot slot,
                           const struct heal_candidate_model *model);

/** @return whether one more fault can be told of (HEAL_OPERATOR_TRUTH) before another has ended. */
bool heal_engine_can_be_told(const struct heal_engine *engine);

#endif
