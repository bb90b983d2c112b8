/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What is wrong in a real routed network, and where: learns from one folder of ipcore-faults and is judged on
 * another, minute by minute (which of six things it is) and router by router (whether it is sick). The judged
 * folder is read after all has been learnt and set. Without another folder the first is cut by its days: the
 * last three are judged by a network that has learnt from those before. What counts is what the network says
 * in integers. */
#include "dataset/ipcore.h"
#include "gnn/quantise.h"
#include "gnn/score.h"
#include "gnn/trainer.h"
#include "training/workers.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
    float normal;
    struct heal_gnn_integer network;
};

/* What one arithmetic says of a sample: its class, and which of its nodes are sick. */
struct verdict {
    unsigned class_of;
    bool sick[HEAL_IPCORE_PORTS_MAX]; /* by node */
};

/* How good such verdicts are. */
struct figures {
    struct heal_gnn_score node, class_of[CLASSES]; /* a class: whether it is this one */
    size_t right, minutes;
};

struct result {
    struct figures integer, single;
    size_t minute_flips, node_flips, nodes;
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
    struct heal_gnn_layout layout;
    int r = heal_gnn_train(&training, &bench->scaling, bench->weights, &error);

    heal_gnn_layout_make(&bench->shape, &layout);
    bench->normal = bench->weights[layout.normal];
    r = r < 0 ? r : quantise(bench, dataset, learnt, &error);
    if (r < 0)
        fprintf(stderr, "ipcore: %s\n", error.code < 0 ? error.what : strerror(-r));
    return r;
}

/* ---- judging ---- */

static void conclude(const struct heal_gnn_sample *sample, const double *logit, const double *class_of,
                     struct verdict *ret_verdict) {
    *ret_verdict = (struct verdict){.class_of = 0};
    for (unsigned c = 1; c < CLASSES; c++)
        ret_verdict->class_of = class_of[c] > class_of[ret_verdict->class_of] ? c : ret_verdict->class_of;
    for (uint32_t v = 0; v < sample->graph.vertices; v++)
        ret_verdict->sick[sample->node[v]] = ret_verdict->sick[sample->node[v]] || logit[v] > 0;
}

static void say_single(const struct bench *bench, const struct heal_gnn_sample *sample, const float *logit,
                       const float *kind, struct verdict *ret_verdict) {
    double logits[HEAL_IPCORE_PORTS_MAX], classes[CLASSES];
    float class_of[CLASSES];

    heal_gnn_pool_classes(sample->graph.vertices, KINDS, kind, bench->normal, class_of);
    for (uint32_t v = 0; v < sample->graph.vertices; v++)
        logits[v] = (double)logit[v];
    for (unsigned c = 0; c < CLASSES; c++)
        classes[c] = (double)class_of[c];
    conclude(sample, logits, classes, ret_verdict);
}

static void say_integer(const struct bench *bench, const struct heal_gnn_sample *sample,
                        struct verdict *ret_verdict) {
    const struct heal_gnn_span all = {0, sample->graph.vertices};
    int8_t state[HEAL_IPCORE_PORTS_MAX * HIDDEN];
    int8_t input[HEAL_IPCORE_PORTS_MAX * HEAL_IPCORE_INPUTS];
    int32_t logit[HEAL_IPCORE_PORTS_MAX], kind[HEAL_IPCORE_PORTS_MAX * KINDS], class_of[CLASSES];
    double logits[HEAL_IPCORE_PORTS_MAX], classes[CLASSES];
    float scaled[HEAL_IPCORE_INPUTS];

    for (uint32_t v = 0; v < sample->graph.vertices; v++) {
        heal_gnn_scaling_apply(&bench->scaling, sample->feature + (size_t)v * HEAL_IPCORE_INPUTS, scaled);
        heal_gnn_integer_input(&bench->network, scaled, input + (size_t)v * HEAL_IPCORE_INPUTS);
    }
    heal_gnn_integer_states(&bench->network, &sample->graph, all, input, state);
    heal_gnn_integer_verdicts(&bench->network, &sample->graph, all, state, logit, kind);
    heal_gnn_integer_classes(&bench->network, sample->graph.vertices, kind, class_of);
    for (uint32_t v = 0; v < sample->graph.vertices; v++)
        logits[v] = logit[v];
    for (unsigned c = 0; c < CLASSES; c++)
        classes[c] = class_of[c];
    conclude(sample, logits, classes, ret_verdict);
}

