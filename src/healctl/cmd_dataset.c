/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The verbs about labelled graphs to learn from (docs/dataset.md). They ask no daemon. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "dataset/csv.h"
#include "dataset/ipcore.h"
#include "dataset/orbit.h"
#include "dataset/simulate.h"
#include "healctl/cmd.h"
#include "healctl/cmd_dataset.h"
#include "healctl/page.h"
#include "os/file.h"

/* ---- files ---- */

static int say_wrong(const struct heal_call *call, const char *path, const struct heal_error *error) {
    if (error->line == 0)
        return heal_call_fail(call, HEAL_EXIT_FAILED, "%s: %s", path, error->what);
    return heal_call_fail(call, HEAL_EXIT_FAILED, "%s:%d:%d: %s", path, error->line, error->column,
                          error->what);
}

int heal_cmd_dataset_load(const struct heal_call *call, const char *path, struct heal_dataset *ret_set) {
    struct heal_error error = {.code = 0};

    return heal_dataset_load(path, ret_set, &error) < 0 ? say_wrong(call, path, &error) : HEAL_EXIT_OK;
}

/* Whole, or not at all. */
int heal_cmd_dataset_save(const struct heal_call *call, const struct heal_dataset *set, const char *path) {
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    size_t length = 0;
    FILE *out = strcmp(path, "-") == 0 ? call->out : open_memstream(&text, &length);

    if (!out)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    int r = heal_dataset_write(set, out);
    if (out == call->out)
        return r < 0 ? heal_call_fail(call, HEAL_EXIT_FAILED, "%s", strerror(-r)) : HEAL_EXIT_OK;
    if (fclose(out) != 0 || r < 0)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    r = heal_file_save(path, text, length);
    if (r == -EINVAL)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "%s is there, and is no regular file", path);
    return r < 0 ? heal_call_fail(call, HEAL_EXIT_FAILED, "%s: %s", path, strerror(-r)) : HEAL_EXIT_OK;
}

/* ---- simulate ---- */

static int read_nodes(const struct heal_call *call, struct heal_simulation *how) {
    const char *text = heal_call_option(call, "--nodes");
    unsigned least, most;
    int end = 0;

    if (!text)
        return HEAL_EXIT_OK;
    bool read = sscanf(text, "%3u-%3u%n", &least, &most, &end) == 2 && text[end] == '\0';
    if (!read || least > most || least < HEAL_SIMULATION_NODES_LEAST || most > HEAL_SIMULATION_NODES_MOST)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "--nodes is a span within %d-%d, such as 4-16",
                              HEAL_SIMULATION_NODES_LEAST, HEAL_SIMULATION_NODES_MOST);
    how->nodes_least = least;
    how->nodes_most = most;
    return HEAL_EXIT_OK;
}

static int read_simulation(const struct heal_call *call, struct heal_simulation *how) {
    uint64_t seed = 1, snapshots = 3000;
    float missing = 0;
    int r = heal_call_number(call, "--seed", 0, UINT32_MAX, &seed);

    r = r != HEAL_EXIT_OK ? r : heal_call_number(call, "--snapshots", 1, 1000000, &snapshots);
    r = r != HEAL_EXIT_OK ? r : read_nodes(call, how);
    r = r != HEAL_EXIT_OK ? r : heal_call_float(call, "--missing", 0, 1, &missing);
    how->seed = seed;
    how->missing = (double)missing;
    how->snapshots = (unsigned)snapshots;
    return r;
}

struct progress {
    FILE *out;
    const struct heal_simulation *how;
};

static void show_progress(void *context, unsigned snapshots) {
    const struct progress *progress = context;

    fprintf(progress->out, "\r%u of %u snapshots", snapshots, progress->how->snapshots);
    fflush(progress->out);
}

