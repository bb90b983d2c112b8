/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The network beside those of others, on this machine, in turns, each on one thread: microseconds a vertex on
 * graphs of 16 to a million vertices, of an epoch of training; how long a node and an explanation take. */
#include "dataset/orbit.h"
#include "gnn/kernel.h"
#include "gnn/trainer.h"
#include "gnn/unit.h"
#include "gnn/vicinity.h"
#include "peers.h"
#include "published.h"
#include "speed.h"

#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EPOCHS = 5, EXPLAINED = 201, HUB = 8 };

static const double never = -1;

struct bench {
    struct heal_gnn_integer network;
    struct peers *peers;
    char folder[64];       /* for the models that the peers make; gone at the end */
    unsigned long largest; /* graph that is tried, in vertices */
    json_t *result;
};

static void remove_folder(const struct bench *bench) {
    static const char *const name[] = {"float", "static", "dynamic"};
    char path[128];

    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
        snprintf(path, sizeof path, "%s/%s.onnx", bench->folder, name[i]);
        unlink(path);
    }
    rmdir(bench->folder);
}

/* ---- side by side ---- */

static double number_of(const json_t *object, const char *name) {
    const json_t *value = json_object_get(object, name);

    return json_is_number(value) ? json_number_value(value) : never;
}

/* How many times as long the faster of two takes; null: neither is here. */
static json_t *times(const json_t *row, const char *a, const char *b) {
    double first = number_of(row, a), second = number_of(row, b);
    double best = first < 0 || (second >= 0 && second < first) ? second : first;

    return best < 0 ? json_null() : json_real(best / number_of(row, "heald_us"));
}

static int measure_row(struct bench *bench, struct speed_grid grid, json_t *rows) {
    static const char *const names[] = {"torch_us",     "pyg_us",     "onnx_us",
                                        "onnx_int8_us", "torch_form", "onnx_form"};
    struct speed_row row;
    char order[64];

    if (speed_measure(&bench->network, grid, &row) < 0)
        return -1;
    snprintf(order, sizeof order, "grid %u %u", grid.rows, grid.columns);
    json_t *answer = peers_ask(bench->peers, order);
    json_t *object = json_pack("{s:i,s:f}", "vertices", (int)row.vertices, "heald_us", row.us);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        json_t *value = json_object_get(answer, names[i]);

        json_object_set(object, names[i], value ? value : json_null());
    }
    json_object_set_new(object, "torch_ratio", times(object, "torch_us", "pyg_us"));
    json_object_set_new(object, "onnx_ratio", times(object, "onnx_us", "onnx_int8_us"));
    json_array_append_new(rows, object);
    json_decref(answer);
    if (row.vertices == 100000)
        json_object_set_new(bench->result, "peak_share", json_real(row.peak_share));
    return 0;
}

static int measure_rows(struct bench *bench) {
    json_t *rows = json_array();
    int r = 0;

    json_object_set_new(bench->result, "rows", rows);
    for (unsigned size = 0; size < SPEED_SIZES && r == 0; size++) {
        if ((unsigned long)speed_grids[size].rows * speed_grids[size].columns <= bench->largest)
            r = measure_row(bench, speed_grids[size], rows);
    }
    return r;
}

static int measure_node(struct bench *bench) {
    struct speed_node node;

    if (speed_measure_node(&bench->network, &node) < 0)
        return -1;
    json_object_set_new(bench->result, "node16_p99_us", json_real(node.p99_us));
    json_object_set_new(bench->result, "node16_cold_p99_us", json_real(node.cold_p99_us));
    return 0;
}

/* ---- why ---- */

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *value, size_t count) {
    qsort(value, count, sizeof *value, ascending);
    return value[count / 2];
}

