/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Which node of a real radio mesh is sick: learns from one file of the orbit-mesh set and is judged on
 * another. The threshold is chosen on the file that is learnt from alone: on four pieces of its time, each
 * judged by a network that has not seen it ("folds"); without another file, that is all. */
#include "dataset/orbit.h"
#include "gnn/quantise.h"
#include "published.h"
#include "training/figures.h"
#include "training/workers.h"

#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WINDOW = 32 /* packets: snapshots nearer in time share some */, FOLDS = 4 };

struct bench {
    const char *train, *test;
    uint64_t seed;
    bool json, loud;
    struct heal_dataset set;
    struct heal_gnn_dataset *dataset; /* its graphs */
    struct heal_workers *workers;
    size_t learnt; /* samples of the first file; the others are the test's */
    float *weights;
    uint32_t *sample; /* those that are chosen */
    struct heal_gnn_scaling scaling;
    struct heal_gnn_integer network;
    struct heal_answers answers; /* of all folds; with room for all vertices */
    int32_t threshold;
    double train_s;
};

static double now_s(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void on_epoch(void *context, const struct heal_gnn_progress *progress) {
    const struct bench *bench = context;

    if (bench->loud)
        fprintf(stderr, "epoch %u of %u: error %.5f\n", progress->epoch, progress->epochs, progress->error);
}

static struct heal_gnn_shape shape_of(void) {
    struct heal_gnn_shape shape;

    heal_gnn_shape_default(HEAL_ORBIT_INPUTS, 64, 0, &shape);
    return shape;
}

/* Where its values lie is looked up in what it has learnt from. */
static int quantise(struct bench *bench, const struct heal_gnn_choice *learnt, struct heal_error *error) {
    struct heal_gnn_shape shape = shape_of();
    struct heal_gnn_ranges ranges;
    int r = heal_gnn_ranges_settle(bench->dataset, learnt, &shape, &bench->scaling, bench->weights, &ranges);

    return r < 0 ? r : heal_gnn_quantise(&shape, bench->weights, &ranges, &bench->network, error);
}

static int learn(struct bench *bench, const struct heal_gnn_choice *choice, uint64_t seed) {
    struct heal_error error = {.code = 0};
    struct heal_gnn_training training = {
        .dataset = bench->dataset,
        .learnt = *choice,
        .shape = shape_of(),
        .recipe = heal_gnn_recipe_default,
        .workers = heal_workers_of(bench->workers),
        .on_epoch = on_epoch,
        .context = bench,
    };

    training.recipe.seed = seed;
    int r = heal_gnn_train(&training, &bench->scaling, bench->weights, &error);
    if (r == 0)
        r = quantise(bench, choice, &error);
    if (r < 0)
        fprintf(stderr, "orbit: %s\n", error.code < 0 ? error.what : strerror(-r));
    return r;
}

/* Both ways: the network in integers is what counts. */
static struct heal_asked asked_of(const struct bench *bench, const struct heal_gnn_shape *shape) {
    return (struct heal_asked){
        .shape = shape, .scaling = &bench->scaling, .weights = bench->weights, .network = &bench->network};
}

/* Judges @p choice: its answers follow those that are there. */
static int judge(struct bench *bench, const struct heal_gnn_choice *choice) {
    const struct heal_gnn_shape shape = shape_of();
    const struct heal_asked asked = asked_of(bench, &shape);
    struct heal_answers answers, *all = &bench->answers;
    int r = heal_answers_ask(&asked, bench->dataset, choice, &answers);

    if (r < 0)
        return r;
    memcpy(all->answer + all->count, answers.answer, answers.count * sizeof *all->answer);
    all->graphs += answers.graphs;
    all->count += answers.count;
    all->sick += answers.sick;
    heal_answers_deinit(&answers);
    return 0;
}

/* The samples whose time is in a span, or out of it by a window at least. */
static struct heal_gnn_choice choose(const struct bench *bench, int64_t from, int64_t to, bool within) {
    size_t count = 0;

    for (size_t i = 0; i < bench->learnt; i++) {
        int64_t time = heal_gnn_dataset_sample(bench->dataset, i).time;

        if (within ? time >= from && time <= to : time <= from - WINDOW || time >= to + WINDOW)
            bench->sample[count++] = (uint32_t)i;
    }
    return (struct heal_gnn_choice){.sample = bench->sample, .count = count};
}

static void find_span(const struct bench *bench, int64_t *ret_from, int64_t *ret_to) {
    *ret_from = INT64_MAX;
    *ret_to = INT64_MIN;
    for (size_t i = 0; i < bench->learnt; i++) {
        int64_t time = heal_gnn_dataset_sample(bench->dataset, i).time;

        *ret_from = time < *ret_from ? time : *ret_from;
        *ret_to = time > *ret_to ? time : *ret_to;
    }
}

/* A piece of the time is judged by a network that has learnt from the others. */
static int judge_folds(struct bench *bench) {
    int64_t from, to;
    int r = 0;

    find_span(bench, &from, &to);
    for (int64_t fold = 0; r == 0 && fold < FOLDS; fold++) {
        int64_t begin = from + (to - from + 1) * fold / FOLDS;
        int64_t end = from + (to - from + 1) * (fold + 1) / FOLDS - 1;
        struct heal_gnn_choice choice = choose(bench, begin, end, false);

        r = learn(bench, &choice, bench->seed + (uint64_t)fold + 1);
        choice = choose(bench, begin, end, true);
        r = r < 0 ? r : judge(bench, &choice);
    }
    return r;
}

/* What one kind of arithmetic says. */
static json_t *figures(const struct heal_gnn_score *score) {
    return json_pack("{s:f,s:f,s:f,s:f,s:f}", "accuracy", heal_gnn_score_accuracy(score), "precision",
                     heal_gnn_score_precision(score), "recall", heal_gnn_score_recall(score), "f1",
                     heal_gnn_score_f1(score), "fpr", heal_gnn_score_false_rate(score));
}

/* What the answers are worth in both, and on how many nodes they do not agree. */
static json_t *compare(const struct bench *bench, struct heal_comparison *ret_comparison) {
    const struct heal_gnn_shape shape = shape_of();
    const struct heal_asked asked = asked_of(bench, &shape);

    heal_comparison_make(&bench->answers, &asked, bench->threshold, ret_comparison);
    json_t *result = figures(&ret_comparison->single.score);
    json_t *integer = figures(&ret_comparison->integer.score);
    json_object_set_new(integer, "flips", json_integer((json_int_t)ret_comparison->flips));
    json_object_set_new(result, "int8", integer);
    json_object_set_new(result, "nodes", json_integer((json_int_t)ret_comparison->vertices));
    return result;
}

/* @return how good the verdicts are on what is learnt from, with the threshold that suits them best. */
static json_t *choose_threshold(struct bench *bench) {
    struct heal_comparison comparison;
    struct heal_threshold threshold;
    struct heal_error error = {0};

    if (judge_folds(bench) < 0)
        return NULL;
    if (heal_threshold_choose(&bench->answers, 0, &threshold, &error) < 0) {
        fprintf(stderr, "orbit: %s\n", error.what);
        return NULL;
    }
    bench->threshold = threshold.logit;
    json_t *folds = compare(bench, &comparison);
    json_object_set_new(folds, "threshold", json_real((double)threshold.logit / HEAL_GNN_LOGIT_ONE));
    return folds;
}

/* Of the network in integers, by what was done to the mesh. */
static json_t *recall_by_kind(const struct bench *bench, const struct heal_figures *of) {
    json_t *recall = json_object();

    for (size_t k = 0; k < bench->set.kinds; k++) {
        uint64_t sick = of->found[k] + of->missed[k];

        if (sick > 0)
            json_object_set_new(recall, bench->set.kind[k], json_real((double)of->found[k] / (double)sick));
    }
    return recall;
}

static json_t *score_test(struct bench *bench) {
    const struct heal_gnn_choice choice = {.sample = bench->sample,
                                           .count = heal_gnn_dataset_samples(bench->dataset) - bench->learnt};
    struct heal_comparison comparison;

    for (size_t i = 0; i < choice.count; i++)
        bench->sample[i] = (uint32_t)(bench->learnt + i);
    bench->answers.graphs = bench->answers.count = bench->answers.sick = 0;
    if (judge(bench, &choice) < 0)
        return NULL;
    json_t *result = compare(bench, &comparison);
    json_object_set_new(result, "recall_by_kind", recall_by_kind(bench, &comparison.integer));
    json_object_set_new(result, "train_s", json_real(bench->train_s));
    return result;
}

static int read_files(struct bench *bench) {
    const char *const paths[] = {bench->train, bench->test};
    struct heal_error error = {.code = 0};

    for (int i = 0; i < 2 && paths[i]; i++) {
        if (heal_orbit_load(paths[i], &bench->set, &error) < 0) {
            fprintf(stderr, "%s:%d:%d: %s\n", paths[i], error.line, error.column, error.what);
            return -1;
        }
        if (i == 0)
            bench->learnt = heal_gnn_dataset_samples(bench->dataset);
    }
    return 0;
}

static int make_room(struct bench *bench) {
    struct heal_gnn_shape shape = shape_of();
    struct heal_gnn_layout layout;
    size_t samples = heal_gnn_dataset_samples(bench->dataset);
    size_t vertices = heal_gnn_batch_vertices_max(bench->dataset, samples);

    heal_gnn_layout_make(&shape, &layout);
    bench->weights = calloc(layout.weights, sizeof *bench->weights);
    bench->answers.answer = calloc(vertices + 1, sizeof *bench->answers.answer);
    bench->sample = calloc(samples + 1, sizeof *bench->sample);
    return bench->weights && bench->answers.answer && bench->sample ? 0 : -1;
}

static int learn_all(struct bench *bench) {
    const struct heal_gnn_choice choice = {.sample = bench->sample, .count = bench->learnt};
    double begun = now_s();

    for (size_t i = 0; i < bench->learnt; i++)
        bench->sample[i] = (uint32_t)i;
    int r = learn(bench, &choice, bench->seed);
    bench->train_s = now_s() - begun;
    return r;
}

static int run(struct bench *bench) {
    if (read_files(bench) < 0 || make_room(bench) < 0)
        return 1;
    json_t *folds = choose_threshold(bench);
    if (!folds || (bench->test && learn_all(bench) < 0)) {
        json_decref(folds);
        return 1;
    }
    json_t *result = bench->test ? score_test(bench) : json_object();
    if (!result) {
        json_decref(folds);
        return 1;
    }
    json_object_set_new(result, "folds", folds);
    json_object_set_new(result, "version", json_string(HEAL_VERSION));
    published_print(result, bench->json);
    return 0;
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"train", required_argument, NULL, 't'},
        {"test",  required_argument, NULL, 'e'},
        {"seed",  required_argument, NULL, 's'},
        {"json",  no_argument,       NULL, 'j'},
        {"loud",  no_argument,       NULL, 'l'},
        {NULL,    0,                 NULL, 0  }
    };
    struct bench bench = {.seed = 1};
    char path[4096];
    int option, r = 1;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 't':
            bench.train = optarg;
            break;
        case 'e':
            bench.test = optarg;
            break;
        case 's':
            bench.seed = strtoull(optarg, NULL, 10);
            break;
        case 'j':
            bench.json = true;
            break;
        case 'l':
            bench.loud = true;
            break;
        default:
            return 64;
        }
    }
    if (!bench.train && !published_find("orbit-mesh/mesh_train.txt", path, sizeof path)) {
        fprintf(stderr, "orbit: skipped: there is no %s (--train FILE, or HEAL_DATA)\n", path);
        return 77;
    }
    bench.train = bench.train ? bench.train : path;
    heal_orbit_init(&bench.set);
    bench.dataset = bench.set.graphs;
    bench.workers = heal_workers_new(0);
    if (bench.dataset && bench.workers)
        r = run(&bench);
    heal_workers_free(bench.workers);
    heal_dataset_deinit(&bench.set);
    heal_answers_deinit(&bench.answers);
    free(bench.weights);
    free(bench.sample);
    return r;
}
