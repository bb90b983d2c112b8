/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "training/model.h"

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- what its card says ---- */

static void set_figure(struct heal_card *card, const char *prefix, const char *name, double value) {
    char whole[2 * HEAL_GNN_NAME_MAX];

    snprintf(whole, sizeof whole, "%s%s", prefix, name);
    heal_card_set_figure(card, whole, (float)value);
}

/* @param set NULL: its kinds are not told */
static void set_figures(struct heal_card *card, const char *prefix, const struct heal_figures *figures,
                        const struct heal_dataset *set) {
    if (!figures->known)
        return;
    heal_card_set_score(card, prefix, &figures->score);
    set_figure(card, prefix, "calibration-error", (double)heal_calibration_error(&figures->calibration));
    for (unsigned k = 0; set && k < set->kinds; k++) {
        uint64_t sick = figures->found[k] + figures->missed[k];
        char name[HEAL_GNN_NAME_MAX + 8];

        snprintf(name, sizeof name, "recall.%s", set->kind[k]);
        if (sick > 0)
            set_figure(card, prefix, name, (double)figures->found[k] / (double)sick);
    }
}

/* What was kept has helped to choose; a set of its own has not, and says more. */
static void set_all_figures(struct heal_card *card, const struct heal_course *course,
                            const struct heal_course_origin *origin, bool integer) {
    const struct heal_comparison *kept = &course->kept, *test = origin->test;
    uint64_t right = integer ? kept->integer_classes.right : kept->single_classes.right;

    set_figures(card, "", integer ? &kept->integer : &kept->single, origin->kept_set);
    if (kept->classes > 0)
        set_figure(card, "", "class-accuracy", (double)right / (double)kept->graphs);
    if (test)
        set_figures(card, "test.", integer ? &test->integer : &test->single, NULL);
}

static void tell_recipe(const struct heal_course *course, char *buffer, size_t size) {
    const struct heal_gnn_recipe *recipe = &course->settings.recipe;
    struct heal_text text;

    heal_text_init(&text, buffer, size);
    heal_text_add(&text, "AdamW to %g, decay %g, one cycle of %u epochs, batch %u",
                  (double)recipe->adamw.rate, (double)recipe->adamw.weight_decay, recipe->epochs,
                  recipe->batch);
    heal_text_add(&text, ", dropout %u/256, without %u/256 of vertices and %u/256 of features",
                  recipe->dropout_of_256, recipe->omission.vertices_of_256, recipe->omission.features_of_256);
    heal_text_add(&text, ", sick weight %g, focus %g", (double)recipe->loss.sick_weight,
                  (double)recipe->loss.focus);
    heal_text_add(&text, ", epoch %u of %u kept, validated on piece %u of %u by %s", course->best,
                  course->epochs, course->settings.split.piece, course->settings.split.pieces,
                  course->split.by == HEAL_SPLIT_RUN ? "run" : "time");
}

static void fill_card(const struct heal_course *course, const struct heal_course_origin *origin,
                      struct heal_card *card) {
    *card = (struct heal_card){
        .network = HEAL_CARD_FLOAT,
        .shape = course->shape,
        .scaling = course->scaling,
        .trained_on = course->quantiles,
        .threshold = (float)course->threshold.logit / HEAL_GNN_LOGIT_ONE,
        .measured = true,
        .ranges = course->ranges,
        .seed = course->settings.recipe.seed,
    };
    for (unsigned k = 0; k < course->shape.kinds; k++)
        heal_name_copy(card->kind[k], sizeof card->kind[k], origin->kept_set->kind[k + 1]);
    heal_name_copy(card->data, sizeof card->data, origin->data);
    heal_name_copy(card->made, sizeof card->made, origin->made);
    tell_recipe(course, card->recipe, sizeof card->recipe);
}

/* ---- the models ---- */

static float *copy_weights(const struct heal_course *course) {
    struct heal_gnn_layout layout;

    heal_gnn_layout_make(&course->shape, &layout);
    float *copy = calloc(layout.weights, sizeof *copy);
    if (copy)
        memcpy(copy, course->weights, layout.weights * sizeof *copy);
    return copy;
}

int heal_course_models(const struct heal_course *course, const struct heal_course_origin *origin,
                       struct heal_weights *ret_single, struct heal_weights *ret_integer,
                       struct heal_error *error) {
    struct heal_weights single = {.number = copy_weights(course)}, integer = {0};

    if (!single.number)
        return -ENOMEM;
    fill_card(course, origin, &single.card);
    int r = heal_weights_quantise(&single, &integer, error);
    if (r < 0) {
        heal_weights_deinit(&single);
        return r;
    }
    set_all_figures(&single.card, course, origin, false);
    set_all_figures(&integer.card, course, origin, true);
    *ret_single = single;
    *ret_integer = integer;
    return 0;
}

struct heal_asked heal_model_asked(const struct heal_weights *weights, int32_t *ret_threshold) {
    const struct heal_card *card = &weights->card;

    *ret_threshold = heal_card_threshold(card);
    return (struct heal_asked){.shape = &card->shape,
                               .scaling = &card->scaling,
                               .weights = weights->number,
                               .network = weights->integer};
}
