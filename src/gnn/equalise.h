/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Makes the channels of a network equally large before it is brought to eight bits (M. Nagel et al.,
 * "Data-Free Quantization Through Weight Equalization and Bias Correction", 2019; here by what the channels
 * get to on samples). Whatever a channel is divided by, the weights that it leads to are multiplied by: in
 * single precision the network says the same but for rounding. In eight bits, where all channels of a place
 * share one scale, those that are small keep more of what they say.
 */
#ifndef HEAL_GNN_EQUALISE_H
#define HEAL_GNN_EQUALISE_H

#include "gnn/trainer.h"

/**
 * @param choice samples that the network is watched on
 * @param weights are changed in place
 * @return 0 or -ENOMEM
 */
int heal_gnn_equalise(const struct heal_gnn_dataset *dataset, const struct heal_gnn_choice *choice,
                      const struct heal_gnn_shape *shape, const struct heal_gnn_scaling *scaling,
                      float *weights);

#endif
