/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Which diagnosis explains which: a symptom that another one of the same round explains opens no incident of
 * its own. The table is small and by hand on purpose: each row is a sentence that an operator would say.
 */
#ifndef HEAL_ANALYZE_EXPLAINS_H
#define HEAL_ANALYZE_EXPLAINS_H

#include "model/world.h"

/** @return the symptom that explains the one at @p index, or NULL. */
const struct heal_symptom *heal_explains(const struct heal_world *world, const struct heal_symptoms *symptoms,
                                         size_t index);

/** @return whether this node has hardly any CPU left, or the one at the other end of the link has said that
 * of itself, for however short a time yet: then the link's delay and loss are its. */
bool heal_explained_by_load(const struct heal_world *world, const struct heal_symptom *symptom);

#endif
