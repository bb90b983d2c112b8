/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Learning: what only the neighbours know is learnt, and the same seed gives the same weights whoever works.
 */
#include "gnn/score.h"
#include "gnn/trainer.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { INPUTS = 2, KINDS = 2, VERTICES = 12, SAMPLES = 160, LEARNT = 120, WEIGHTS_MAX = 4096 };

static struct heal_gnn_dataset *dataset;
static uint32_t sample[SAMPLES];
static float weights[WEIGHTS_MAX], again[WEIGHTS_MAX];

/* What is wrong with a graph: nothing, or that a second feature is very large or, which counts more, very
 * small. */
static uint8_t kind_of(const float *feature) {
    uint8_t kind = 0;

    for (uint32_t v = 0; v < VERTICES; v++) {
        if (feature[v * INPUTS + 1] < -2)
            return 2;
        kind = feature[v * INPUTS + 1] > 2 ? 1 : kind;
    }
    return kind;
}

/* A ring of nodes of two vertices each; a vertex is sick where a neighbour's first feature is large, and its
 * own says nothing. */
static int make_dataset(void **state) {
    uint32_t of[VERTICES];
    struct heal_random random;

    (void)state;
    for (uint32_t v = 0; v < VERTICES; v++)
        of[v] = v / 2;
    heal_random_init(&random, 5);
    dataset = heal_gnn_dataset_new(NULL, INPUTS);
    for (uint32_t i = 0; i < SAMPLES; i++) {
        struct heal_gnn_edge edge[VERTICES];
        float feature[VERTICES * INPUTS];
        uint8_t label[VERTICES];

        for (uint32_t v = 0; v < VERTICES; v++) {
            edge[v] = (struct heal_gnn_edge){v, (v + 1) % VERTICES};
            feature[v * INPUTS] = heal_random_uniform(&random) < 0.15 ? 4 : 0;
            feature[v * INPUTS] += 0.5F * (float)heal_random_normal(&random);
            feature[v * INPUTS + 1] = 0.5F * (float)heal_random_normal(&random);
            double draw = heal_random_uniform(&random);
            feature[v * INPUTS + 1] += draw < 0.05 ? 4.0F : draw < 0.1 ? -4.0F : 0;
        }
        for (uint32_t v = 0; v < VERTICES; v++)
            label[v] = feature[(v + 1) % VERTICES * INPUTS] > 2 ||
                       feature[(v + VERTICES - 1) % VERTICES * INPUTS] > 2;
        const struct heal_gnn_snapshot snapshot = {.vertices = VERTICES,
                                                   .edges = VERTICES,
                                                   .feature = feature,
                                                   .label = label,
                                                   .edge = edge,
                                                   .kind = kind_of(feature),
                                                   .node = of,
                                                   .time = i};
        sample[i] = i;
        if (!dataset || heal_gnn_dataset_add(dataset, &snapshot, NULL) < 0)
            return -1;
    }
    return 0;
}

static int free_dataset(void **state) {
    (void)state;
    dataset = heal_gnn_dataset_free(dataset);
    return 0;
}

static struct heal_gnn_training training_of(unsigned epochs) {
    struct heal_gnn_training training = {
        .dataset = dataset, .learnt = {.sample = sample, .count = LEARNT},
             .recipe = heal_gnn_recipe_default
    };

    heal_gnn_shape_default(INPUTS, 16, 0, &training.shape);
    training.recipe.epochs = epochs;
    training.recipe.seed = 3;
    training.recipe.adamw.rate = 2e-2F;
    return training;
}

/* On the samples that were not learnt. @return the mean error. */
static double judge(const struct heal_gnn_training *training, const struct heal_gnn_scaling *scaling,
                    struct heal_gnn_score *score) {
    const struct heal_gnn_choice choice = {.sample = sample + LEARNT, .count = SAMPLES - LEARNT};
    float logit[(SAMPLES - LEARNT) * VERTICES];
    double error = 0;

    *score = (struct heal_gnn_score){0};
    assert_int_equal(heal_gnn_predict(dataset, &choice, &training->shape, scaling, weights, logit), 0);
    for (size_t i = 0; i < choice.count * VERTICES; i++) {
        uint8_t label = heal_gnn_dataset_sample(dataset, LEARNT + i / VERTICES).label[i % VERTICES];

        heal_gnn_score_add(score, logit[i] > 0, label == HEAL_GNN_SICK);
        error += heal_gnn_loss_of(&training->recipe.loss, logit[i], label == HEAL_GNN_SICK, NULL);
    }
    return error / (double)(choice.count * VERTICES);
}

