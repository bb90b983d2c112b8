/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "training/course.h"

#include "gnn/quantise.h"
#include "training/workers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void heal_course_settings_init(struct heal_course_settings *ret_settings) {
    *ret_settings = (struct heal_course_settings){
        .recipe = heal_gnn_recipe_default,
        .split = {.pieces = 5, .piece = 5, .gap = HEAL_SPLIT_GAP_AUTO},
        .hidden = 64,
    };
    ret_settings->recipe.patience = 20;
    ret_settings->recipe.omission.features_of_256 = 38; /* a node lacks some, and it must still be right */
    ret_settings->recipe.seed = 1;
}

/* A course under way. */
struct lesson {
    const struct heal_gnn_dataset *dataset;
    const struct heal_course_onlooker *onlooker;
    struct heal_split split;
    struct heal_course course;
};

/* ---- the epochs ---- */

static void on_epoch(void *context, const struct heal_gnn_progress *progress) {
    struct lesson *lesson = context;
    struct heal_course *course = &lesson->course;

    course->point[course->epochs++] =
        (struct heal_course_point){(float)progress->error, (float)progress->validated};
    course->best = progress->best;
    if (lesson->onlooker->on_epoch)
        lesson->onlooker->on_epoch(lesson->onlooker->context, progress);
}

static bool goes_on(void *context, uint32_t batch, uint32_t batches) {
    const struct heal_course_onlooker *onlooker = ((struct lesson *)context)->onlooker;

    return !onlooker->goes_on || onlooker->goes_on(onlooker->context, batch, batches);
}

static int learn(struct lesson *lesson, struct heal_error *error) {
    struct heal_course *course = &lesson->course;
    struct heal_workers *workers = heal_workers_new(course->settings.threads);
    const struct heal_gnn_training training = {.dataset = lesson->dataset,
                                               .learnt = lesson->split.learnt,
                                               .validated = lesson->split.kept,
                                               .shape = course->shape,
                                               .recipe = course->settings.recipe,
                                               .workers = workers ? heal_workers_of(workers)
                                                                  : (struct heal_gnn_workers){0},
                                               .on_epoch = on_epoch,
                                               .goes_on = goes_on,
                                               .context = lesson};
    int r = workers ? heal_gnn_train(&training, &course->scaling, course->weights, error) : -ENOMEM;

    heal_workers_free(workers);
    return r;
}

/* ---- what becomes of it ---- */

static int quantise(struct lesson *lesson, struct heal_error *error) {
    struct heal_course *course = &lesson->course;
    const struct heal_gnn_choice *learnt = &lesson->split.learnt;
    int r = heal_gnn_quantiles_fit(lesson->dataset, learnt->sample, learnt->count, &course->quantiles);

    if (r == 0)
        r = heal_gnn_ranges_settle(lesson->dataset, learnt, &course->shape, &course->scaling, course->weights,
                                   &course->ranges);
    return r < 0
               ? r
               : heal_gnn_quantise(&course->shape, course->weights, &course->ranges, course->network, error);
}

static int judge(struct lesson *lesson, struct heal_error *error) {
    struct heal_course *course = &lesson->course;
    const struct heal_asked asked = heal_course_asked(course);
    struct heal_answers answers;
    int r = heal_answers_ask(&asked, lesson->dataset, &lesson->split.kept, &answers);

    if (r < 0)
        return r;
    r = heal_threshold_choose(&answers, course->settings.rate, &course->threshold, error);
    if (r == 0)
        heal_comparison_make(&answers, &asked, course->threshold.logit, &course->kept);
    heal_answers_deinit(&answers);
    return r;
}

/* ---- all of it ---- */

/* Before hours are spent on it. */
static int check_kept(const struct lesson *lesson, struct heal_error *error) {
    struct heal_answers none = {0};
    struct heal_conformal_bound bound;

    for (size_t i = 0; i < lesson->split.kept.count; i++) {
        struct heal_gnn_sample sample =
            heal_gnn_dataset_sample(lesson->dataset, lesson->split.kept.sample[i]);

        none.graphs++;
        for (uint32_t v = 0; v < sample.graph.vertices; v++) {
            none.count += sample.label[v] != HEAL_GNN_UNKNOWN;
            none.sick += sample.label[v] == HEAL_GNN_SICK;
            none.unknown += sample.label[v] == HEAL_GNN_UNKNOWN;
        }
    }
    return heal_threshold_check(&none, lesson->course.settings.rate, &bound, error);
}

static int begin(struct lesson *lesson, struct heal_error *error) {
    struct heal_course *course = &lesson->course;
    struct heal_gnn_layout layout;
    int r = heal_split_make(lesson->dataset, &course->settings.split, &lesson->split, error);

    if (r < 0)
        return r;
    course->split = lesson->split;
    course->split.sample = NULL;
    course->graphs_learnt = lesson->split.learnt.count;
    course->graphs_kept = lesson->split.kept.count;
    heal_gnn_shape_default(heal_gnn_dataset_inputs(lesson->dataset), course->settings.hidden,
                           course->settings.kinds, &course->shape);
    r = heal_gnn_integer_fits(&course->shape, error); /* before hours of work */
    r = r < 0 ? r : check_kept(lesson, error);
    if (r < 0)
        return r;
    heal_gnn_layout_make(&course->shape, &layout);
    course->weights = calloc(layout.weights, sizeof *course->weights);
    course->network = calloc(1, sizeof *course->network);
    course->point = calloc(course->settings.recipe.epochs + 1U, sizeof *course->point);
    return course->weights && course->network && course->point ? 0 : -ENOMEM;
}

int heal_course_take(const struct heal_gnn_dataset *dataset, const struct heal_course_settings *settings,
                     const struct heal_course_onlooker *onlooker, struct heal_course *ret_course,
                     struct heal_error *error) {
    static const struct heal_course_onlooker nobody = {0};
    struct lesson lesson = {
        .dataset = dataset, .onlooker = onlooker ? onlooker : &nobody, .course.settings = *settings};
    int r = begin(&lesson, error);

    r = r < 0 ? r : learn(&lesson, error);
    r = r < 0 ? r : quantise(&lesson, error);
    r = r < 0 ? r : judge(&lesson, error);
    heal_split_deinit(&lesson.split);
    if (r < 0)
        heal_course_deinit(&lesson.course);
    else
        *ret_course = lesson.course;
    return r;
}

struct heal_asked heal_course_asked(const struct heal_course *course) {
    return (struct heal_asked){.shape = &course->shape,
                               .scaling = &course->scaling,
                               .weights = course->weights,
                               .network = course->network};
}

void heal_course_deinit(struct heal_course *course) {
    free(course->weights);
    free(course->network);
    free(course->point);
    *course = (struct heal_course){0};
}