/* All coalitions of the inputs of a port, and all of its neighbours, where all are beside each other. */
static int measure_why(struct bench *bench) {
    enum { VERTICES = HUB + 1, EDGES = VERTICES * (VERTICES - 1) / 2 };
    static _Alignas(HEAL_GNN_STATE_ALIGNMENT) char memory[1 << 14];
    struct heal_gnn_edge edge[EDGES];
    uint32_t first[VERTICES + 1], neighbour[2 * EDGES], spare[2 * EDGES + VERTICES], edges = 0;
    int8_t input[VERTICES * SPEED_INPUTS];
    double features_us[EXPLAINED], neighbours_us[EXPLAINED];
    struct heal_gnn_graph graph;
    struct heal_gnn_vicinity vicinity;
    struct heal_gnn_shares shares;

    for (uint32_t a = 0; a < VERTICES; a++) {
        for (uint32_t b = a + 1; b < VERTICES; b++)
            edge[edges++] = (struct heal_gnn_edge){a, b};
    }
    for (size_t i = 0; i < sizeof input; i++)
        input[i] = (int8_t)(i * 37 % 121 - 60);
    if (heal_gnn_graph_build(VERTICES, edge, edges, first, neighbour, spare, &graph, NULL) < 0 ||
        heal_gnn_vicinity_bytes(&bench->network, &graph, 0) > sizeof memory ||
        heal_gnn_vicinity_init(&bench->network, &graph, 0, input, memory, &vicinity, NULL) < 0)
        return -1;
    for (unsigned i = 0; i < EXPLAINED; i++) {
        double begun = speed_now_s();

        heal_gnn_vicinity_features(&vicinity, &shares, NULL);
        double middle = speed_now_s();
        heal_gnn_vicinity_neighbours(&vicinity, 2, NULL, &shares, NULL);
        features_us[i] = 1e6 * (middle - begun);
        neighbours_us[i] = 1e6 * (speed_now_s() - middle);
    }
    json_object_set_new(bench->result, "shapley_us", json_real(median(features_us, EXPLAINED)));
    json_object_set_new(bench->result, "shapley_neighbours_us", json_real(median(neighbours_us, EXPLAINED)));
    return 0;
}

/* ---- training ---- */

struct epochs {
    double at[EPOCHS + 2];
    unsigned count;
};

static void on_epoch(void *context, const struct heal_gnn_progress *progress) {
    struct epochs *epochs = context;

    (void)progress;
    epochs->at[epochs->count++] = speed_now_s();
}

/* The median of some epochs, after one that does not count. @return seconds, or never */
static double time_epoch(const struct heal_gnn_dataset *dataset) {
    size_t count = heal_gnn_dataset_samples(dataset);
    uint32_t *sample = calloc(count + 1, sizeof *sample);
    struct heal_gnn_training training = {.dataset = dataset, .recipe = heal_gnn_recipe_default};
    struct heal_gnn_scaling scaling;
    struct heal_gnn_layout layout;
    struct epochs epochs = {.count = 0};
    double took[EPOCHS];

    heal_gnn_shape_default(HEAL_ORBIT_INPUTS, SPEED_HIDDEN, 0, &training.shape);
    heal_gnn_layout_make(&training.shape, &layout);
    float *weights = calloc(layout.weights, sizeof *weights);
    for (size_t i = 0; sample && i < count; i++)
        sample[i] = (uint32_t)i;
    training.learnt = (struct heal_gnn_choice){.sample = sample, .count = count};
    training.recipe.epochs = EPOCHS + 1;
    training.on_epoch = on_epoch;
    training.context = &epochs;
    int r = sample && weights ? heal_gnn_train(&training, &scaling, weights, NULL) : -1;
    free(weights);
    free(sample);
    for (unsigned i = 0; i < EPOCHS; i++)
        took[i] = epochs.at[i + 1] - epochs.at[i];
    return r < 0 ? never : median(took, EPOCHS);
}

static void compare_epochs(struct bench *bench, const char *path, const struct heal_gnn_dataset *dataset) {
    char order[4200];
    double before = time_epoch(dataset);

    snprintf(order, sizeof order, "epoch %s %d", path, EPOCHS);
    json_t *answer = peers_ask(bench->peers, order);
    double after = time_epoch(dataset), peer = number_of(answer, "epoch_s"), own = (before + after) / 2;
    if (before < 0 || after < 0) {
        json_decref(answer);
        return;
    }
    json_object_set_new(bench->result, "epoch_s", json_real(own));
    json_object_set_new(bench->result, "torch_epoch_s", peer < 0 ? json_null() : json_real(peer));
    json_object_set_new(bench->result, "epoch_ratio", peer < 0 ? json_null() : json_real(own / peer));
    if (json_object_get(answer, "epoch_form"))
        json_object_set(bench->result, "epoch_form", json_object_get(answer, "epoch_form"));
    json_decref(answer);
}

