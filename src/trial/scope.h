/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The scope of a fault: where in the mesh it is, so that what a heald says and does about a place can be
 * called right or wrong. Plain data, no I/O.
 */
#ifndef HEAL_TRIAL_SCOPE_H
#define HEAL_TRIAL_SCOPE_H

#include "fault/fault.h"

struct heal_scope {
    uint64_t nodes;  /**< bit i: node i is sick, or an end of what is */
    bool whole_link; /**< a link is sick, no node: an incident must name both of its ends */
};

struct heal_scope heal_scope_of(const struct heal_fault *fault, const struct heal_topology *topology);

/** @param node, other names as an incident has them; other "": it is about a node alone. */
bool heal_scope_holds(const struct heal_scope *scope, const struct heal_topology *topology, const char *node,
                      const char *other);

#endif
