/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What a model's file says about its numbers: the texts of its metadata, as values (docs/model.md). Values
 * only.
 */
#ifndef HEAL_WEIGHTS_CARD_H
#define HEAL_WEIGHTS_CARD_H

#include "gnn/quantiles.h"
#include "gnn/ranges.h"
#include "gnn/scaling.h"
#include "gnn/score.h"
#include "gnn/shape.h"

enum {
    HEAL_CARD_HASH_MAX = 65,
    HEAL_CARD_WORDS_MAX = 512,
    HEAL_CARD_FIGURES_MAX = 64,
    HEAL_CARD_VERSION = 1, /**< of the metadata: a reader refuses another */
};

enum heal_card_network {
    HEAL_CARD_FLOAT, /**< single precision, as it was trained */
    HEAL_CARD_INT8,  /**< eight-bit integers, as a node runs it */
};

/** How good it was, where it was tried: "f1", "recall.link-loss". */
struct heal_card_figure {
    char name[HEAL_GNN_NAME_MAX];
    float value;
};

struct heal_card {
    enum heal_card_network network;
    struct heal_gnn_shape shape;
    struct heal_gnn_scaling scaling;                  /**< with the features' names */
    float threshold;                                  /**< logits above it are called sick */
    char kind[HEAL_GNN_KINDS_MAX][HEAL_GNN_NAME_MAX]; /**< [shape.kinds] */
    bool measured;                                    /**< whether the ranges are known */
    struct heal_gnn_ranges ranges;                    /**< what quantising it needs */
    struct heal_gnn_quantiles trained_on;             /**< of the features that it has learned from */
    char data[HEAL_CARD_HASH_MAX];    /**< SHA-256 of what it was trained on, hexadecimal; empty: not said */
    char made[HEAL_CARD_WORDS_MAX];   /**< the command that makes it anew; empty: not said */
    char recipe[HEAL_CARD_WORDS_MAX]; /**< how it was trained; empty: not said */
    uint64_t seed;
    uint16_t figures;
    struct heal_card_figure figure[HEAL_CARD_FIGURES_MAX];
};

/** Whether features, kinds and figures can be called so: of letters, digits, `.`, `_` and `-`, not empty. */
bool heal_card_is_name(const char *name);

/** Adds a figure, or changes it; one with too long a name, or beyond HEAL_CARD_FIGURES_MAX, is left out. */
void heal_card_set_figure(struct heal_card *card, const char *name, float value);
/** Adds what a score comes to: "accuracy", "precision", "recall", "f1", "fpr", each behind @p prefix. */
void heal_card_set_score(struct heal_card *card, const char *prefix, const struct heal_gnn_score *score);
/** @return the figure called @p name, or NULL. */
const float *heal_card_figure(const struct heal_card *card, const char *name);

/** @return the threshold in 1 / HEAL_GNN_LOGIT_ONE, as a node has it; beyond half of what an int32_t holds no
 * logit lies. */
int32_t heal_card_threshold(const struct heal_card *card);

/** @return 0, or -EINVAL with words: a shape that is none, features or kinds without a name or with the same,
 * a number that is none. Whatever is read was checked. */
int heal_card_check(const struct heal_card *card, struct heal_error *error);

#endif
