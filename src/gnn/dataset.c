/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/dataset.h"

#include "gnn/shape.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct held {
    uint32_t vertices;
    size_t feature, label, first, neighbour; /* where each begins, in what is held of all */
    int64_t time;
    uint32_t run;
    uint8_t kind;
};

struct heal_gnn_dataset {
    uint16_t inputs;
    struct heal_gnn_feature *described; /* [inputs] */
    size_t samples, vertices, neighbours;
    size_t samples_room, vertices_room, neighbours_room;
    struct held *sample;
    float *feature;
    uint8_t *label, *vertex_kind;
    uint32_t *node;
    uint32_t *first; /* a vertex more than the vertices for each sample */
    uint32_t *neighbour;
};

struct heal_gnn_dataset *heal_gnn_dataset_new(const struct heal_gnn_feature *feature, uint16_t inputs) {
    struct heal_gnn_dataset *dataset =
        inputs > 0 && inputs <= HEAL_GNN_INPUTS_MAX ? calloc(1, sizeof *dataset) : NULL;

    if (!dataset)
        return NULL;
    dataset->inputs = inputs;
    dataset->described = calloc(inputs + 1U, sizeof *dataset->described);
    if (!dataset->described)
        return heal_gnn_dataset_free(dataset);
    if (feature)
        memcpy(dataset->described, feature, inputs * sizeof *feature);
    return dataset;
}

struct heal_gnn_dataset *heal_gnn_dataset_free(struct heal_gnn_dataset *dataset) {
    if (dataset) {
        free(dataset->described);
        free(dataset->sample);
        free(dataset->feature);
        free(dataset->label);
        free(dataset->vertex_kind);
        free(dataset->node);
        free(dataset->first);
        free(dataset->neighbour);
        free(dataset);
    }
    return NULL;
}

/* @return whether there is room for so many; what was there is kept in any case. */
static bool grow(void *array, size_t size, size_t wanted) {
    void *grown = realloc(*(void **)array, size * wanted + 1); /* not 0 bytes, which may be NULL */

    if (grown)
        *(void **)array = grown;
    return grown != NULL;
}

static size_t room_for(size_t room, size_t wanted) {
    return wanted <= room ? room : wanted > 2 * room ? wanted + 64 : 2 * room;
}

static int make_room(struct heal_gnn_dataset *dataset, const struct heal_gnn_snapshot *snapshot) {
    size_t samples = room_for(dataset->samples_room, dataset->samples + 1);
    size_t vertices = room_for(dataset->vertices_room, dataset->vertices + snapshot->vertices + 1);
    size_t neighbours =
        room_for(dataset->neighbours_room, dataset->neighbours + 2 * (size_t)snapshot->edges + 1);

    if (!grow(&dataset->sample, sizeof *dataset->sample, samples) ||
        !grow(&dataset->feature, sizeof *dataset->feature * dataset->inputs, vertices) ||
        !grow(&dataset->label, sizeof *dataset->label, vertices) ||
        !grow(&dataset->vertex_kind, sizeof *dataset->vertex_kind, vertices) ||
        !grow(&dataset->node, sizeof *dataset->node, vertices) ||
        !grow(&dataset->first, sizeof *dataset->first, vertices + samples) ||
        !grow(&dataset->neighbour, sizeof *dataset->neighbour, neighbours))
        return -ENOMEM;
    dataset->samples_room = samples;
    dataset->vertices_room = vertices;
    dataset->neighbours_room = neighbours;
    return 0;
}

static int check(const struct heal_gnn_dataset *dataset, const struct heal_gnn_snapshot *snapshot,
                 struct heal_error *error) {
    for (uint32_t v = 0; v < snapshot->vertices; v++) {
        if (snapshot->label[v] > HEAL_GNN_UNKNOWN)
            return heal_error_set(error, -EINVAL, 0, 0, "vertex %u has the label %u", v, snapshot->label[v]);
        if (snapshot->node && snapshot->node[v] >= snapshot->vertices)
            return heal_error_set(error, -EINVAL, 0, 0, "vertex %u is of node %u: there are %u vertices", v,
                                  snapshot->node[v], snapshot->vertices);
        for (unsigned i = 0; i < dataset->inputs; i++) {
            if (isinf(snapshot->feature[v * (size_t)dataset->inputs + i]))
                return heal_error_set(error, -EINVAL, 0, 0, "feature %u of vertex %u is infinite", i + 1, v);
        }
    }
    return 0;
}

