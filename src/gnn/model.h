/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A network that is ready to judge, with all that is needed to ask it: what a model's file holds of it.
 * Values only.
 */
#ifndef HEAL_GNN_MODEL_H
#define HEAL_GNN_MODEL_H

#include "gnn/integer.h"
#include "gnn/quantiles.h"

struct heal_gnn_model {
    uint64_t id; /**< the first bytes of its file's SHA-256, big-endian: nodes may compare; 0: no file */
    struct heal_gnn_scaling scaling;
    struct heal_gnn_quantiles trained_on; /**< of the features that the network has learned from */
    struct heal_gnn_integer network;
    char kind[HEAL_GNN_KINDS_MAX][HEAL_GNN_NAME_MAX]; /**< [network.shape.kinds]: what they are called */
    int32_t threshold; /**< logits above it are called sick; in 1 / HEAL_GNN_LOGIT_ONE */
};

#endif