/* @return how many nodes there are. */
static uint32_t truth_of(const struct heal_gnn_sample *sample, struct verdict *ret_truth) {
    uint32_t nodes = 0;

    *ret_truth = (struct verdict){.class_of = sample->kind};
    for (uint32_t v = 0; v < sample->graph.vertices; v++) {
        nodes = sample->node[v] >= nodes ? sample->node[v] + 1 : nodes;
        ret_truth->sick[sample->node[v]] =
            ret_truth->sick[sample->node[v]] || sample->label[v] == HEAL_GNN_SICK;
    }
    return nodes;
}

static void add(struct figures *figures, const struct verdict *verdict, const struct verdict *truth,
                uint32_t nodes) {
    figures->minutes++;
    figures->right += verdict->class_of == truth->class_of;
    for (unsigned c = 0; c < CLASSES; c++)
        heal_gnn_score_add(&figures->class_of[c], verdict->class_of == c, truth->class_of == c);
    for (uint32_t n = 0; n < nodes; n++)
        heal_gnn_score_add(&figures->node, verdict->sick[n], truth->sick[n]);
}

static void judge_sample(const struct bench *bench, const struct heal_gnn_sample *sample, const float *logit,
                         const float *kind, struct result *result) {
    struct verdict truth, single, integer;
    uint32_t nodes = truth_of(sample, &truth);

    say_single(bench, sample, logit, kind, &single);
    say_integer(bench, sample, &integer);
    add(&result->single, &single, &truth, nodes);
    add(&result->integer, &integer, &truth, nodes);
    result->minute_flips += single.class_of != integer.class_of;
    result->nodes += nodes;
    for (uint32_t n = 0; n < nodes; n++)
        result->node_flips += single.sick[n] != integer.sick[n];
}

static int judge(const struct bench *bench, const struct heal_gnn_dataset *dataset,
                 const struct heal_gnn_choice *choice, struct result *result) {
    size_t vertices = choice->count * HEAL_IPCORE_PORTS_MAX;
    float *logit = calloc(vertices + 1, sizeof *logit), *kind = calloc(vertices * KINDS + 1, sizeof *kind);
    size_t at = 0;
    int r = logit && kind ? heal_gnn_predict_kinds(dataset, choice, &bench->shape, &bench->scaling,
                                                   bench->weights, logit, kind)
                          : -ENOMEM;

    for (size_t i = 0; r == 0 && i < choice->count; i++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(dataset, choice->sample[i]);

        judge_sample(bench, &sample, logit + at, kind + at * KINDS, result);
        at += sample.graph.vertices;
    }
    free(logit);
    free(kind);
    return r;
}

/* ---- what comes of it ---- */

static json_t *figures_of(const struct figures *figures) {
    json_t *kinds = json_object();

    for (unsigned c = 0; c < CLASSES; c++)
        json_object_set_new(kinds, names[c], json_real(heal_gnn_score_f1(&figures->class_of[c])));
    return json_pack("{s:{s:f,s:f,s:f},s:{s:f,s:o}}", "node", "f1", heal_gnn_score_f1(&figures->node), "fpr",
                     heal_gnn_score_false_rate(&figures->node), "accuracy",
                     heal_gnn_score_accuracy(&figures->node), "minute", "accuracy",
                     figures->minutes > 0 ? (double)figures->right / (double)figures->minutes : 0, "f1",
                     kinds);
}

static double share(size_t part, size_t whole) {
    return whole > 0 ? (double)part / (double)whole : 0;
}

static json_t *report(const struct bench *bench, const struct result *result) {
    json_t *report = figures_of(&result->integer);

    json_object_set_new(report, "float", figures_of(&result->single));
    json_object_set_new(report, "flips",
                        json_pack("{s:I,s:f,s:I,s:f}", "minutes", (json_int_t)result->minute_flips,
                                  "minute_share", share(result->minute_flips, result->integer.minutes),
                                  "nodes", (json_int_t)result->node_flips, "node_share",
                                  share(result->node_flips, result->nodes)));
    json_object_set_new(report, "minutes", json_integer((json_int_t)result->integer.minutes));
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
    json_dumpf(json, stdout, bench->json ? JSON_COMPACT : JSON_INDENT(2));
    printf("\n");
    json_decref(json);
    return 0;
}

/* Where real data lie beside the checkout; they are none of the project's. */
static bool find_data(char *path, size_t size) {
    const char *folder = getenv("HEAL_DATA");

    snprintf(path, size, "%s/ipcore-faults", folder ? folder : "../shared/data");
    return access(path, R_OK) == 0;
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
    if (!bench.train && !find_data(path, sizeof path)) {
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
