/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** What a number at a vertex is. Values only. */
#ifndef HEAL_GNN_FEATURE_H
#define HEAL_GNN_FEATURE_H

#include <stdbool.h>

enum { HEAL_GNN_NAME_MAX = 32 };

struct heal_gnn_feature {
    char name[HEAL_GNN_NAME_MAX];
    bool logarithm; /**< never negative, over many orders of magnitude: ln(1 + x) is taken first */
};

#endif
