/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Fixed-point arithmetic of networks in integers. Everything rounds to the nearest, halves up, on every
 * machine alike. Pure functions.
 */
#ifndef HEAL_GNN_FIXED_H
#define HEAL_GNN_FIXED_H

#include "gnn/integer.h"

/** The nearest factor to @p value, which lies in [2^-30, 2^30]; what is nearer 0 becomes 0. */
struct heal_gnn_factor heal_gnn_factor_of(double value);

/** @return value * factor. */
int64_t heal_gnn_scale(int64_t value, struct heal_gnn_factor factor);

/** @return value * factor / divisor, of a divisor above 0. */
int64_t heal_gnn_scale_divided(int64_t value, struct heal_gnn_factor factor, uint32_t divisor);

/** @return the value, cut to [-127, 127]: -128 has no opposite. */
int8_t heal_gnn_narrow(int64_t value);

#endif
