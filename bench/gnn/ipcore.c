/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What is wrong in a real routed network, and where: learns from one folder of ipcore-faults and is judged on
 * another, minute by minute (which of six things it is) and router by router (whether it is sick). The judged
 * folder is read after all has been learnt and set. Without another folder the first is cut by its days: the
 * last three are judged by a network that has learnt from those before. What counts is what the network says
 * in integers. */
#include "dataset/ipcore.h"
#include "gnn/quantise.h"
#include "published.h"
#include "training/figures.h"
#include "training/workers.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLASSES = HEAL_IPCORE_KINDS, KINDS = CLASSES - 1, HIDDEN = 64, DAYS_JUDGED = 3 };

static const char *const names[CLASSES] = {"normal",    "hijack",         "injection",
                                           "node-down", "interface-down", "loss-delay"};

struct bench {
    const char *train, *test;
    uint64_t seed;
    unsigned epochs;
    bool json, loud;
    struct heal_workers *workers;
    struct heal_gnn_shape shape;
    /* The network, both ways. */
    struct heal_gnn_scaling scaling;
    float *weights;
    struct heal_gnn_integer network;
};

/* How good it is: minutes, in both arithmetics, and nodes in each. */
struct result {
    struct heal_comparison minutes;
    struct heal_gnn_score single, integer;
    size_t node_flips, nodes;
};

/* ---- learning ---- */

/* The best of about fifteen recipes on the same last three days that the bench judges without a test set: its
 * figures there flatter it a little. */
static struct heal_gnn_recipe recipe_of(const struct bench *bench) {
    return (struct heal_gnn_recipe){
        .adamw = {.rate = 6e-3F, .warm_up = 0.2F, .weight_decay = 5e-3F, .norm_max = 1},
        .loss = {.sick_weight = 1,             .focus = 1            },
        .balance = {.vertex = 5,   .node = 2.5F,    .graph = 1           },
        .dropout_of_256 = 51,
        .epochs = bench->epochs,
        .batch = 32,
        .seed = bench->seed,
    };
}

static void on_epoch(void *context, const struct heal_gnn_progress *progress) {
    const struct bench *bench = context;

    if (bench->loud)
        fprintf(stderr, "epoch %u of %u: error %.5f\n", progress->epoch, progress->epochs, progress->error);
}

/* Where its values lie is looked up in what it has learnt from. */
static int quantise(struct bench *bench, const struct heal_gnn_dataset *dataset,
                    const struct heal_gnn_choice *learnt, struct heal_error *error) {
    struct heal_gnn_ranges ranges;
    int r = heal_gnn_ranges_settle(dataset, learnt, &bench->shape, &bench->scaling, bench->weights, &ranges);

    return r < 0 ? r : heal_gnn_quantise(&bench->shape, bench->weights, &ranges, &bench->network, error);
}

static int learn(struct bench *bench, const struct heal_gnn_dataset *dataset,
                 const struct heal_gnn_choice *learnt) {
    struct heal_error error = {.code = 0};
    const struct heal_gnn_training training = {
        .dataset = dataset,
        .learnt = *learnt,
        .shape = bench->shape,
        .recipe = recipe_of(bench),
        .workers = heal_workers_of(bench->workers),
        .on_epoch = on_epoch,
        .context = bench,
    };
    int r = heal_gnn_train(&training, &bench->scaling, bench->weights, &error);

    r = r < 0 ? r : quantise(bench, dataset, learnt, &error);
    if (r < 0)
        fprintf(stderr, "ipcore: %s\n", error.code < 0 ? error.what : strerror(-r));
    return r;
}

/* ---- judging ---- */

/* A node is sick where one of its ports is. @param answer of each of them */
static void judge_nodes(const struct heal_gnn_sample *sample, const struct heal_answer *answer,
                        struct result *result) {
    bool truth[HEAL_IPCORE_PORTS_MAX] = {false}, single[HEAL_IPCORE_PORTS_MAX] = {false};
    bool integer[HEAL_IPCORE_PORTS_MAX] = {false};
    uint32_t nodes = 0;

    for (uint32_t v = 0; v < sample->graph.vertices; v++) {
        uint32_t node = sample->node[v];

        nodes = node >= nodes ? node + 1 : nodes;
        truth[node] = truth[node] || answer[v].sick;
        single[node] = single[node] || answer[v].logit > 0;
        integer[node] = integer[node] || answer[v].integer > 0;
    }
    for (uint32_t n = 0; n < nodes; n++) {
        heal_gnn_score_add(&result->single, single[n], truth[n]);
        heal_gnn_score_add(&result->integer, integer[n], truth[n]);
        result->node_flips += single[n] != integer[n];
    }
    result->nodes += nodes;
}

/* Of every port the truth is known: there is an answer for each. */
static int judge(const struct bench *bench, const struct heal_gnn_dataset *dataset,
                 const struct heal_gnn_choice *choice, struct result *result) {
    const struct heal_asked asked = {.shape = &bench->shape,
                                     .scaling = &bench->scaling,
                                     .weights = bench->weights,
                                     .network = &bench->network};
    struct heal_answers answers;
    size_t at = 0;
    int r = heal_answers_ask(&asked, dataset, choice, &answers);

    if (r < 0)
        return r;
    heal_comparison_make(&answers, &asked, 0, &result->minutes);
    for (size_t i = 0; answers.unknown == 0 && i < choice->count; i++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(dataset, choice->sample[i]);

        judge_nodes(&sample, answers.answer + at, result);
        at += sample.graph.vertices;
    }
    r = answers.unknown == 0 ? 0 : -EINVAL;
    heal_answers_deinit(&answers);
    return r;
}

