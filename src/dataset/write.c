/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "dataset/dataset.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

void heal_dataset_value_format(float value, char buffer[static HEAL_DATASET_VALUE_TEXT]) {
    int digits = 5;

    if (isnan(value)) {
        snprintf(buffer, HEAL_DATASET_VALUE_TEXT, "-");
        return;
    }
    do /* nine digits tell any two floats apart */
        snprintf(buffer, HEAL_DATASET_VALUE_TEXT, "%.*g", digits, (double)value);
    while (strtof(buffer, NULL) != value && digits++ < 9);
}

static void write_head(const struct heal_dataset *set, FILE *out) {
    const struct heal_gnn_feature *feature = heal_gnn_dataset_features(set->graphs);

    fprintf(out, "heald-dataset 1\n");
    if (set->made[0] != '\0')
        fprintf(out, "made %s\n", set->made);
    fprintf(out, "time %s\n", set->time);
    for (unsigned i = 0; i < heal_gnn_dataset_inputs(set->graphs); i++)
        fprintf(out, "feature %s%s\n", feature[i].name, feature[i].logarithm ? " log" : "");
    for (unsigned i = 0; i < set->kinds; i++)
        fprintf(out, "kind %s\n", set->kind[i]);
    fprintf(out, "# graph RUN TIME KIND VERTICES EDGES; v LABEL FEATURES; n NODES; e VERTEX NEIGHBOURS\n");
}

static const char *label_of(const struct heal_dataset *set, const struct heal_gnn_sample *sample,
                            uint32_t vertex) {
    switch ((enum heal_gnn_label)sample->label[vertex]) {
    case HEAL_GNN_HEALTHY:
        return "healthy";
    case HEAL_GNN_UNKNOWN:
        return "unknown";
    case HEAL_GNN_SICK:
        break;
    }
    return set->kind[sample->vertex_kind[vertex]];
}

static void write_vertices(const struct heal_dataset *set, const struct heal_gnn_sample *sample, FILE *out) {
    unsigned inputs = heal_gnn_dataset_inputs(set->graphs);
    char value[HEAL_DATASET_VALUE_TEXT];

    for (uint32_t v = 0; v < sample->graph.vertices; v++) {
        fprintf(out, "v %s", label_of(set, sample, v));
        for (unsigned i = 0; i < inputs; i++) {
            heal_dataset_value_format(sample->feature[(size_t)v * inputs + i], value);
            fprintf(out, " %s", value);
        }
        fputc('\n', out);
    }
}

/* Where each vertex is a node of its own, nothing is to be said. */
static void write_nodes(const struct heal_gnn_sample *sample, FILE *out) {
    uint32_t v = 0;

    while (v < sample->graph.vertices && sample->node[v] == v)
        v++;
    if (v == sample->graph.vertices)
        return;
    fputc('n', out);
    for (v = 0; v < sample->graph.vertices; v++)
        fprintf(out, " %" PRIu32, sample->node[v]);
    fputc('\n', out);
}

/* Each edge once, at its lower end. */
static void write_edges(const struct heal_gnn_graph *graph, FILE *out) {
    for (uint32_t v = 0; v < graph->vertices; v++) {
        bool begun = false;

        for (uint32_t i = graph->first[v]; i < graph->first[v + 1]; i++) {
            if (graph->neighbour[i] < v)
                continue;
            if (!begun)
                fprintf(out, "e %" PRIu32, v);
            fprintf(out, " %" PRIu32, graph->neighbour[i]);
            begun = true;
        }
        if (begun)
            fputc('\n', out);
    }
}

int heal_dataset_write(const struct heal_dataset *set, FILE *out) {
    size_t samples = heal_gnn_dataset_samples(set->graphs);

    write_head(set, out);
    for (size_t i = 0; i < samples; i++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(set->graphs, i);
        const struct heal_gnn_graph *graph = &sample.graph;

        fprintf(out, "graph %" PRIu32 " %" PRId64 " %s %" PRIu32 " %" PRIu32 "\n", sample.run, sample.time,
                set->kind[sample.kind], graph->vertices, graph->first[graph->vertices] / 2);
        write_vertices(set, &sample, out);
        write_nodes(&sample, out);
        write_edges(graph, out);
    }
    fprintf(out, "end %zu\n", samples);
    return fflush(out) == 0 && !ferror(out) ? 0 : -EIO;
}
