/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The logistic function, the same to the bit on every machine: libm's exponential is not.
 */
#ifndef HEAL_GNN_SIGMOID_H
#define HEAL_GNN_SIGMOID_H

/** @return e to the power of @p x, within 1e-15 of it, for x in [-700, 700]; beyond, as at the ends. */
double heal_gnn_exponential(double x);

/** @return 1 / (1 + e^-x), in [0, 1]. */
float heal_gnn_sigmoid(float x);

#endif