/* ---- what comes of it ---- */

static double share(size_t part, size_t whole) {
    return whole > 0 ? (double)part / (double)whole : 0;
}

static json_t *figures_of(const struct heal_gnn_score *node, const struct heal_classes *minute,
                          size_t minutes) {
    json_t *kinds = json_object();

    for (unsigned c = 0; c < CLASSES; c++)
        json_object_set_new(kinds, names[c], json_real(heal_gnn_score_f1(&minute->of[c])));
    return json_pack("{s:{s:f,s:f,s:f},s:{s:f,s:o}}", "node", "f1", heal_gnn_score_f1(node), "fpr",
                     heal_gnn_score_false_rate(node), "accuracy", heal_gnn_score_accuracy(node), "minute",
                     "accuracy", share(minute->right, minutes), "f1", kinds);
}

static json_t *report(const struct bench *bench, const struct result *result) {
    const struct heal_comparison *minutes = &result->minutes;
    json_t *report = figures_of(&result->integer, &minutes->integer_classes, minutes->graphs);

    json_object_set_new(report, "float",
                        figures_of(&result->single, &minutes->single_classes, minutes->graphs));
    json_object_set_new(report, "flips",
                        json_pack("{s:I,s:f,s:I,s:f}", "minutes", (json_int_t)minutes->class_flips,
                                  "minute_share", share(minutes->class_flips, minutes->graphs), "nodes",
                                  (json_int_t)result->node_flips, "node_share",
                                  share(result->node_flips, result->nodes)));
    json_object_set_new(report, "minutes", json_integer((json_int_t)minutes->graphs));
    json_object_set_new(report, "judged", json_string(bench->test ? "test" : "days"));
    json_object_set_new(report, "version", json_string(HEAL_VERSION));
    return report;
}

/* ---- from a folder, or two ---- */

static int load(const char *folder, struct heal_dataset *ret_set) {
    struct heal_error error = {.code = 0};
    struct heal_ipcore_mesh mesh;
    int r = heal_ipcore_load(folder, ret_set, &mesh, &error);

    if (r < 0)
        fprintf(stderr, "%s: %d:%d: %s\n", folder, error.line, error.column, error.what);
    return r;
}

/* Samples are in the order of their time. @return how many of the first are from before the last days. */
static size_t before_last_days(const struct heal_gnn_dataset *dataset) {
    size_t at = heal_gnn_dataset_samples(dataset);
    uint32_t day = 0;

    for (unsigned days = 0; at > 0; at--) {
        uint32_t run = heal_gnn_dataset_sample(dataset, at - 1).run;

        days += run != day;
        day = run;
        if (days > DAYS_JUDGED)
            break;
    }
    return at;
}

static int judge_test(const struct bench *bench, const uint32_t *all, struct result *result) {
    struct heal_dataset set;

    if (load(bench->test, &set) < 0)
        return -1;
    struct heal_gnn_choice judged = {.sample = all, .count = heal_gnn_dataset_samples(set.graphs)};
    int r = judge(bench, set.graphs, &judged, result);
    heal_dataset_deinit(&set);
    return r;
}

static int learn_and_judge(struct bench *bench, const struct heal_gnn_dataset *dataset,
                           struct result *result) {
    uint32_t *all = calloc(HEAL_IPCORE_MINUTES_MAX, sizeof *all);
    size_t samples = heal_gnn_dataset_samples(dataset);
    size_t count = bench->test ? samples : before_last_days(dataset);
    const struct heal_gnn_choice learnt = {.sample = all, .count = count};

    for (uint32_t i = 0; all && i < HEAL_IPCORE_MINUTES_MAX; i++)
        all[i] = i;
    int r = all ? learn(bench, dataset, &learnt) : -1;
    const struct heal_gnn_choice rest = {.sample = all ? all + count : NULL, .count = samples - count};
    if (r == 0)
        r = bench->test ? judge_test(bench, all, result) : judge(bench, dataset, &rest, result);
    free(all);
    return r;
}

static int run(struct bench *bench) {
    struct result result = {.nodes = 0};
    struct heal_gnn_layout layout;
    struct heal_dataset set;

    if (load(bench->train, &set) < 0)
        return 1;
    heal_gnn_shape_default(HEAL_IPCORE_INPUTS, HIDDEN, KINDS, &bench->shape);
    heal_gnn_layout_make(&bench->shape, &layout);
    bench->weights = calloc(layout.weights, sizeof *bench->weights);
    int r = bench->weights ? learn_and_judge(bench, set.graphs, &result) : -1;
    heal_dataset_deinit(&set);
    free(bench->weights);
    if (r < 0)
        return 1;
    json_t *json = report(bench, &result);
    published_print(json, bench->json);
    return 0;
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"train",  required_argument, NULL, 't'},
        {"test",   required_argument, NULL, 'e'},
        {"seed",   required_argument, NULL, 's'},
        {"epochs", required_argument, NULL, 'n'},
        {"json",   no_argument,       NULL, 'j'},
        {"loud",   no_argument,       NULL, 'l'},
        {NULL,     0,                 NULL, 0  }
    };
    struct bench bench = {.seed = 1, .epochs = 40};
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
        case 'n':
            bench.epochs = (unsigned)strtoul(optarg, NULL, 10);
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
    if (!bench.train && !published_find("ipcore-faults", path, sizeof path)) {
        fprintf(stderr, "ipcore: skipped: there is no %s (--train DIR, or HEAL_DATA)\n", path);
        return 77;
    }
    bench.train = bench.train ? bench.train : path;
    bench.workers = heal_workers_new(0);
    if (bench.workers)
        r = run(&bench);
    heal_workers_free(bench.workers);
    return r;
}
