/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The elementary functions that networks need, the same to the bit on every machine: libm's are not.
 */
#ifndef HEAL_GNN_ELEMENTARY_H
#define HEAL_GNN_ELEMENTARY_H

/** @return e to the power of @p x, within 1e-15 of it, for x in [-700, 700]; beyond, as at the ends. */
double heal_gnn_exponential(double x);

/** @return the natural logarithm of 1 + @p x, within 1e-14 of it or of its size, whichever is more, for
 * x >= 0; of what is below 0, 0. NaN stays NaN. */
double heal_gnn_logarithm(double x);

/** @return 1 / (1 + e^-x), in [0, 1]. */
float heal_gnn_sigmoid(float x);

#endif
