/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A threshold with a promise: split-conformal calibration (V. Vovk, A. Gammerman and G. Shafer 2005;
 * A. N. Angelopoulos and S. Bates, "A Gentle Introduction to Conformal Prediction", 2021). Of n scores of
 * healthy watches that no training has seen, the ceil((n + 1)(1 - rate))-th smallest is the threshold; where
 * the next healthy score is exchangeable with these, it lies above with a chance of at most `rate`, whatever
 * the scores' distribution, and whatever the model. That holds over all calibrations that could have been;
 * the rate of this one is spread as Beta(n + 1 - k, k), which the bound tells, too.
 *
 * What a watch scores is the largest logit of it, in 1 / HEAL_LOGIT_ONE. The newest HEAL_CONFORMAL_SCORES are
 * kept, those beyond +-32 as that.
 */
#ifndef HEAL_KNOWLEDGE_CONFORMAL_H
#define HEAL_KNOWLEDGE_CONFORMAL_H

#include "base/statistics.h"
#include "heal/verdict.h"

#include <stdbool.h>
#include <stdint.h>

enum { HEAL_CONFORMAL_SCORES = 1024 };

/** The least rate that can be asked for: it needs all the scores there is room for. */
#define HEAL_CONFORMAL_RATE_MIN 0.001F

struct heal_conformal {
    uint16_t count;
    int16_t score[HEAL_CONFORMAL_SCORES]; /**< the oldest first */
};

struct heal_conformal_bound {
    bool known;              /**< false: there are too few scores to promise the rate */
    uint32_t scores, needed; /**< needed: the least n with n >= 1 / rate - 1 */
    uint32_t rank;           /**< the threshold is the rank-th smallest score, from 1 */
    int32_t threshold;       /**< a logit above this is an alarm */
    float rate;              /**< the chance of a false alarm is at most this, over all calibrations … */
    struct heal_interval realised; /**< … and that of this one lies in here, at 95 % on each end */
};

/** Adds what a healthy watch has scored; the oldest makes room. */
void heal_conformal_add(struct heal_conformal *conformal, int32_t logit);

/** Takes the newest such score back: its watch was not healthy after all. */
void heal_conformal_take_back(struct heal_conformal *conformal, int32_t logit);

/** What so many scores can promise, whatever they are: all of the bound but its threshold. @param rate in
 * (0, 0.5] */
struct heal_conformal_bound heal_conformal_promise(uint32_t scores, float rate);

/** @param rate in [HEAL_CONFORMAL_RATE_MIN, 0.5] */
struct heal_conformal_bound heal_conformal_bound(const struct heal_conformal *conformal, float rate);

#endif
