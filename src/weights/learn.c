/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "weights/learn.h"

#include "gnn/integer.h"
#include "gnn/score.h"
#include "gnn/trainer.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { FIFTHS = 5, HIDDEN = 64 };

struct course {
    struct heal_gnn_training training;
    uint32_t *order;               /* 0, 1, 2 …: all samples */
    struct heal_gnn_choice judged; /* by which the threshold is chosen */
    struct heal_weights weights;
};

static int begin(struct course *course, const struct heal_gnn_dataset *dataset,
                 const struct heal_learning *how, struct heal_error *error) {
    size_t samples = heal_gnn_dataset_samples(dataset), kept = samples / FIFTHS, learnt = samples - kept;
    struct heal_gnn_layout layout;

    course->training = (struct heal_gnn_training){.dataset = dataset, .recipe = heal_gnn_recipe_default};
    course->training.recipe.seed = how->seed;
    if (how->epochs > 0)
        course->training.recipe.epochs = how->epochs;
    heal_gnn_shape_default(heal_gnn_dataset_inputs(dataset),
                           (uint16_t)(how->hidden > 0 ? how->hidden : HIDDEN), 0, &course->training.shape);
    int r = heal_gnn_integer_fits(&course->training.shape, error); /* before hours of work */
    if (r < 0)
        return r;
    course->order = calloc(samples + 1, sizeof *course->order);
    if (!course->order)
        return -ENOMEM;
    for (uint32_t i = 0; i < samples; i++)
        course->order[i] = i;
    course->training.learnt = (struct heal_gnn_choice){course->order, learnt};
    course->judged =
        kept > 0 ? (struct heal_gnn_choice){course->order + learnt, kept} : course->training.learnt;
    heal_gnn_layout_make(&course->training.shape, &layout);
    course->weights.number = calloc(layout.weights, sizeof *course->weights.number);
    return course->weights.number ? 0 : -ENOMEM;
}

/* ---- how well it has learnt ---- */

/* The logits of those whose truth is known. @return how many */
static size_t list_answers(const struct course *course, const float *logit,
                           struct heal_gnn_answer *ret_answer) {
    size_t count = 0;

    for (size_t i = 0; i < course->judged.count; i++) {
        struct heal_gnn_sample sample =
            heal_gnn_dataset_sample(course->training.dataset, course->judged.sample[i]);

        for (uint32_t v = 0; v < sample.graph.vertices; v++, logit++)
            if (sample.label[v] != HEAL_GNN_UNKNOWN)
                ret_answer[count++] = (struct heal_gnn_answer){*logit, sample.label[v] == HEAL_GNN_SICK};
    }
    return count;
}

static void judge(struct course *course, struct heal_gnn_answer *answer, size_t count) {
    struct heal_card *card = &course->weights.card;
    struct heal_gnn_score score = {0};
    float threshold = heal_gnn_threshold_best(answer, count);

    card->threshold = isfinite(threshold) ? threshold : 0;
    if (course->judged.sample == course->training.learnt.sample)
        return; /* what it has learnt by heart shows nothing */
    for (size_t i = 0; i < count; i++)
        heal_gnn_score_add(&score, answer[i].logit > card->threshold, answer[i].sick);
    heal_card_set_score(card, "", &score);
}

static int look(struct course *course) {
    const struct heal_gnn_training *training = &course->training;
    size_t vertices = heal_gnn_choice_vertices(training->dataset, &course->judged);
    float *logit = calloc(vertices + 1, sizeof *logit);
    struct heal_gnn_answer *answer = calloc(vertices + 1, sizeof *answer);
    int r = logit && answer ? heal_gnn_predict(training->dataset, &course->judged, &training->shape,
                                               &course->weights.card.scaling, course->weights.number, logit)
                            : -ENOMEM;

    if (r == 0)
        judge(course, answer, list_answers(course, logit, answer));
    free(logit);
    free(answer);
    return r;
}

static int learn(struct course *course, struct heal_error *error) {
    const struct heal_gnn_training *training = &course->training;
    struct heal_card *card = &course->weights.card;
    int r = heal_gnn_train(training, &card->scaling, course->weights.number, error);

    if (r < 0)
        return r;
    card->network = HEAL_CARD_FLOAT;
    card->shape = training->shape;
    card->seed = training->recipe.seed;
    card->measured = true;
    r = heal_gnn_ranges_settle(training->dataset, &training->learnt, &training->shape, &card->scaling,
                               course->weights.number, &card->ranges);
    r = r < 0 ? r
              : heal_gnn_quantiles_fit(training->dataset, training->learnt.sample, training->learnt.count,
                                       &card->trained_on);
    return r < 0 ? r : look(course);
}

int heal_weights_learn(const struct heal_gnn_dataset *dataset, const struct heal_learning *how,
                       struct heal_weights *ret_weights, struct heal_error *error) {
    struct course course = {0};

    if (how->hidden > HEAL_GNN_HIDDEN_MAX || how->seed > INT64_MAX)
        return heal_error_set(error, -EINVAL, 0, 0, "a hidden width of %u, or a seed beyond 2^63",
                              how->hidden);
    int r = begin(&course, dataset, how, error);
    r = r < 0 ? r : learn(&course, error);
    free(course.order);
    if (r < 0)
        heal_weights_deinit(&course.weights);
    else
        *ret_weights = course.weights;
    return r;
}
