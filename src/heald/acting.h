/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Which executor carries out acts, and what it takes: the real one, the null one of a dry run, or one that
 * refuses where there is nothing to act with. It also takes back what an earlier run left behind.
 */
#ifndef HEALD_ACTING_H
#define HEALD_ACTING_H

#include "heald/dispatch.h"
#include "heald/sources.h"

/** @return a new executor for what is open and allowed, or NULL without memory. */
struct heal_executor *heald_acting_open(struct heald_sources *sources, bool dry_run);

/** Undoes what an earlier run left in the kernel; each is logged and goes to the audit. */
void heald_acting_sweep(struct heald_sources *sources, struct heald_dispatch *dispatch);

#endif
