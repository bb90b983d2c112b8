/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * How large values get in a network at work: what 127 is to stand for at each place when it is brought to
 * eight bits. Values only.
 */
#ifndef HEAL_GNN_RANGES_H
#define HEAL_GNN_RANGES_H

#include "gnn/trainer.h"

/** By the names of shape.h. What is largest or least of the neighbours has the range of its source. */
struct heal_gnn_ranges {
    float input;
    float mean[HEAL_GNN_LAYERS][HEAL_GNN_TERMS_MAX]; /**< of terms that are means */
    float h1, h2, gate_hidden, u, p;
};

/**
 * Watches the network at work on samples.
 * @param share of all values that are to be in range, such as .9999; to a thousandth of the largest
 * @return 0, -ENOMEM, or -EINVAL: no sample
 */
int heal_gnn_ranges_measure(const struct heal_gnn_dataset *dataset, const struct heal_gnn_choice *choice,
                            const struct heal_gnn_shape *shape, const struct heal_gnn_scaling *scaling,
                            const float *weights, double share, struct heal_gnn_ranges *ret_ranges);

/**
 * All that is done to a network between learning and heal_gnn_quantise: its channels are made equally large
 * (equalise.h), and how large values get then is measured, but for one in ten thousand.
 * @param weights are changed in place
 * @return as above
 */
int heal_gnn_ranges_settle(const struct heal_gnn_dataset *dataset, const struct heal_gnn_choice *choice,
                           const struct heal_gnn_shape *shape, const struct heal_gnn_scaling *scaling,
                           float *weights, struct heal_gnn_ranges *ret_ranges);

#endif
