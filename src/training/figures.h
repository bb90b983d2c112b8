/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * How good answers are: the threshold that is to part them, and with it the four counts, what was found of
 * each kind, whether the chances mean what they say, and where eight bits decide otherwise than single
 * precision. Values only.
 */
#ifndef HEAL_TRAINING_FIGURES_H
#define HEAL_TRAINING_FIGURES_H

#include "dataset/dataset.h"
#include "gnn/score.h"
#include "knowledge/calibration.h"
#include "knowledge/conformal.h"
#include "training/answers.h"

/** Of one kind of arithmetic. */
struct heal_figures {
    bool known; /**< whether that was asked at all */
    struct heal_gnn_score score;
    uint64_t found[HEAL_DATASET_KINDS_MAX], missed[HEAL_DATASET_KINDS_MAX]; /**< of the sick, by kind */
    struct heal_calibration calibration;
};

/** What is wrong with graphs: how many were told right, and of each class what was said of it. */
struct heal_classes {
    uint64_t right;
    struct heal_gnn_score of[HEAL_GNN_KINDS_MAX + 1];
};

/** Of one set of answers, in both. */
struct heal_comparison {
    size_t graphs, vertices, sick, unknown; /**< as in struct heal_answers */
    struct heal_figures single, integer;
    size_t flips;     /**< vertices about which they do not agree; 0 where only one was asked */
    unsigned classes; /**< of graphs; 0: the network has no kinds */
    struct heal_classes single_classes, integer_classes;
    size_t class_flips; /**< graphs about which they do not agree */
};

/** A threshold, and what it was chosen by. */
struct heal_threshold {
    int32_t logit;                     /**< logits above it are alarms; in 1 / HEAL_GNN_LOGIT_ONE */
    struct heal_conformal_bound bound; /**< what it promises; known: by a rate of false alarms */
};

/**
 * The threshold with the best F1; or, with a rate, the one that promises no more false alarms than that.
 * @param rate in (0, 0.5]; 0: the best F1
 * @return 0, -ENOMEM, or -EINVAL with words: not both sick and healthy ones, or too few healthy ones for the
 * rate.
 */
int heal_threshold_choose(const struct heal_answers *answers, float rate,
                          struct heal_threshold *ret_threshold, struct heal_error *error);

/** Whether there is what a threshold is chosen by; the answers' counts alone are looked at.
 * @param ret_bound what a rate promises @return as above. */
int heal_threshold_check(const struct heal_answers *answers, float rate,
                         struct heal_conformal_bound *ret_bound, struct heal_error *error);

/** @param threshold in 1 / HEAL_GNN_LOGIT_ONE @param asked who has answered */
void heal_comparison_make(const struct heal_answers *answers, const struct heal_asked *asked,
                          int32_t threshold, struct heal_comparison *ret_comparison);

/** Asks about all of a set. @return 0 or -ENOMEM. */
int heal_comparison_ask(const struct heal_asked *asked, const struct heal_gnn_dataset *dataset,
                        int32_t threshold, struct heal_comparison *ret_comparison);

#endif