static double f1_of(const struct heal_gnn_training *training, const struct heal_gnn_scaling *scaling) {
    struct heal_gnn_score score;

    judge(training, scaling, &score);
    return heal_gnn_score_f1(&score);
}

static void learns_what_only_the_neighbours_know(void **state) {
    struct heal_gnn_training training = training_of(30);
    struct heal_gnn_scaling scaling;

    (void)state;
    assert_int_equal(heal_gnn_train(&training, &scaling, weights, NULL), 0);
    double f1 = f1_of(&training, &scaling);
    training.shape.layer[0].terms = training.shape.layer[1].terms = 0; /* the same without its neighbours */
    assert_int_equal(heal_gnn_train(&training, &scaling, weights, NULL), 0);
    double alone = f1_of(&training, &scaling);
    print_message("    F1 %.3f, without neighbours %.3f\n", f1, alone);
    assert_true(f1 > 0.9 && alone < 0.5);
}

static unsigned largest(const float *logit, unsigned count) {
    unsigned at = 0;

    for (unsigned i = 1; i < count; i++)
        at = logit[i] > logit[at] ? i : at;
    return at;
}

static void learns_what_is_wrong_with_a_graph(void **state) {
    struct heal_gnn_training training = training_of(60);
    const struct heal_gnn_choice choice = {.sample = sample + LEARNT, .count = SAMPLES - LEARNT};
    static float logit[(SAMPLES - LEARNT) * VERTICES], kind[(SAMPLES - LEARNT) * VERTICES * KINDS];
    struct heal_gnn_scaling scaling;
    struct heal_gnn_layout layout;
    unsigned right = 0, wrong = 0;

    (void)state;
    heal_gnn_shape_default(INPUTS, 16, KINDS, &training.shape);
    heal_gnn_layout_make(&training.shape, &layout);
    training.recipe.balance = (struct heal_gnn_balance){.vertex = 1, .node = 1, .graph = 2};
    training.recipe.omission.vertices_of_256 = 0;
    assert_int_equal(heal_gnn_train(&training, &scaling, weights, NULL), 0);
    assert_int_equal(
        heal_gnn_predict_kinds(dataset, &choice, &training.shape, &scaling, weights, logit, kind), 0);
    for (size_t i = 0; i < choice.count; i++) {
        float class_of[KINDS + 1];

        heal_gnn_pool_classes(VERTICES, KINDS, kind + i * VERTICES * KINDS, weights[layout.normal], class_of);
        bool is_right = largest(class_of, KINDS + 1) == heal_gnn_dataset_sample(dataset, LEARNT + i).kind;
        right += is_right;
        wrong += !is_right;
    }
    print_message("    %u kinds right, %u wrong; F1 of vertices %.3f\n", right, wrong,
                  f1_of(&training, &scaling));
    assert_true(right >= 9 * wrong && f1_of(&training, &scaling) > 0.9);
}

/* Whoever is free takes what is next: in any order. */
static void run_backwards(void *context, size_t parts, void (*work)(void *what, size_t part), void *what) {
    (void)context;
    while (parts-- > 0)
        work(what, parts);
}

static void the_same_seed_gives_the_same_weights(void **state) {
    struct heal_gnn_training training = training_of(3);
    struct heal_gnn_scaling scaling;

    (void)state;
    memset(weights, 0, sizeof weights);
    memset(again, 0, sizeof again);
    assert_int_equal(heal_gnn_train(&training, &scaling, weights, NULL), 0);
    training.workers.run = run_backwards;
    assert_int_equal(heal_gnn_train(&training, &scaling, again, NULL), 0);
    assert_memory_equal(weights, again, sizeof weights);
    training.recipe.seed++;
    assert_int_equal(heal_gnn_train(&training, &scaling, again, NULL), 0);
    assert_memory_not_equal(weights, again, sizeof weights);
}

