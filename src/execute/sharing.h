/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * One act that several incidents have in place: two neighbours behind one interface whose MTU is lowered. The
 * first whose trouble is over takes nothing away; the last takes it back.
 */
#ifndef HEAL_EXECUTE_SHARING_H
#define HEAL_EXECUTE_SHARING_H

#include "model/remedy.h"

/** @return whether an open incident has another step in place that shares its act with @p step. */
bool heal_sharing_goes_on(const struct heal_world *world, const struct heal_remedy_rule *rule,
                          const struct heal_step *step);

#endif
