/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "knowledge/drift.h"

#include <math.h>

enum { BELOW, ABOVE = HEAL_DRIFT_BINS - 1 };

/* The training's share between two edges that follow each other; what lies beyond the first and the last. */
static const float beyond = 0.005F, tenth = 0.1F;

/* Where values repeat (a loss of 0), edges are equal: all of that value count into the first bin that ends
 * with it, and the bins between are empty, of the training's share, too. */
static int bin_of(const float *edge, float value) {
    int bin = 1;
    if (value < edge[0])
        return BELOW;
    if (value > edge[HEAL_DRIFT_EDGES - 1])
        return ABOVE;
    while (bin < HEAL_DRIFT_EDGES - 1 && edge[bin] < value)
        bin++;
    return bin;
}

static void training_shares(const float *edge, float share[static HEAL_DRIFT_BINS]) {
    int into = 1;
    share[BELOW] = share[ABOVE] = beyond;
    for (int bin = 1; bin < ABOVE; bin++) {
        share[bin] = 0;
        /* A bin of no width is part of the one before it. */
        if (bin == 1 || edge[bin] > edge[bin - 1])
            into = bin;
        share[into] += bin == 1 || bin == ABOVE - 1 ? tenth - beyond : tenth;
    }
}

static uint32_t sum_of(const uint32_t *bin) {
    uint32_t sum = 0;
    for (int i = 0; i < HEAL_DRIFT_BINS; i++)
        sum += bin[i];
    return sum;
}

/* Half a count in each bin: an empty one has some chance all the same (H. Jeffreys' prior). */
static void shares_of(const uint32_t *bin, float share[static HEAL_DRIFT_BINS]) {
    float all = (float)sum_of(bin) + HEAL_DRIFT_BINS * 0.5F;
    for (int i = 0; i < HEAL_DRIFT_BINS; i++)
        share[i] = ((float)bin[i] + 0.5F) / all;
}

static float index_of(const float *p, const float *q) {
    float index = 0;
    for (int i = 0; i < HEAL_DRIFT_BINS; i++)
        if (p[i] > 0 && q[i] > 0)
            index += (p[i] - q[i]) * logf(p[i] / q[i]);
    return index;
}

static void halve(struct heal_drift_counts *counts) {
    for (int feature = 0; feature < HEAL_FEATURES; feature++) {
        for (int bin = 0; bin < HEAL_DRIFT_BINS; bin++)
            counts->bin[feature][bin] /= 2;
        counts->missing[feature] /= 2;
    }
}

void heal_drift_add(struct heal_drift *drift, const struct heal_drift_training *training, heal_us now,
                    const struct heal_features *features) {
    if (training->known == 0)
        return;
    if (drift->halved == 0)
        drift->halved = now;
    if (now - drift->halved >= HEAL_DRIFT_HALVED_US) {
        halve(&drift->now);
        drift->halved = now;
    }
    for (int i = 0; i < HEAL_FEATURES; i++) {
        float value = features->value[i];
        if (!(features->valid >> i & 1) || isnan(value))
            drift->now.missing[i]++;
        else
            drift->now.bin[i][training->known >> i & 1 ? bin_of(training->edge[i], value) : BELOW]++;
    }
}

void heal_drift_trust(struct heal_drift *drift) {
    drift->trusted = drift->now;
}

struct heal_drift_figure heal_drift_figure(const struct heal_drift *drift,
                                           const struct heal_drift_training *training,
                                           enum heal_feature feature) {
    const uint32_t *now = drift->now.bin[feature], *trusted = drift->trusted.bin[feature];
    uint32_t samples = sum_of(now), outside = now[BELOW] + now[ABOVE];
    uint32_t looks = samples + drift->now.missing[feature];
    struct heal_drift_figure figure = {
        .samples = samples,
        .missing = looks > 0 ? (float)drift->now.missing[feature] / (float)looks : NAN,
        .outside = {.value = samples > 0 ? (float)outside / (float)samples : NAN,
                    .interval = heal_share_interval(outside, samples)},
        .moved = NAN,
        .trained = NAN,
    };
    float p[HEAL_DRIFT_BINS], q[HEAL_DRIFT_BINS];
    if (samples < HEAL_DRIFT_SAMPLES_LEAST || !(training->known >> feature & 1))
        return figure;
    shares_of(now, p);
    training_shares(training->edge[feature], q);
    figure.trained = index_of(p, q);
    if (sum_of(trusted) < HEAL_DRIFT_SAMPLES_LEAST)
        return figure;
    shares_of(trusted, q);
    figure.moved = index_of(p, q);
    return figure;
}
