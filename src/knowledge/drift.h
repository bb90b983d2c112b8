/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Whether a model still sees what it has learned from. Each feature is counted into twelve bins, whose edges
 * are the training's quantiles: ten tenths of what was trained on, and what lies outside of that, at either
 * side. Three figures a feature come from the counts:
 *
 *   outside  the share of values beyond the training's .5 % and 99.5 %: there the model guesses
 *   moved    the population stability index against what was seen while the detector earned its trust:
 *            sum (p - q) ln(p / q) (N. Siddiqi, "Credit Risk Scorecards", 2006; S. Kullback's divergence,
 *            both ways, 1951). Below .1 nothing has moved, above .25 much has
 *   trained  the same index against the training's own tenths: how special this place is. It bounds nothing:
 *            one node is always at one place of what many nodes were, and may well stay there
 *
 * Memory is bounded, whatever time passes: the counts are halved each day. Plain data; the caller owns it.
 */
#ifndef HEAL_KNOWLEDGE_DRIFT_H
#define HEAL_KNOWLEDGE_DRIFT_H

#include "base/statistics.h"
#include "heal/message.h"

enum {
    HEAL_DRIFT_EDGES = 11, /**< the quantiles .005, .1, .2 … .9, .995 */
    HEAL_DRIFT_BINS = HEAL_DRIFT_EDGES + 1,
    HEAL_DRIFT_SAMPLES_LEAST = 500, /**< with fewer, chance alone makes an index of 11 / n or more */
};
static const heal_us HEAL_DRIFT_HALVED_US = 24 * 3600 * HEAL_US_PER_S;

/** What the training has seen of each feature, in its own unit. */
struct heal_drift_training {
    uint8_t known; /**< bit i: feature i was there; one that was not is always outside. 0: nothing is known */
    float edge[HEAL_FEATURES][HEAL_DRIFT_EDGES]; /**< not falling */
};

struct heal_drift_counts {
    uint32_t bin[HEAL_FEATURES][HEAL_DRIFT_BINS];
    uint32_t missing[HEAL_FEATURES];
};

struct heal_drift {
    struct heal_drift_counts now, trusted; /**< trusted: as it was when the detector was let act */
    heal_us halved;                        /**< 0: not yet */
};

struct heal_drift_figure {
    uint32_t samples; /**< that were not missing */
    float missing;    /**< share of the values; NaN: there were none */
    struct heal_share_of_outside {
        float value;                   /**< NaN where there are no samples */
        struct heal_interval interval; /**< Wilson */
    } outside;
    float moved, trained; /**< NaN where there are too few samples on either side */
};

/** Counts one look at a port. @param now halves the counts when it is time */
void heal_drift_add(struct heal_drift *drift, const struct heal_drift_training *training, heal_us now,
                    const struct heal_features *features);

/** Remembers what was seen up to now as what trust stands on. */
void heal_drift_trust(struct heal_drift *drift);

struct heal_drift_figure heal_drift_figure(const struct heal_drift *drift,
                                           const struct heal_drift_training *training,
                                           enum heal_feature feature);

#endif
