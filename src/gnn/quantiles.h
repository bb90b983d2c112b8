/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What of each feature a network has learned from, in eleven numbers: by these it can be told, wherever the
 * network runs, whether it still sees what it knows. They belong to a model, and lie in its file. Values
 * only.
 */
#ifndef HEAL_GNN_QUANTILES_H
#define HEAL_GNN_QUANTILES_H

#include "gnn/dataset.h"
#include "gnn/shape.h"

enum { HEAL_GNN_QUANTILES = 11 /**< .005, .1, .2 … .9, .995 */ };

struct heal_gnn_quantiles {
    uint64_t known; /**< bit i: feature i was there; 0: nothing is known at all */
    float edge[HEAL_GNN_INPUTS_MAX][HEAL_GNN_QUANTILES]; /**< as measured, without a logarithm; not falling */
};

/**
 * Reads them off @p count samples, missing features left out.
 * @param chosen their indices @return 0 or -ENOMEM with the output untouched
 */
int heal_gnn_quantiles_fit(const struct heal_gnn_dataset *dataset, const uint32_t *chosen, size_t count,
                           struct heal_gnn_quantiles *ret_quantiles);

#endif
