/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The Beta distribution: what so many hits in so many trials say of a chance, and how the true rate of a
 * threshold is spread that was chosen by rank. Pure functions of their arguments.
 */
#ifndef HEAL_BASE_BETA_H
#define HEAL_BASE_BETA_H

#include "base/statistics.h"

/**
 * The regularised incomplete beta function I_x(a, b): the chance that a number of the Beta(@p a, @p b)
 * distribution is at most @p x. @param a, b above 0. @return within 1e-10; 0 below and 1 above [0, 1].
 */
double heal_beta_below(double a, double b, double x);

/** @return the x at which heal_beta_below is @p share, which is in (0, 1); within 1e-12. */
double heal_beta_quantile(double a, double b, double share);

/**
 * The chance that @p hits of @p trials speak for, exactly: C. J. Clopper and E. S. Pearson (1934), at 95 %
 * one-sided on each end, as heal_share_interval is. It never promises too much, and so is wider. No trials:
 * [0, 1].
 */
struct heal_interval heal_share_interval_exact(uint64_t hits, uint64_t trials);

#endif
