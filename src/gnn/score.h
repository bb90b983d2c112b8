/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * How good verdicts are: the four counts, and what is read from them. Pure functions of their arguments.
 */
#ifndef HEAL_GNN_SCORE_H
#define HEAL_GNN_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The confusion matrix of one yes-or-no question. */
struct heal_gnn_score {
    uint64_t right_alarms, false_alarms, missed, right_silences;
};

void heal_gnn_score_add(struct heal_gnn_score *score, bool verdict, bool truth);

/** In [0, 1]; 0 where nothing was asked or said. */
double heal_gnn_score_accuracy(const struct heal_gnn_score *score);
double heal_gnn_score_precision(const struct heal_gnn_score *score);
double heal_gnn_score_recall(const struct heal_gnn_score *score);
double heal_gnn_score_f1(const struct heal_gnn_score *score);
/** The share of the healthy that are called sick. */
double heal_gnn_score_false_rate(const struct heal_gnn_score *score);

/** What was said of a vertex, and what is true of it: to choose a threshold by. */
struct heal_gnn_answer {
    float logit;
    bool sick;
};

/**
 * The threshold with the best F1: halfway between the last that is called and the first that is not.
 * @param answer is sorted in place @return -INFINITY for none
 */
float heal_gnn_threshold_best(struct heal_gnn_answer *answer, size_t count);

#endif