int heal_cmd_dataset_simulate(const struct heal_call *call) {
    struct heal_simulation how = {.nodes_least = HEAL_SIMULATION_NODES_LEAST,
                                  .nodes_most = HEAL_SIMULATION_NODES_MOST};
    struct progress progress = {call->err, &how};
    const char *path = heal_call_option(call, "--out");
    bool terminal = isatty(fileno(call->err)) == 1;
    struct heal_dataset set;

    if (!path)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "--out says where it goes; - is the standard output");
    how.made = terminal ? show_progress : NULL;
    how.context = &progress;
    int r = read_simulation(call, &how);
    if (r != HEAL_EXIT_OK)
        return r;
    if (heal_simulate(&how, &set) < 0)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    if (terminal)
        fputs("\r\033[K", call->err);
    r = heal_cmd_dataset_save(call, &set, path);
    heal_dataset_deinit(&set);
    return r;
}

/* ---- import and export ---- */

static int import_orbit(const char *path, struct heal_dataset *ret_set, struct heal_error *error) {
    int r = heal_orbit_init(ret_set);

    r = r < 0 ? heal_error_set(error, r, 0, 0, "%s", strerror(-r)) : heal_orbit_load(path, ret_set, error);
    if (r < 0)
        heal_dataset_deinit(ret_set);
    return r;
}

static int import_ipcore(const char *path, struct heal_dataset *ret_set, struct heal_error *error) {
    struct heal_ipcore_mesh mesh;

    return heal_ipcore_load(path, ret_set, &mesh, error);
}

static const struct format {
    const char *name;
    int (*load)(const char *path, struct heal_dataset *ret_set, struct heal_error *error);
} formats[] = {
    {"csv",    heal_csv_load},
    {"ipcore", import_ipcore},
    {"orbit",  import_orbit },
};

int heal_cmd_dataset_import(const struct heal_call *call) {
    const char *name = heal_call_option(call, "--format"), *from = call->argument[0];
    struct heal_error error = {.code = 0};
    struct heal_dataset set;
    size_t i = 0;

    while (i < HEAL_COUNT(formats) && name && strcmp(formats[i].name, name) != 0)
        i++;
    if (!name || i == HEAL_COUNT(formats))
        return heal_call_fail(call, HEAL_EXIT_USAGE, "--format is csv, ipcore or orbit");
    if (heal_file_is_same(from, call->argument[1]))
        return heal_call_fail(call, HEAL_EXIT_USAGE, "%s would go over what it is made of", from);
    if (formats[i].load(from, &set, &error) < 0)
        return say_wrong(call, from, &error);
    int r = heal_cmd_dataset_save(call, &set, call->argument[1]);
    heal_dataset_deinit(&set);
    return r;
}

int heal_cmd_dataset_export(const struct heal_call *call) {
    struct heal_error error = {.code = 0};
    struct heal_dataset set;
    int r = heal_cmd_dataset_load(call, call->argument[0], &set);

    if (r != HEAL_EXIT_OK)
        return r;
    if (heal_csv_export(&set, call->argument[1], &error) < 0)
        r = say_wrong(call, call->argument[1], &error);
    heal_dataset_deinit(&set);
    return r;
}

/* ---- info ---- */

struct counts {
    size_t graphs, runs, vertices, edges, missing, sick, healthy, unknown;
    size_t graphs_of[HEAL_DATASET_KINDS_MAX], sick_of[HEAL_DATASET_KINDS_MAX];
};

static void count_sample(const struct heal_gnn_sample *sample, unsigned inputs, struct counts *counts) {
    counts->graphs++;
    counts->graphs_of[sample->kind]++;
    counts->vertices += sample->graph.vertices;
    counts->edges += sample->graph.first[sample->graph.vertices] / 2;
    for (uint32_t v = 0; v < sample->graph.vertices; v++) {
        counts->healthy += sample->label[v] == HEAL_GNN_HEALTHY;
        counts->unknown += sample->label[v] == HEAL_GNN_UNKNOWN;
        counts->sick += sample->label[v] == HEAL_GNN_SICK;
        counts->sick_of[sample->vertex_kind[v]] += sample->label[v] == HEAL_GNN_SICK;
    }
    for (size_t i = 0; i < (size_t)sample->graph.vertices * inputs; i++)
        counts->missing += sample->feature[i] != sample->feature[i]; /* NaN */
}

