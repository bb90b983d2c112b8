/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "knowledge/conformal.h"

#include "base/beta.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rates are decimal fractions, and floats only near them: 1 - .005 is to give the 199th of 199. */
static const double rounding = 1e-6;

static int16_t score_of(int32_t logit) {
    return (int16_t)(logit > INT16_MAX ? INT16_MAX : logit < INT16_MIN ? INT16_MIN : logit);
}

void heal_conformal_add(struct heal_conformal *conformal, int32_t logit) {
    if (conformal->count == HEAL_CONFORMAL_SCORES)
        memmove(conformal->score, conformal->score + 1, --conformal->count * sizeof *conformal->score);
    conformal->score[conformal->count++] = score_of(logit);
}

void heal_conformal_take_back(struct heal_conformal *conformal, int32_t logit) {
    size_t place = conformal->count;
    while (place > 0 && conformal->score[place - 1] != score_of(logit))
        place--;
    if (place == 0)
        return; /* so old that it has made room already */
    memmove(conformal->score + place - 1, conformal->score + place,
            (conformal->count - place) * sizeof *conformal->score);
    conformal->count--;
}

static int by_score(const void *a, const void *b) {
    int16_t x = *(const int16_t *)a, y = *(const int16_t *)b;
    return (x > y) - (x < y);
}

struct heal_conformal_bound heal_conformal_promise(uint32_t scores, float rate) {
    struct heal_conformal_bound bound = {
        .scores = scores, .rate = rate, .realised = {.low = 0, .high = 1}
    };
    double n = scores, rank = ceil((n + 1) * (1 - (double)rate) - rounding);

    bound.needed = (uint32_t)ceil(1 / (double)rate - 1 - rounding / (double)rate);
    bound.known = scores >= bound.needed && rank >= 1 && rank <= n;
    if (!bound.known)
        return bound;
    bound.rank = (uint32_t)rank;
    bound.realised.low = (float)heal_beta_quantile(n + 1 - rank, rank, 0.05);
    bound.realised.high = (float)heal_beta_quantile(n + 1 - rank, rank, 0.95);
    return bound;
}

struct heal_conformal_bound heal_conformal_bound(const struct heal_conformal *conformal, float rate) {
    struct heal_conformal_bound bound = heal_conformal_promise(conformal->count, rate);
    int16_t sorted[HEAL_CONFORMAL_SCORES];

    if (!bound.known)
        return bound;
    memcpy(sorted, conformal->score, conformal->count * sizeof *sorted);
    qsort(sorted, conformal->count, sizeof *sorted, by_score);
    bound.threshold = sorted[bound.rank - 1];
    return bound;
}
