/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What is in place and works: whether it goes on working, and the reasons to take it back all the same. It
 * judges, and changes nothing.
 */
#ifndef HEAL_EXECUTE_HOLDING_H
#define HEAL_EXECUTE_HOLDING_H

#include "execute/machine_parts.h"

/** @return whether what is in place is no remedy of what the trouble is taken for now. */
bool heal_holding_serves_no_more(const struct heal_run *run);

/** @return why what is in place is taken back though it works, in constant words; NULL: it stays. */
const char *heal_holding_why_taken_back(const struct heal_run *run);

/** @return whether a step has worked so lately that what it has cured may still be seen. */
bool heal_holding_is_young(const struct heal_world *world, const struct heal_step_status *step);

/** @return whether it still works, or may yet: a cure is given time. */
bool heal_holding_still_works(const struct heal_run *run);

#endif
