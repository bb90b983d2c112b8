/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * How features become a network's inputs: their logarithm where they span magnitudes, less its mean, by its
 * deviation, cut at some deviations; what is missing counts as the mean. A scaling belongs to a model: it is
 * fitted to what the model learns from, and lies in its file. Values only.
 */
#ifndef HEAL_GNN_SCALING_H
#define HEAL_GNN_SCALING_H

#include "gnn/dataset.h"
#include "gnn/shape.h"

struct heal_gnn_scaling {
    uint16_t inputs;
    float most; /**< deviations; inputs lie in [-most, most] */
    struct heal_gnn_feature feature[HEAL_GNN_INPUTS_MAX];
    float mean[HEAL_GNN_INPUTS_MAX];
    float deviation[HEAL_GNN_INPUTS_MAX]; /**< above 0 */
};

/**
 * Fits to @p count samples, missing features left out. A feature that never changes, or never is there, has a
 * deviation of 1. @param chosen their indices
 */
void heal_gnn_scaling_fit(const struct heal_gnn_dataset *dataset, const uint32_t *chosen, size_t count,
                          struct heal_gnn_scaling *ret_scaling);

/** @param feature [inputs]; @param ret_input [inputs] */
void heal_gnn_scaling_apply(const struct heal_gnn_scaling *scaling, const float *feature, float *ret_input);

#endif
