/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Override routes that the kernel has and no detour claims: of an earlier run, or of an incident that is
 * over.
 */
#ifndef HEAL_PLAN_STRAYS_H
#define HEAL_PLAN_STRAYS_H

#include "model/output.h"

/**
 * Notes which detours the kernel has; and removes routes of heald's that no detour claims. In a heald that
 * runs this is the one place where left-over routes are removed (without one os/override.h does): here it is
 * known, at any time and not only at the start, which are wanted, and the trace and the audit say so. In
 * every mode: what heald has put in place has no guardian otherwise, and to take that back is no act upon the
 * mesh.
 */
void heal_strays_sweep(struct heal_world *world);

#endif
