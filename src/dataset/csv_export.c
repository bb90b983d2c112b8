/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "dataset/csv.h"

#include "base/cleanup.h"
#include "os/file.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

const char *const heal_csv_names[HEAL_CSV_FILES] = {
    [HEAL_CSV_SET] = "set.csv",
    [HEAL_CSV_GRAPHS] = "graphs.csv",
    [HEAL_CSV_VERTICES] = "vertices.csv",
    [HEAL_CSV_EDGES] = "edges.csv",
};

static void write_set(const struct heal_dataset *set, FILE *out) {
    const struct heal_gnn_feature *feature = heal_gnn_dataset_features(set->graphs);

    fprintf(out, "thing,value\n");
    if (set->made[0] != '\0')
        fprintf(out, "made,%s\n", set->made);
    fprintf(out, "time,%s\n", set->time);
    for (unsigned i = 0; i < heal_gnn_dataset_inputs(set->graphs); i++)
        fprintf(out, "%sfeature,%s\n", feature[i].logarithm ? "log-" : "", feature[i].name);
    for (unsigned i = 0; i < set->kinds; i++)
        fprintf(out, "kind,%s\n", set->kind[i]);
}

static void write_graphs(const struct heal_dataset *set, FILE *out) {
    fprintf(out, "graph,run,time,kind\n");
    for (size_t i = 0; i < heal_gnn_dataset_samples(set->graphs); i++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(set->graphs, i);

        fprintf(out, "%zu,%" PRIu32 ",%" PRId64 ",%s\n", i, sample.run, sample.time, set->kind[sample.kind]);
    }
}

static void write_vertex(const struct heal_dataset *set, const struct heal_gnn_sample *sample,
                         uint32_t vertex, FILE *out) {
    static const char *const label[] = {
        [HEAL_GNN_HEALTHY] = "healthy", [HEAL_GNN_SICK] = "sick", [HEAL_GNN_UNKNOWN] = "unknown"};
    unsigned inputs = heal_gnn_dataset_inputs(set->graphs);
    bool sick = sample->label[vertex] == HEAL_GNN_SICK;
    char value[HEAL_DATASET_VALUE_TEXT];

    fprintf(out, ",%" PRIu32 ",%" PRIu32 ",%s,%s", vertex, sample->node[vertex], label[sample->label[vertex]],
            sick ? set->kind[sample->vertex_kind[vertex]] : "");
    for (unsigned i = 0; i < inputs; i++) {
        heal_dataset_value_format(sample->feature[(size_t)vertex * inputs + i], value);
        fprintf(out, ",%s", strcmp(value, "-") == 0 ? "" : value);
    }
    fputc('\n', out);
}

static void write_vertices(const struct heal_dataset *set, FILE *out) {
    fprintf(out, "graph,vertex,node,label,kind");
    for (unsigned i = 0; i < heal_gnn_dataset_inputs(set->graphs); i++)
        fprintf(out, ",%s", heal_gnn_dataset_features(set->graphs)[i].name);
    fputc('\n', out);
    for (size_t i = 0; i < heal_gnn_dataset_samples(set->graphs); i++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(set->graphs, i);

        for (uint32_t v = 0; v < sample.graph.vertices; v++) {
            fprintf(out, "%zu", i);
            write_vertex(set, &sample, v, out);
        }
    }
}

static void write_edges(const struct heal_dataset *set, FILE *out) {
    fprintf(out, "graph,a,b\n");
    for (size_t i = 0; i < heal_gnn_dataset_samples(set->graphs); i++) {
        struct heal_gnn_graph graph = heal_gnn_dataset_sample(set->graphs, i).graph;

        for (uint32_t v = 0; v < graph.vertices; v++)
            for (uint32_t n = graph.first[v]; n < graph.first[v + 1]; n++)
                if (graph.neighbour[n] > v)
                    fprintf(out, "%zu,%" PRIu32 ",%" PRIu32 "\n", i, v, graph.neighbour[n]);
    }
}

static int write_file(const struct heal_dataset *set, const char *folder, enum heal_csv_file file) {
    static void (*const write[HEAL_CSV_FILES])(const struct heal_dataset *set, FILE *out) = {
        [HEAL_CSV_SET] = write_set,
        [HEAL_CSV_GRAPHS] = write_graphs,
        [HEAL_CSV_VERTICES] = write_vertices,
        [HEAL_CSV_EDGES] = write_edges,
    };
    char path[PATH_MAX], *text HEAL_CLEANUP(heal_free_pointer) = NULL;
    size_t length = 0;

    if (snprintf(path, sizeof path, "%s/%s", folder, heal_csv_names[file]) >= (int)sizeof path)
        return -ENAMETOOLONG;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return -ENOMEM;
    write[file](set, out);
    return fclose(out) != 0 ? -ENOMEM : heal_file_save(path, text, length);
}

int heal_csv_export(const struct heal_dataset *set, const char *folder, struct heal_error *error) {
    int r = mkdir(folder, 0777) == 0 || errno == EEXIST ? 0 : -errno;

    if (r < 0)
        return heal_error_set(error, r, 0, 0, "%s", strerror(-r));
    for (int i = 0; r == 0 && i < HEAL_CSV_FILES; i++) {
        r = write_file(set, folder, (enum heal_csv_file)i);
        if (r < 0)
            heal_error_set(error, r, 0, 0, "%s: %s", heal_csv_names[i], strerror(-r));
    }
    return r;
}