/* Runs are counted where they change: a set has each in one piece. */
static struct counts count(const struct heal_dataset *set) {
    struct counts counts = {.graphs = 0};
    uint32_t run = 0;

    for (size_t i = 0; i < heal_gnn_dataset_samples(set->graphs); i++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(set->graphs, i);

        counts.runs += i == 0 || sample.run != run;
        run = sample.run;
        count_sample(&sample, heal_gnn_dataset_inputs(set->graphs), &counts);
    }
    return counts;
}

static void show_counts(const struct heal_call *call, const struct heal_dataset *set,
                        const struct counts *counts) {
    unsigned inputs = heal_gnn_dataset_inputs(set->graphs);

    fprintf(call->out, "made      %s\n", set->made[0] != '\0' ? set->made : "(not said)");
    fprintf(call->out, "graphs    %zu in %zu runs\n", counts->graphs, counts->runs);
    fprintf(call->out, "vertices  %zu: %zu healthy, %zu sick, %zu unknown\n", counts->vertices,
            counts->healthy, counts->sick, counts->unknown);
    fprintf(call->out, "edges     %zu\n", counts->edges);
    fprintf(call->out, "features  %u:", inputs);
    for (unsigned i = 0; i < inputs; i++)
        fprintf(call->out, " %s", heal_gnn_dataset_features(set->graphs)[i].name);
    fprintf(call->out, "; %.1f %% missing\n\n%-24s %8s  %13s\n",
            100 * (double)counts->missing / ((double)counts->vertices * inputs), "kind", "graphs",
            "sick vertices");
    for (unsigned i = 0; i < set->kinds; i++)
        fprintf(call->out, "%-24s %8zu  %13zu\n", set->kind[i], counts->graphs_of[i], counts->sick_of[i]);
}

static int show_counts_json(const struct heal_call *call, const struct heal_dataset *set,
                            const struct counts *counts) {
    json_t *kinds = json_array(), *features = json_array();

    for (unsigned i = 0; i < set->kinds; i++)
        json_array_append_new(kinds, json_pack("{s:s, s:I, s:I}", "kind", set->kind[i], "graphs",
                                               (json_int_t)counts->graphs_of[i], "sick",
                                               (json_int_t)counts->sick_of[i]));
    for (unsigned i = 0; i < heal_gnn_dataset_inputs(set->graphs); i++)
        json_array_append_new(features, json_string(heal_gnn_dataset_features(set->graphs)[i].name));
    json_t *object = json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "made", set->made,
                               "graphs", (json_int_t)counts->graphs, "runs", (json_int_t)counts->runs,
                               "vertices", (json_int_t)counts->vertices, "healthy",
                               (json_int_t)counts->healthy, "sick", (json_int_t)counts->sick, "unknown",
                               (json_int_t)counts->unknown, "edges", (json_int_t)counts->edges, "missing",
                               (json_int_t)counts->missing, "features", features, "kinds", kinds);
    if (!object)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    heal_page_json(call->out, object);
    json_decref(object);
    return HEAL_EXIT_OK;
}

int heal_cmd_dataset_info(const struct heal_call *call) {
    struct heal_dataset set;
    int r = heal_cmd_dataset_load(call, call->argument[0], &set);

    if (r != HEAL_EXIT_OK)
        return r;
    struct counts counts = count(&set);
    if (call->json)
        r = show_counts_json(call, &set, &counts);
    else
        show_counts(call, &set, &counts);
    heal_dataset_deinit(&set);
    return r;
}
