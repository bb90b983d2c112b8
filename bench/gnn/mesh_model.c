/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* How good the model that comes with heald is: on simulated meshes of a seed that it has not learnt from, as
 * they are and with features taken out, and on any sets that are named, as recordings of labs. The figures
 * that count are those in integers; with the same network in single precision (--float) it also says where
 * the two do not agree. */
#include "dataset/simulate.h"
#include "os/model_file.h"
#include "published.h"
#include "training/model.h"
#include "training/report.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SNAPSHOTS = 1500, SEED = 77 /* models/make learns from another */ };

struct bench {
    const char *model, *single; /* files */
    uint64_t seed;
    double missing;
    bool json;
    struct heal_weights integer, weights; /* the second: in single precision, or nothing */
    struct heal_asked asked;
    int32_t threshold;
};

static int load(const char *path, struct heal_weights *ret_weights) {
    char text[HEAL_MODEL_ERROR_TEXT];
    struct heal_error error = {.code = 0};

    if (heal_model_file_load(path, ret_weights, NULL, &error) == 0)
        return 0;
    fprintf(stderr, "mesh-model: %s\n", heal_model_error_format(path, &error, text));
    return -1;
}

static int load_models(struct bench *bench) {
    if (load(bench->model, &bench->integer) < 0)
        return -1;
    bench->asked = heal_model_asked(&bench->integer, &bench->threshold);
    if (!bench->single)
        return 0;
    if (load(bench->single, &bench->weights) < 0)
        return -1;
    int32_t own;
    struct heal_asked asked = heal_model_asked(&bench->weights, &own);
    asked.network = bench->asked.network;
    bench->asked = asked;
    return 0;
}

/* Of the kinds that occur, what is found of the one that is found worst. */
static double recall_least(const struct heal_figures *figures, unsigned kinds) {
    double least = 1;

    for (unsigned k = 0; k < kinds; k++) {
        double sick = (double)(figures->found[k] + figures->missed[k]);

        if (sick > 0)
            least = fmin(least, (double)figures->found[k] / sick);
    }
    return least;
}

/* @return NULL: it cannot be judged. */
static json_t *judge(const struct bench *bench, const char *name, const struct heal_dataset *set) {
    struct heal_comparison comparison;
    struct heal_error error = {.code = 0};
    const struct heal_card *card = &bench->integer.card;

    if (heal_answers_check(set->graphs, card->scaling.feature, card->scaling.inputs, &error) < 0 ||
        heal_comparison_ask(&bench->asked, set->graphs, bench->threshold, &comparison) < 0) {
        fprintf(stderr, "mesh-model: %s: %s\n", name, error.code < 0 ? error.what : strerror(ENOMEM));
        return NULL;
    }
    const struct heal_tried tried = {.name = name, .set = set, .comparison = &comparison};
    json_t *report = heal_report_tried(&tried);
    if (report) {
        json_object_set_new(report, "recall_least", json_real(recall_least(&comparison.integer, set->kinds)));
        json_object_set_new(report, "flip_share",
                            bench->weights.number && comparison.vertices > 0
                                ? json_real((double)comparison.flips / (double)comparison.vertices)
                                : json_null());
    }
    return report;
}

static json_t *judge_simulated(const struct bench *bench, double missing) {
    const struct heal_simulation how = {.seed = bench->seed,
                                        .snapshots = SNAPSHOTS,
                                        .nodes_least = HEAL_SIMULATION_NODES_LEAST,
                                        .nodes_most = HEAL_SIMULATION_NODES_MOST,
                                        .missing = missing};
    struct heal_dataset set;

    if (heal_simulate(&how, &set) < 0)
        return NULL;
    json_t *report = judge(bench, missing > 0 ? "missing" : "whole", &set);
    heal_dataset_deinit(&set);
    return report;
}

static json_t *judge_file(const struct bench *bench, const char *path) {
    struct heal_error error = {.code = 0};
    struct heal_dataset set;

    if (heal_dataset_load(path, &set, &error) < 0) {
        fprintf(stderr, "mesh-model: %s:%d:%d: %s\n", path, error.line, error.column, error.what);
        return NULL;
    }
    json_t *report = judge(bench, path, &set);
    heal_dataset_deinit(&set);
    return report;
}

/* @param path NULL past the last: sets to judge it by, too */
static int run(struct bench *bench, char **path) {
    int r = load_models(bench);
    json_t *result = json_object(), *sets = json_object();

    for (; r == 0 && *path; path++)
        r = json_object_set_new(sets, *path, judge_file(bench, *path));
    r = r < 0 ? r : json_object_set_new(result, "whole", judge_simulated(bench, 0));
    r = r < 0 ? r : json_object_set_new(result, "missing", judge_simulated(bench, bench->missing));
    json_object_set_new(result, "sets", sets);
    json_object_set_new(result, "version", json_string(HEAL_VERSION));
    if (r == 0)
        published_print(result, bench->json);
    else
        json_decref(result);
    heal_weights_deinit(&bench->integer);
    heal_weights_deinit(&bench->weights);
    return r < 0 ? 1 : 0;
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"model",   required_argument, NULL, 'm'},
        {"float",   required_argument, NULL, 'f'},
        {"seed",    required_argument, NULL, 's'},
        {"missing", required_argument, NULL, 'x'},
        {"json",    no_argument,       NULL, 'j'},
        {NULL,      0,                 NULL, 0  }
    };
    struct bench bench = {.model = HEAL_MODEL_DEFAULT, .seed = SEED, .missing = 0.3};
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'm':
            bench.model = optarg;
            break;
        case 'f':
            bench.single = optarg;
            break;
        case 's':
            bench.seed = strtoull(optarg, NULL, 10);
            break;
        case 'x':
            bench.missing = strtod(optarg, NULL);
            break;
        case 'j':
            bench.json = true;
            break;
        default:
            return 64;
        }
    }
    return run(&bench, argv + optind);
}
