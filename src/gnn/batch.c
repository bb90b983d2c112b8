/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/batch.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

static const uint32_t left_out = UINT32_MAX; /* the place of a vertex that has none */

static void find_largest(const struct heal_gnn_dataset *dataset, size_t *ret_vertices,
                         size_t *ret_neighbours) {
    *ret_vertices = *ret_neighbours = 0;
    for (size_t i = 0; i < heal_gnn_dataset_samples(dataset); i++) {
        struct heal_gnn_graph graph = heal_gnn_dataset_sample(dataset, i).graph;

        if (graph.vertices > *ret_vertices)
            *ret_vertices = graph.vertices;
        if (graph.first[graph.vertices] > *ret_neighbours)
            *ret_neighbours = graph.first[graph.vertices];
    }
}

size_t heal_gnn_batch_vertices_max(const struct heal_gnn_dataset *dataset, size_t samples_max) {
    size_t vertices, neighbours;

    find_largest(dataset, &vertices, &neighbours);
    return vertices * samples_max;
}

int heal_gnn_batch_init(struct heal_gnn_batch *batch, const struct heal_gnn_dataset *dataset,
                        const struct heal_gnn_scaling *scaling, size_t samples_max) {
    size_t vertices, neighbours;

    find_largest(dataset, &vertices, &neighbours);
    *batch = (struct heal_gnn_batch){
        .input = calloc(vertices * samples_max * scaling->inputs + 1, sizeof *batch->input),
        .label = calloc(vertices * samples_max + 1, sizeof *batch->label),
        .node = calloc(vertices * samples_max + 1, sizeof *batch->node),
        .begin = calloc(samples_max + 1, sizeof *batch->begin),
        .kind = calloc(samples_max + 1, sizeof *batch->kind),
        .dataset = dataset,
        .scaling = scaling,
        .first = calloc(vertices * samples_max + 1, sizeof *batch->first),
        .neighbour = calloc(neighbours * samples_max + 1, sizeof *batch->neighbour),
        .place = calloc(vertices + 1, sizeof *batch->place),
    };
    return batch->input && batch->label && batch->node && batch->begin && batch->kind && batch->first &&
                   batch->neighbour && batch->place
               ? 0
               : -ENOMEM;
}

void heal_gnn_batch_deinit(struct heal_gnn_batch *batch) {
    free(batch->input);
    free(batch->label);
    free(batch->node);
    free(batch->begin);
    free(batch->kind);
    free(batch->first);
    free(batch->neighbour);
    free(batch->place);
    *batch = (struct heal_gnn_batch){0};
}

/* Four draws from one number. */
struct bytes {
    struct heal_random *random;
    uint32_t bits;
    unsigned left;
};

static bool happens(struct bytes *bytes, unsigned of_256) {
    if (of_256 == 0)
        return false;
    if (bytes->left == 0) {
        bytes->bits = heal_random_next(bytes->random);
        bytes->left = 4;
    }
    unsigned byte = bytes->bits & 0xff;
    bytes->bits >>= 8;
    bytes->left--;
    return byte < of_256;
}

/* Where in the batch each vertex goes. @return how many there are then. */
static uint32_t place_vertices(struct heal_gnn_batch *batch, uint32_t vertices, struct bytes *bytes,
                               unsigned of_256) {
    uint32_t next = batch->graph.vertices;

    for (uint32_t v = 0; v < vertices; v++)
        batch->place[v] = happens(bytes, of_256) ? left_out : next++;
    return next;
}

static void copy_edges(struct heal_gnn_batch *batch, const struct heal_gnn_graph *graph, uint32_t vertex,
                       uint32_t place) {
    uint32_t end = batch->first[place];

    for (uint32_t i = graph->first[vertex]; i < graph->first[vertex + 1]; i++) {
        uint32_t neighbour = batch->place[graph->neighbour[i]];

        if (neighbour != left_out)
            batch->neighbour[end++] = neighbour;
    }
    batch->first[place + 1] = end;
}

static void copy_features(struct heal_gnn_batch *batch, const float *feature, uint32_t place,
                          struct bytes *bytes, unsigned of_256) {
    float *input = batch->input + (size_t)place * batch->scaling->inputs;

    heal_gnn_scaling_apply(batch->scaling, feature, input);
    for (unsigned i = 0; i < batch->scaling->inputs; i++) {
        if (happens(bytes, of_256))
            input[i] = 0; /* as heal_gnn_scaling_apply has what is missing */
    }
}

static void add_sample(struct heal_gnn_batch *batch, const struct heal_gnn_sample *sample,
                       const struct heal_gnn_omission *omission, struct bytes *bytes) {
    uint32_t end = place_vertices(batch, sample->graph.vertices, bytes, omission->vertices_of_256);

    for (uint32_t v = 0; v < sample->graph.vertices; v++) {
        uint32_t place = batch->place[v];

        if (place == left_out)
            continue;
        copy_edges(batch, &sample->graph, v, place);
        copy_features(batch, sample->feature + (size_t)v * batch->scaling->inputs, place, bytes,
                      omission->features_of_256);
        batch->label[place] = sample->label[v];
        batch->node[place] = batch->nodes + sample->node[v];
    }
    batch->graph.vertices = end;
    batch->nodes += sample->graph.vertices;
    batch->kind[batch->graphs++] = sample->kind;
    batch->begin[batch->graphs] = end;
}

void heal_gnn_batch_fill(struct heal_gnn_batch *batch, const uint32_t *chosen, size_t count,
                         const struct heal_gnn_omission *omission, struct heal_random *random) {
    static const struct heal_gnn_omission nothing = {0, 0};
    struct bytes bytes = {.random = random};

    batch->first[0] = batch->begin[0] = 0;
    batch->nodes = batch->graphs = 0;
    batch->graph =
        (struct heal_gnn_graph){.vertices = 0, .first = batch->first, .neighbour = batch->neighbour};
    for (size_t i = 0; i < count; i++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(batch->dataset, chosen[i]);

        add_sample(batch, &sample, omission ? omission : &nothing, &bytes);
    }
}
