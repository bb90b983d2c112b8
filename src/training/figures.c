/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "training/figures.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* ---- the threshold ---- */

/* Midway between two whole numbers parts them as the lower one does. */
static int best_f1(const struct heal_answers *answers, int32_t *ret_logit) {
    struct heal_gnn_answer *known = calloc(answers->count + 1, sizeof *known);
    int32_t least = INT32_MAX;

    if (!known)
        return -ENOMEM;
    for (size_t i = 0; i < answers->count; i++) {
        int32_t logit = answers->answer[i].integer;

        known[i] = (struct heal_gnn_answer){(float)logit, answers->answer[i].sick};
        least = logit < least ? logit : least;
    }
    float threshold = heal_gnn_threshold_best(known, answers->count);
    *ret_logit = isfinite(threshold) ? (int32_t)floorf(threshold) : least - 1;
    free(known);
    return 0;
}

static int by_value(const void *a, const void *b) {
    int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;

    return (left > right) - (left < right);
}

static int by_rate(const struct heal_answers *answers, struct heal_threshold *threshold) {
    int32_t *healthy = calloc(answers->count + 1, sizeof *healthy);
    size_t count = 0;

    if (!healthy)
        return -ENOMEM;
    for (size_t i = 0; i < answers->count; i++)
        if (!answers->answer[i].sick)
            healthy[count++] = answers->answer[i].integer;
    qsort(healthy, count, sizeof *healthy, by_value);
    threshold->logit = threshold->bound.threshold = healthy[threshold->bound.rank - 1];
    free(healthy);
    return 0;
}

int heal_threshold_check(const struct heal_answers *answers, float rate,
                         struct heal_conformal_bound *ret_bound, struct heal_error *error) {
    size_t healthy = answers->count - answers->sick;

    *ret_bound = (struct heal_conformal_bound){.known = false};
    if (answers->count == 0)
        return heal_error_set(
            error, -EINVAL, 0, 0,
            "%zu graphs to validate on, and of none of their %zu vertices the truth is known",
            answers->graphs, answers->unknown);
    if (answers->sick == 0 || healthy == 0)
        return heal_error_set(error, -EINVAL, 0, 0,
                              "%zu sick and %zu healthy vertices to validate on: both are needed",
                              answers->sick, healthy);
    if (rate <= 0)
        return 0;
    *ret_bound = heal_conformal_promise((uint32_t)healthy, rate);
    if (ret_bound->known)
        return 0;
    return heal_error_set(error, -EINVAL, 0, 0,
                          "%zu healthy vertices to validate on: a rate of %g needs %u at least", healthy,
                          (double)rate, ret_bound->needed);
}

int heal_threshold_choose(const struct heal_answers *answers, float rate,
                          struct heal_threshold *ret_threshold, struct heal_error *error) {
    struct heal_threshold threshold = {0};
    int r = heal_threshold_check(answers, rate, &threshold.bound, error);

    if (r == 0)
        r = rate > 0 ? by_rate(answers, &threshold) : best_f1(answers, &threshold.logit);
    if (r == 0)
        *ret_threshold = threshold;
    return r;
}

/* ---- what it gives ---- */

static void add(struct heal_figures *figures, const struct heal_answer *answer, int32_t logit, bool alarm) {
    heal_gnn_score_add(&figures->score, alarm, answer->sick);
    heal_calibration_add(&figures->calibration, logit, answer->sick);
    if (answer->sick && answer->kind < HEAL_DATASET_KINDS_MAX)
        ++*(alarm ? &figures->found[answer->kind] : &figures->missed[answer->kind]);
}

/* Beyond 2^20 a chance is 0 or 1. */
static int32_t whole_logit(float logit) {
    static const float most = (float)(1 << 20);

    return (int32_t)lrintf(fmaxf(-most, fminf(most, logit * HEAL_GNN_LOGIT_ONE)));
}

static void add_class(struct heal_classes *classes, unsigned count, unsigned said, unsigned truth) {
    classes->right += said == truth;
    for (unsigned c = 0; c < count; c++)
        heal_gnn_score_add(&classes->of[c], said == c, truth == c);
}

static void add_classes(const struct heal_answers *answers, struct heal_comparison *comparison) {
    bool single = comparison->single.known, integer = comparison->integer.known;

    for (size_t i = 0; i < answers->graphs; i++) {
        const struct heal_class_answer *answer = &answers->class_of[i];

        if (single)
            add_class(&comparison->single_classes, comparison->classes, answer->single, answer->truth);
        if (integer)
            add_class(&comparison->integer_classes, comparison->classes, answer->integer, answer->truth);
        comparison->class_flips += single && integer && answer->single != answer->integer;
    }
}

void heal_comparison_make(const struct heal_answers *answers, const struct heal_asked *asked,
                          int32_t threshold, struct heal_comparison *ret_comparison) {
    struct heal_comparison comparison = {.graphs = answers->graphs,
                                         .vertices = answers->count,
                                         .sick = answers->sick,
                                         .unknown = answers->unknown,
                                         .single.known = asked->weights != NULL,
                                         .integer.known = asked->network != NULL};
    float limit = (float)threshold / HEAL_GNN_LOGIT_ONE;

    for (size_t i = 0; i < answers->count; i++) {
        const struct heal_answer *answer = &answers->answer[i];
        bool single = comparison.single.known && answer->logit > limit;
        bool integer = comparison.integer.known && answer->integer > threshold;

        if (comparison.single.known)
            add(&comparison.single, answer, whole_logit(answer->logit), single);
        if (comparison.integer.known)
            add(&comparison.integer, answer, answer->integer, integer);
        comparison.flips += comparison.single.known && comparison.integer.known && single != integer;
    }
    if (answers->class_of) {
        comparison.classes = asked->shape->kinds + 1U;
        add_classes(answers, &comparison);
    }
    *ret_comparison = comparison;
}

int heal_comparison_ask(const struct heal_asked *asked, const struct heal_gnn_dataset *dataset,
                        int32_t threshold, struct heal_comparison *ret_comparison) {
    size_t samples = heal_gnn_dataset_samples(dataset);
    uint32_t *sample = calloc(samples + 1, sizeof *sample);
    struct heal_answers answers;

    if (!sample)
        return -ENOMEM;
    for (uint32_t i = 0; i < samples; i++)
        sample[i] = i;
    int r = heal_answers_ask(asked, dataset, &(struct heal_gnn_choice){sample, samples}, &answers);
    free(sample);
    if (r < 0)
        return r;
    heal_comparison_make(&answers, asked, threshold, ret_comparison);
    heal_answers_deinit(&answers);
    return 0;
}
