/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A drill: the same fault twenty times on a ring of five, under a policy whose order is wrong for that mesh.
 * Does the loop learn from the first ten? For the test that it does, and for the figure that says how much.
 */
#ifndef HEAL_SIM_DRILL_H
#define HEAL_SIM_DRILL_H

#include "sim/sim.h"

/** Sums over faults. */
struct sim_drill {
    double faults;
    double heal_s; /**< from detection; 60 where it was not healed in that time */
    double wrong;  /**< steps that failed before one worked */
};

/** Runs a drill. @param first, second gain the sums of the first and of the second ten faults. */
void sim_drill_run(uint64_t seed, struct sim_drill *first, struct sim_drill *second);

/** @return whether the node has an incident opened after @p since; then it is the first of its table. */
bool sim_drill_incident(struct heal_sim *mesh, unsigned node, heal_us since,
                        struct heal_incident_status *ret_incident);

#endif
