/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Watches a network at work in single precision: it goes through samples one by one, and somebody looks at
 * what it came to in each. It owns nothing after it has returned.
 */
#ifndef HEAL_GNN_WALK_H
#define HEAL_GNN_WALK_H

#include "gnn/batch.h"
#include "gnn/pass.h"

struct heal_gnn_walk {
    const struct heal_gnn_dataset *dataset;
    const struct heal_gnn_choice *choice; /**< the samples, in their order */
    const struct heal_gnn_shape *shape;   /**< checked */
    const struct heal_gnn_scaling *scaling;
    const float *weights; /**< as heal_gnn_layout_make lays them */
    /** After each way forward; the pass is lent. */
    void (*look)(void *context, const struct heal_gnn_pass *pass, uint32_t vertices);
    void *context;
};

/** @return 0 or -ENOMEM: then nobody has looked. */
int heal_gnn_walk(const struct heal_gnn_walk *walk);

#endif
