/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Which node of a real radio mesh is sick: learns from one file of the orbit-mesh set and is judged on
 * another. The threshold is chosen on the file that is learnt from alone: on four pieces of its time, each
 * judged by a network that has not seen it ("folds"); without another file, that is all. */
#include "dataset/orbit.h"
#include "gnn/quantise.h"
#include "gnn/score.h"
#include "gnn/trainer.h"
#include "training/workers.h"

#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WINDOW = 32 /* packets: snapshots nearer in time share some */, FOLDS = 4 };

static const double in_range = 0.9999;

struct bench {
    const char *train, *test;
    uint64_t seed;
    bool json, loud;
    struct heal_dataset set;
    struct heal_gnn_dataset *dataset; /* its graphs */
    struct heal_workers *workers;
    size_t learnt;                    /* samples of the first file; the others are the test's */
    float *weights, *logit;           /* logits: of as many vertices as there are */
    struct heal_gnn_verdict *verdict; /* of as many */
    struct heal_gnn_verdict *sorted;  /* a copy, to look for the threshold in */
    struct heal_gnn_verdict *integer; /* the same, by the network in integers, which is what counts */
    uint32_t *sample;                 /* those that are chosen */
    struct heal_gnn_scaling scaling;
    struct heal_gnn_integer network;
    int8_t *input, *state; /* of the largest sample */
    float threshold;
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
    int r = heal_gnn_ranges_measure(bench->dataset, learnt, &shape, &bench->scaling, bench->weights, in_range,
                                    &ranges);

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

/* One sample by the network in integers. */
static void judge_sample(struct bench *bench, const struct heal_gnn_sample *sample, int32_t *ret_logit) {
    float input[HEAL_GNN_INPUTS_MAX];

    for (uint32_t v = 0; v < sample->graph.vertices; v++) {
        heal_gnn_scaling_apply(&bench->scaling, sample->feature + (size_t)v * HEAL_ORBIT_INPUTS, input);
        heal_gnn_integer_input(&bench->network, input, bench->input + (size_t)v * HEAL_ORBIT_INPUTS);
    }
    heal_gnn_integer_run(&bench->network, &sample->graph, bench->input, bench->state, ret_logit);
}

/* Judges @p choice, both ways: one verdict a vertex, from @p at on. @return how many, or -1. */
static ptrdiff_t judge(struct bench *bench, const struct heal_gnn_choice *choice, size_t at) {
    struct heal_gnn_shape shape = shape_of();
    size_t begin = at;
    int32_t integer[HEAL_ORBIT_NODES_MAX];

    if (heal_gnn_predict(bench->dataset, choice, &shape, &bench->scaling, bench->weights, bench->logit) < 0)
        return -1;
    for (size_t i = 0; i < choice->count; i++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(bench->dataset, choice->sample[i]);

        judge_sample(bench, &sample, integer);
        for (uint32_t v = 0; v < sample.graph.vertices; v++, at++) {
            bool sick = sample.label[v] == HEAL_GNN_SICK;

            bench->verdict[at] = (struct heal_gnn_verdict){.logit = bench->logit[at - begin], .sick = sick};
            bench->integer[at] =
                (struct heal_gnn_verdict){.logit = (float)integer[v] / HEAL_GNN_LOGIT_ONE, .sick = sick};
        }
    }
    return (ptrdiff_t)(at - begin);
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
static int judge_folds(struct bench *bench, size_t *ret_count) {
    int64_t from, to;
    size_t count = 0;

    find_span(bench, &from, &to);
    for (int64_t fold = 0; fold < FOLDS; fold++) {
        int64_t begin = from + (to - from + 1) * fold / FOLDS;
        int64_t end = from + (to - from + 1) * (fold + 1) / FOLDS - 1;
        struct heal_gnn_choice choice = choose(bench, begin, end, false);

        if (learn(bench, &choice, bench->seed + (uint64_t)fold + 1) < 0)
            return -1;
        choice = choose(bench, begin, end, true);
        ptrdiff_t judged = judge(bench, &choice, count);
        if (judged < 0)
            return -1;
        count += (size_t)judged;
    }
    *ret_count = count;
    return 0;
}

/* What one kind of arithmetic says. */
static json_t *figures(const struct heal_gnn_score *score) {
    return json_pack("{s:f,s:f,s:f,s:f,s:f}", "accuracy", heal_gnn_score_accuracy(score), "precision",
                     heal_gnn_score_precision(score), "recall", heal_gnn_score_recall(score), "f1",
                     heal_gnn_score_f1(score), "fpr", heal_gnn_score_false_rate(score));
}

static bool is_alarm(const struct bench *bench, const struct heal_gnn_verdict *verdict) {
    return verdict->logit > bench->threshold;
}

static struct heal_gnn_score score_of(const struct bench *bench, const struct heal_gnn_verdict *verdict,
                                      size_t count) {
    struct heal_gnn_score score = {0};

    for (size_t i = 0; i < count; i++)
        heal_gnn_score_add(&score, is_alarm(bench, &verdict[i]), verdict[i].sick);
    return score;
}

/* Both, and on how many nodes they do not agree. */
static json_t *compare(const struct bench *bench, size_t count) {
    struct heal_gnn_score score = score_of(bench, bench->verdict, count);
    struct heal_gnn_score integer_score = score_of(bench, bench->integer, count);
    json_t *result = figures(&score), *integer = figures(&integer_score);
    size_t flips = 0;

    for (size_t i = 0; i < count; i++)
        flips += is_alarm(bench, &bench->verdict[i]) != is_alarm(bench, &bench->integer[i]);
    json_object_set_new(integer, "flips", json_integer((json_int_t)flips));
    json_object_set_new(result, "int8", integer);
    json_object_set_new(result, "nodes", json_integer((json_int_t)count));
    return result;
}

/* @return how good the verdicts are on what is learnt from, with the threshold that suits them best. */
static json_t *choose_threshold(struct bench *bench) {
    size_t count;

    if (judge_folds(bench, &count) < 0)
        return NULL;
    memcpy(bench->sorted, bench->verdict, count * sizeof *bench->sorted);
    bench->threshold = heal_gnn_threshold_best(bench->sorted, count);
    json_t *folds = compare(bench, count);
    json_object_set_new(folds, "threshold", json_real((double)bench->threshold));
    return folds;
}

/* Of the network in integers, by what was done to the mesh. */
static json_t *recall_by_kind(const struct bench *bench, const struct heal_gnn_choice *choice) {
    struct heal_gnn_score of_kind[HEAL_DATASET_KINDS_MAX] = {{0}};
    const struct heal_gnn_verdict *verdict = bench->integer;
    json_t *recall = json_object();

    for (size_t i = 0; i < choice->count; i++) {
        struct heal_gnn_sample judged = heal_gnn_dataset_sample(bench->dataset, choice->sample[i]);

        for (uint32_t v = 0; v < judged.graph.vertices; v++, verdict++)
            heal_gnn_score_add(&of_kind[judged.kind], is_alarm(bench, verdict), verdict->sick);
    }
    for (size_t k = 0; k < bench->set.kinds; k++) {
        if (of_kind[k].right_alarms + of_kind[k].missed > 0)
            json_object_set_new(recall, bench->set.kind[k], json_real(heal_gnn_score_recall(&of_kind[k])));
    }
    return recall;
}

static json_t *score_test(struct bench *bench) {
    const struct heal_gnn_choice choice = {.sample = bench->sample,
                                           .count = heal_gnn_dataset_samples(bench->dataset) - bench->learnt};

    for (size_t i = 0; i < choice.count; i++)
        bench->sample[i] = (uint32_t)(bench->learnt + i);
    ptrdiff_t count = judge(bench, &choice, 0);
    if (count < 0)
        return NULL;
    json_t *result = compare(bench, (size_t)count);
    json_object_set_new(result, "recall_by_kind", recall_by_kind(bench, &choice));
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
    bench->logit = calloc(vertices + 1, sizeof *bench->logit);
    bench->verdict = calloc(vertices + 1, sizeof *bench->verdict);
    bench->sorted = calloc(vertices + 1, sizeof *bench->sorted);
    bench->integer = calloc(vertices + 1, sizeof *bench->integer);
    bench->input = calloc(HEAL_ORBIT_NODES_MAX, HEAL_ORBIT_INPUTS);
    bench->state = calloc(HEAL_ORBIT_NODES_MAX, shape.hidden);
    bench->sample = calloc(samples + 1, sizeof *bench->sample);
    return bench->weights && bench->logit && bench->verdict && bench->sorted && bench->integer &&
                   bench->input && bench->state && bench->sample
               ? 0
               : -1;
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
    json_dumpf(result, stdout, bench->json ? JSON_COMPACT : JSON_INDENT(2));
    printf("\n");
    json_decref(result);
    return 0;
}

/* Where real data lie beside the checkout; they are none of the project's. */
static bool find_data(char *path, size_t size) {
    const char *folder = getenv("HEAL_DATA");

    snprintf(path, size, "%s/orbit-mesh/mesh_train.txt", folder ? folder : "../shared/data");
    return access(path, R_OK) == 0;
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
    if (!bench.train && !find_data(path, sizeof path)) {
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
    free(bench.weights);
    free(bench.logit);
    free(bench.verdict);
    free(bench.sorted);
    free(bench.integer);
    free(bench.input);
    free(bench.state);
    free(bench.sample);
    return r;
}
