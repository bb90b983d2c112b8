/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/score.h"

#include <math.h>
#include <stdlib.h>

void heal_gnn_score_add(struct heal_gnn_score *score, bool verdict, bool truth) {
    uint64_t *count = truth ? (verdict ? &score->right_alarms : &score->missed)
                            : (verdict ? &score->false_alarms : &score->right_silences);

    ++*count;
}

static double share(uint64_t part, uint64_t rest) {
    return part > 0 ? (double)part / ((double)part + (double)rest) : 0;
}

double heal_gnn_score_accuracy(const struct heal_gnn_score *score) {
    return share(score->right_alarms + score->right_silences, score->false_alarms + score->missed);
}

double heal_gnn_score_precision(const struct heal_gnn_score *score) {
    return share(score->right_alarms, score->false_alarms);
}

double heal_gnn_score_recall(const struct heal_gnn_score *score) {
    return share(score->right_alarms, score->missed);
}

double heal_gnn_score_f1(const struct heal_gnn_score *score) {
    return share(2 * score->right_alarms, score->false_alarms + score->missed);
}

double heal_gnn_score_false_rate(const struct heal_gnn_score *score) {
    return share(score->false_alarms, score->right_silences);
}

static int by_logit(const void *a, const void *b) {
    float left = ((const struct heal_gnn_answer *)a)->logit,
          right = ((const struct heal_gnn_answer *)b)->logit;

    return (left < right) - (left > right);
}

float heal_gnn_threshold_best(struct heal_gnn_answer *answer, size_t count) {
    struct heal_gnn_score score = {0};
    float threshold = -INFINITY;
    double best = -1;

    for (size_t i = 0; i < count; i++)
        score.missed += answer[i].sick;
    qsort(answer, count, sizeof *answer, by_logit);
    for (size_t i = 0; i < count; i++) {
        score.right_alarms += answer[i].sick;
        score.missed -= answer[i].sick;
        score.false_alarms += !answer[i].sick;
        if (i + 1 < count && answer[i + 1].logit == answer[i].logit)
            continue; /* no threshold parts equals */
        double f1 = heal_gnn_score_f1(&score);
        if (f1 > best) {
            best = f1;
            threshold = i + 1 < count ? (answer[i].logit + answer[i + 1].logit) / 2 : -INFINITY;
        }
    }
    return threshold;
}