/* As models are: whoever trains again what is published gets it to the byte, on whatever machine. */
static void the_weights_are_the_same_everywhere(void **state) {
    struct heal_gnn_training training = training_of(3);
    struct heal_gnn_scaling scaling;
    uint32_t hash = 2166136261U, bits;

    (void)state;
    memset(weights, 0, sizeof weights);
    training.recipe.loss = (struct heal_gnn_loss){.sick_weight = 2, .focus = 1.5F};
    assert_int_equal(heal_gnn_train(&training, &scaling, weights, NULL), 0);
    for (size_t w = 0; w < WEIGHTS_MAX; w++) {
        memcpy(&bits, &weights[w], sizeof bits);
        hash = (hash ^ bits) * 16777619U;
    }
    assert_int_equal(hash, 0x4eeb7522);
}

static void the_same_of_kinds(void **state) {
    struct heal_gnn_training training = training_of(3);
    struct heal_gnn_scaling scaling;

    (void)state;
    heal_gnn_shape_default(INPUTS, 16, KINDS, &training.shape);
    training.recipe.balance = (struct heal_gnn_balance){.vertex = 5, .node = 2.5F, .graph = 1};
    assert_int_equal(heal_gnn_train(&training, &scaling, weights, NULL), 0);
    training.workers.run = run_backwards;
    assert_int_equal(heal_gnn_train(&training, &scaling, again, NULL), 0);
    assert_memory_equal(weights, again, sizeof weights);
}

struct course {
    unsigned epochs;
    double best;
};

static void on_epoch(void *context, const struct heal_gnn_progress *progress) {
    struct course *course = context;

    assert_int_equal(progress->epoch, ++course->epochs);
    assert_true(progress->error >= 0);
    if (course->epochs == 1 || progress->validated < course->best)
        course->best = progress->validated;
}

/* Eight samples are soon known by heart, which makes the validation worse; the best weights are given back.
 */
static void ends_where_it_gets_no_better(void **state) {
    struct heal_gnn_training training = training_of(200);
    struct course course = {0};
    struct heal_gnn_scaling scaling;
    struct heal_gnn_score score;

    (void)state;
    training.learnt.count = 8;
    training.validated = (struct heal_gnn_choice){.sample = sample + LEARNT, .count = SAMPLES - LEARNT};
    training.recipe.patience = 5;
    training.on_epoch = on_epoch;
    training.context = &course;
    assert_int_equal(heal_gnn_train(&training, &scaling, weights, NULL), 0);
    print_message("    ended after %u epochs\n", course.epochs);
    assert_in_range(course.epochs, 6, 199);
    assert_true(judge(&training, &scaling, &score) == course.best);
}

static void what_teaches_nothing_is_refused(void **state) {
    struct heal_gnn_training training = training_of(1);
    struct heal_gnn_scaling scaling;
    struct heal_error error;

    (void)state;
    training.learnt.count = 0;
    assert_int_equal(heal_gnn_train(&training, &scaling, weights, &error), -EINVAL);
    assert_string_equal(error.what, "0 sick and 0 healthy vertices: both are to be learnt from");
    training = training_of(0);
    assert_int_equal(heal_gnn_train(&training, &scaling, weights, &error), -EINVAL);
    training = training_of(1);
    training.shape.hidden = 3;
    assert_int_equal(heal_gnn_train(&training, &scaling, weights, &error), -EINVAL);
    heal_gnn_shape_default(INPUTS + 1, 16, 0, &training.shape);
    assert_int_equal(heal_gnn_train(&training, &scaling, weights, &error), -EINVAL);
    assert_string_equal(error.what, "3 inputs: the data have 2");
    heal_gnn_shape_default(INPUTS, 16, 0, &training.shape);
    training.recipe.balance.graph = 1;
    training.learnt.count = LEARNT;
    assert_int_equal(heal_gnn_train(&training, &scaling, weights, &error), -EINVAL);
    assert_non_null(strstr(error.what, "the network has 0"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_what_only_the_neighbours_know),
        cmocka_unit_test(learns_what_is_wrong_with_a_graph),
        cmocka_unit_test(the_same_seed_gives_the_same_weights),
        cmocka_unit_test(the_weights_are_the_same_everywhere),
        cmocka_unit_test(the_same_of_kinds),
        cmocka_unit_test(ends_where_it_gets_no_better),
        cmocka_unit_test(what_teaches_nothing_is_refused),
    };

    return cmocka_run_group_tests(tests, make_dataset, free_dataset);
}
