/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Pseudo-random numbers from a seed: the same seed, the same sequence, on every machine. Not for secrets.
 * The generator is PCG32 (M. E. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good
 * Algorithms for Random Number Generation", 2014).
 */
#ifndef HEAL_BASE_RANDOM_H
#define HEAL_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct heal_random {
    uint64_t state;
};

void heal_random_init(struct heal_random *random, uint64_t seed);
uint32_t heal_random_next(struct heal_random *random);
/** @return a number in [0, 1). */
double heal_random_uniform(struct heal_random *random);
/** @return a number of the standard normal distribution (polar method). */
double heal_random_normal(struct heal_random *random);
/** @return how many of @p trials succeed, each with @p chance (geometric skips: L. Devroye, "Non-Uniform
 * Random Variate Generation", 1986, X.4). */
uint64_t heal_random_binomial(struct heal_random *random, uint64_t trials, double chance);
/** @return a number of the Beta(@p a, @p b) distribution, both at least 1 (Marsaglia and Tsang's gamma,
 * 2000). */
double heal_random_beta(struct heal_random *random, double a, double b);
/** Puts numbers into any order, each as likely as any other (R. Durstenfeld, "Algorithm 235", 1964). */
void heal_random_shuffle(struct heal_random *random, uint32_t *value, size_t count);

#endif
