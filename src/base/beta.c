/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/beta.h"

#include <float.h>
#include <math.h>

enum { FRACTION_STEPS = 2000, HALVINGS = 60 };

/* Lentz's algorithm divides by what may become zero: by this then. */
static double not_zero(double value) {
    return fabs(value) < DBL_MIN ? DBL_MIN : value;
}

/* log of the complete beta function. */
static double log_beta(double a, double b) {
    int sign;
    return lgamma_r(a, &sign) + lgamma_r(b, &sign) - lgamma_r(a + b, &sign);
}

/* The continued fraction of the DLMF, 8.17.22, by W. J. Lentz's algorithm (1976). It converges fast below
 * x = (a + 1) / (a + b + 2). */
static double fraction(double a, double b, double x) {
    double c = 1, d = 1 / not_zero(1 - (a + b) * x / (a + 1)), value = d;
    for (int m = 1; m <= FRACTION_STEPS; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / not_zero(1 + even * d);
        c = not_zero(1 + even / c);
        value *= c * d;
        d = 1 / not_zero(1 + odd * d);
        c = not_zero(1 + odd / c);
        value *= c * d;
        if (fabs(c * d - 1) < 1e-15)
            break;
    }
    return value;
}

double heal_beta_below(double a, double b, double x) {
    if (!(x > 0))
        return 0;
    if (x >= 1)
        return 1;
    double front = exp(a * log(x) + b * log1p(-x) - log_beta(a, b));
    if (x < (a + 1) / (a + b + 2))
        return front * fraction(a, b, x) / a;
    return 1 - front * fraction(b, a, 1 - x) / b; /* the symmetry of DLMF 8.17.4 */
}

double heal_beta_quantile(double a, double b, double share) {
    double low = 0, high = 1;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        *(heal_beta_below(a, b, middle) < share ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

struct heal_interval heal_share_interval_exact(uint64_t hits, uint64_t trials) {
    double h = (double)hits, n = (double)trials;
    return (struct heal_interval){
        .low = hits == 0 || trials == 0 ? 0 : (float)heal_beta_quantile(h, n - h + 1, 0.05),
        .high = hits >= trials ? 1 : (float)heal_beta_quantile(h + 1, n - h, 0.95),
    };
}
