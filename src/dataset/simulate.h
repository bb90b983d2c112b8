/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A data set from simulated meshes: many shapes and sizes, each with its own nature, in which trouble is
 * sown, or what looks like it. Real engines measure the features; what was done says what is true. The same
 * seed gives the same set on every machine, and another seed no run of it.
 */
#ifndef HEAL_DATASET_SIMULATE_H
#define HEAL_DATASET_SIMULATE_H

#include "dataset/dataset.h"

struct heal_simulation {
    uint64_t seed;                    /**< below 2^32 */
    unsigned snapshots;               /**< in all */
    unsigned nodes_least, nodes_most; /**< of a mesh: HEAL_SIMULATION_NODES_LEAST to _MOST */
    double missing;                   /**< the share of all features that is taken out at random */
    void *context;
    void (*made)(void *context, unsigned snapshots); /**< so many are there; may be NULL */
};

enum { HEAL_SIMULATION_NODES_LEAST = 4, HEAL_SIMULATION_NODES_MOST = 64 };

/** @param ret_set the caller's to deinit; untouched on failure. @return 0 or -ENOMEM. */
int heal_simulate(const struct heal_simulation *how, struct heal_dataset *ret_set);

#endif
