/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/random.h"

#include <math.h>

static const uint64_t multiplier = UINT64_C(6364136223846793005);
static const uint64_t increment = UINT64_C(1442695040888963407);

void heal_random_init(struct heal_random *random, uint64_t seed) {
    random->state = seed + increment;
    heal_random_next(random);
}

uint32_t heal_random_next(struct heal_random *random) {
    uint64_t old = random->state;
    uint32_t shifted = (uint32_t)(((old >> 18) ^ old) >> 27);
    uint32_t turn = (uint32_t)(old >> 59);

    random->state = old * multiplier + increment;
    return (shifted >> turn) | (shifted << ((32 - turn) & 31));
}

double heal_random_uniform(struct heal_random *random) {
    return heal_random_next(random) * 0x1p-32;
}

double heal_random_normal(struct heal_random *random) {
    double u, v, square;

    do {
        u = 2 * heal_random_uniform(random) - 1;
        v = 2 * heal_random_uniform(random) - 1;
        square = u * u + v * v;
    } while (square >= 1 || square <= 0);
    return u * sqrt(-2 * log(square) / square);
}

uint64_t heal_random_binomial(struct heal_random *random, uint64_t trials, double chance) {
    uint64_t hits = 0;

    if (chance <= 0 || trials == 0)
        return 0;
    if (chance > 0.5) /* the rarer of the two is counted */
        return trials - heal_random_binomial(random, trials, 1 - chance);
    double scale = 1 / log1p(-chance), at = 0;
    for (;;) {
        at += 1 + floor(log(1 - heal_random_uniform(random)) * scale);
        if (at > (double)trials)
            return hits;
        hits++;
    }
}

/* Gamma(shape, 1) for shape >= 1. */
static double gamma_draw(struct heal_random *random, double shape) {
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);

    for (;;) {
        double x = heal_random_normal(random), v = 1 + c * x;

        if (v <= 0)
            continue;
        v = v * v * v;
        double u = heal_random_uniform(random);
        if (u > 0 && log(u) < 0.5 * x * x + d - d * v + d * log(v))
            return d * v;
    }
}

double heal_random_beta(struct heal_random *random, double a, double b) {
    double x = gamma_draw(random, a), y = gamma_draw(random, b);

    return x / (x + y);
}

void heal_random_shuffle(struct heal_random *random, uint32_t *value, size_t count) {
    for (size_t i = count; i > 1; i--) {
        size_t k = (size_t)(heal_random_uniform(random) * (double)i);
        uint32_t swapped = value[k];

        value[k] = value[i - 1];
        value[i - 1] = swapped;
    }
}
