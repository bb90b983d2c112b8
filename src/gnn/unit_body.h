/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** What a unit consists of, whatever its vectors: for unit_*.c, each compiled for another processor. */
#ifndef HEAL_GNN_UNIT_BODY_H
#define HEAL_GNN_UNIT_BODY_H

#include "gnn/backward.h"
#include "gnn/forward.h"

static void multiply(const struct heal_gnn_product *product) {
    heal_matrix_multiply(product);
}

#define HEAL_GNN_UNIT(unit_name)                                                                             \
    {                                                                                                        \
        .name = (unit_name), .is_there = is_there, .multiply = multiply, .forward = heal_gnn_forward,        \
        .backward = heal_gnn_backward                                                                        \
    }

#endif
