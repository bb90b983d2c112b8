/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * From a network in single precision to one in eight-bit integers, after training: the weights by their
 * largest, the values on the way by how large they get on samples. It owns nothing after it has returned.
 */
#ifndef HEAL_GNN_QUANTISE_H
#define HEAL_GNN_QUANTISE_H

#include "gnn/integer.h"
#include "gnn/ranges.h"

/** @return 0, or -EINVAL with words: a weight that is no number, or a shape with more than a network has room
 * for. */
int heal_gnn_quantise(const struct heal_gnn_shape *shape, const float *weights,
                      const struct heal_gnn_ranges *ranges, struct heal_gnn_integer *ret_network,
                      struct heal_error *error);

#endif