/* On real data, which are none of the project's: without them, null. */
static void measure_epochs(struct bench *bench) {
    struct heal_error error = {.code = 0};
    struct heal_dataset set;
    char path[4096];

    json_object_set_new(bench->result, "epoch_ratio", json_null());
    if (!published_find("orbit-mesh/mesh_train.txt", path, sizeof path)) {
        fprintf(stderr, "gnn: no training is timed: there is no %s (HEAL_DATA)\n", path);
        return;
    }
    if (heal_orbit_init(&set) < 0)
        return;
    if (heal_orbit_load(path, &set, &error) < 0)
        fprintf(stderr, "%s:%d:%d: %s\n", path, error.line, error.column, error.what);
    else
        compare_epochs(bench, path, set.graphs);
    heal_dataset_deinit(&set);
}

/* ---- all ---- */

static void print_number(const json_t *object, const char *name, int width) {
    double number = number_of(object, name);

    if (number < 0)
        printf(" %*s", width, "-");
    else
        printf(" %*.4g", width, number);
}

static const char *text_of(const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "-";
}

static void print_table(const json_t *result) {
    static const char *const column[] = {"vertices", "heald_us",     "torch_us",    "pyg_us",
                                         "onnx_us",  "onnx_int8_us", "torch_ratio", "onnx_ratio"};
    static const char *const figure[] = {
        "peak_share", "node16_p99_us", "node16_cold_p99_us", "shapley_us", "shapley_neighbours_us",
        "epoch_s",    "torch_epoch_s", "epoch_ratio"};
    const char *name;
    json_t *value, *rows = json_object_get(result, "rows");
    size_t index;

    json_object_foreach(json_object_get(result, "versions"), name, value)
        printf("%s %s\n", name, json_is_string(value) ? json_string_value(value) : "not here");
    printf("one thread each; heald: %s in integers, %s in training; epochs against PyTorch's, %s\n\n",
           text_of(result, "kernel"), text_of(result, "unit"), text_of(result, "epoch_form"));
    for (size_t i = 0; i < sizeof column / sizeof column[0]; i++)
        printf(" %12s", column[i]);
    printf("\n");
    json_array_foreach(rows, index, value) {
        for (size_t i = 0; i < sizeof column / sizeof column[0]; i++)
            print_number(value, column[i], 12);
        printf("\n");
    }
    printf("\n");
    for (size_t i = 0; i < sizeof figure / sizeof figure[0]; i++) {
        printf("%-22s", figure[i]);
        print_number(result, figure[i], 10);
        printf("\n");
    }
}

static int run(struct bench *bench) {
    if (speed_network(&bench->network) < 0)
        return -1;
    bench->peers = peers_new(bench->folder);
    json_t *versions = peers_ask(bench->peers, "versions");
    json_object_set_new(bench->result, "versions",
                        versions ? versions
                                 : json_pack("{s:n,s:n,s:n}", "torch", "torch_geometric", "onnxruntime"));
    json_object_set_new(bench->result, "threads", json_integer(1));
    json_object_set_new(bench->result, "kernel", json_string(bench->network.kernel->name));
    json_object_set_new(bench->result, "unit", json_string(heal_gnn_unit_best()->name));
    int r = measure_rows(bench);
    r = r < 0 ? r : measure_node(bench);
    r = r < 0 ? r : measure_why(bench);
    if (r == 0)
        measure_epochs(bench);
    bench->peers = peers_free(bench->peers);
    return r;
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"json",    no_argument,       NULL, 'j'},
        {"largest", required_argument, NULL, 'l'},
        {NULL,      0,                 NULL, 0  }
    };
    static struct bench bench = {.folder = "/tmp/heald-gnn-XXXXXX", .largest = ULONG_MAX};
    bool json = false;
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'j')
            json = true;
        else if (option == 'l')
            bench.largest = strtoul(optarg, NULL, 10);
        else
            return 64;
    }
    if (!mkdtemp(bench.folder)) {
        perror("gnn: /tmp");
        return 1;
    }
    bench.result = json_object();
    int r = run(&bench);
    remove_folder(&bench);
    if (r < 0)
        fprintf(stderr, "gnn: out of memory\n");
    else if (json)
        json_dumpf(bench.result, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
    else
        print_table(bench.result);
    if (r == 0 && json)
        printf("\n");
    json_decref(bench.result);
    return r < 0;
}
