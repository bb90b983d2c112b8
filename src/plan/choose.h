/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Planning: for each open incident that nothing is being done about, the next step that policy, guard rails
 * and the strategies' record allow; or the reason why there is none.
 */
#ifndef HEAL_PLAN_CHOOSE_H
#define HEAL_PLAN_CHOOSE_H

#include "knowledge/strategies.h"
#include "model/remedy.h"

/** Plans where something is to be planned: an incident's new step is in state PLANNED (or WOULD). */
void heal_plan_update(struct heal_world *world, const struct heal_strategies *strategies);

#endif