static int build_graph(struct heal_gnn_dataset *dataset, const struct heal_gnn_snapshot *snapshot,
                       const struct held *held, struct heal_error *error) {
    uint32_t *spare = calloc(2 * (size_t)snapshot->edges + snapshot->vertices + 1, sizeof *spare);
    struct heal_gnn_graph graph;

    if (!spare)
        return -ENOMEM;
    int r = heal_gnn_graph_build(snapshot->vertices, snapshot->edge, snapshot->edges,
                                 dataset->first + held->first, dataset->neighbour + held->neighbour, spare,
                                 &graph, error);
    free(spare);
    return r;
}

int heal_gnn_dataset_add(struct heal_gnn_dataset *dataset, const struct heal_gnn_snapshot *snapshot,
                         struct heal_error *error) {
    struct held held = {.vertices = snapshot->vertices,
                        .feature = dataset->vertices * dataset->inputs,
                        .label = dataset->vertices,
                        .first = dataset->vertices + dataset->samples,
                        .neighbour = dataset->neighbours,
                        .time = snapshot->time,
                        .run = snapshot->run,
                        .kind = snapshot->kind};
    int r = check(dataset, snapshot, error);

    if (r == 0)
        r = make_room(dataset, snapshot);
    if (r == 0)
        r = build_graph(dataset, snapshot, &held, error);
    if (r < 0)
        return r;
    if (snapshot->vertices > 0) { /* else there may be no arrays to copy from */
        memcpy(dataset->feature + held.feature, snapshot->feature,
               snapshot->vertices * (size_t)dataset->inputs * sizeof *dataset->feature);
        memcpy(dataset->label + held.label, snapshot->label, snapshot->vertices);
    }
    if (snapshot->vertex_kind)
        memcpy(dataset->vertex_kind + held.label, snapshot->vertex_kind, snapshot->vertices);
    else
        memset(dataset->vertex_kind + held.label, snapshot->kind, snapshot->vertices);
    for (uint32_t v = 0; v < snapshot->vertices; v++)
        dataset->node[held.label + v] = snapshot->node ? snapshot->node[v] : v;
    dataset->sample[dataset->samples++] = held;
    dataset->vertices += snapshot->vertices;
    dataset->neighbours += 2 * (size_t)snapshot->edges;
    return 0;
}

uint16_t heal_gnn_dataset_inputs(const struct heal_gnn_dataset *dataset) {
    return dataset->inputs;
}

const struct heal_gnn_feature *heal_gnn_dataset_features(const struct heal_gnn_dataset *dataset) {
    return dataset->described;
}

size_t heal_gnn_dataset_samples(const struct heal_gnn_dataset *dataset) {
    return dataset->samples;
}

struct heal_gnn_sample heal_gnn_dataset_sample(const struct heal_gnn_dataset *dataset, size_t index) {
    const struct held *held = &dataset->sample[index];

    return (struct heal_gnn_sample){
        .graph = {.vertices = held->vertices,
                  .first = dataset->first + held->first,
                  .neighbour = dataset->neighbour + held->neighbour},
        .feature = dataset->feature + held->feature,
        .label = dataset->label + held->label,
        .vertex_kind = dataset->vertex_kind + held->label,
        .node = dataset->node + held->label,
        .time = held->time,
        .run = held->run,
        .kind = held->kind,
    };
}

size_t heal_gnn_choice_vertices(const struct heal_gnn_dataset *dataset,
                                const struct heal_gnn_choice *choice) {
    size_t vertices = 0;

    for (size_t i = 0; i < choice->count; i++)
        vertices += heal_gnn_dataset_sample(dataset, choice->sample[i]).graph.vertices;
    return vertices;
}
