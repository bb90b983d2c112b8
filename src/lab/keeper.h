/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The keeper: the first process in a lab's namespaces, which makes everything in them and then only stays.
 * Its end is the end of the lab, by the rules of PID namespaces; it ends with the process that started it,
 * by PR_SET_PDEATHSIG and, should that miss, by the end of the lifeline.
 */
#ifndef HEAL_LAB_KEEPER_H
#define HEAL_LAB_KEEPER_H

#include "lab/lab_state.h"

/**
 * Starts the keeper of @p lab (filled in but for the descriptors) and waits until it has made everything.
 * @return 0 with pids and descriptors filled in; or a negative errno with @p error, and nothing left.
 */
int heal_lab_keeper_start(struct heal_lab *lab, struct heal_error *error);

/** Ends it with all of its lab, and waits for that. @return 0, or -ETIMEDOUT: something in it does not end.
 */
int heal_lab_keeper_stop(struct heal_lab *lab);

#endif
