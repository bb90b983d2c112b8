/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Labelled graphs to learn from: snapshots of meshes, each with its vertices' features and what is true of
 * each vertex. It owns copies of all that is added; nothing is ever taken out.
 */
#ifndef HEAL_GNN_DATASET_H
#define HEAL_GNN_DATASET_H

#include "gnn/feature.h"
#include "gnn/graph.h"

#include <stddef.h>

enum heal_gnn_label { HEAL_GNN_HEALTHY, HEAL_GNN_SICK, HEAL_GNN_UNKNOWN };

/** A snapshot, as it is added. Whoever adds it keeps its memory. */
struct heal_gnn_snapshot {
    uint32_t vertices, edges;
    const float *feature; /**< vertices by inputs, as measured; NaN: missing */
    const uint8_t *label; /**< [vertices], of enum heal_gnn_label */
    const struct heal_gnn_edge *edge;
    /** [vertices]: what a sick vertex has; NULL: the snapshot's kind */
    const uint8_t *vertex_kind;
    /** [vertices]: which vertices are of one node, by numbers below that of the vertices; NULL: each is a
     * node of its own */
    const uint32_t *node;
    int64_t time; /**< in the set's own unit; snapshots near in time may share what was measured */
    uint32_t run; /**< the mesh and its history: what one run shares must not be learnt from and judged by */
    uint8_t kind; /**< what was done to this mesh, as the data set numbers it */
};

struct heal_gnn_dataset;

/** @param feature [inputs], copied; NULL: they have no names, and none has a logarithm
 * @param inputs 1 to HEAL_GNN_INPUTS_MAX (shape.h) @return NULL: no such number, or out of memory. */
struct heal_gnn_dataset *heal_gnn_dataset_new(const struct heal_gnn_feature *feature, uint16_t inputs);
/** @return NULL. */
struct heal_gnn_dataset *heal_gnn_dataset_free(struct heal_gnn_dataset *dataset);

/** @return 0, -ENOMEM, or -EINVAL with words: no graph, a label or a node out of range, an infinite
 * feature. */
int heal_gnn_dataset_add(struct heal_gnn_dataset *dataset, const struct heal_gnn_snapshot *snapshot,
                         struct heal_error *error);

uint16_t heal_gnn_dataset_inputs(const struct heal_gnn_dataset *dataset);
/** @return [inputs]; the data set owns them. */
const struct heal_gnn_feature *heal_gnn_dataset_features(const struct heal_gnn_dataset *dataset);
size_t heal_gnn_dataset_samples(const struct heal_gnn_dataset *dataset);

/** A snapshot, as it is read again: graph and pointers are valid until the next is added. */
struct heal_gnn_sample {
    struct heal_gnn_graph graph;
    const float *feature;
    const uint8_t *label;
    const uint8_t *vertex_kind;
    const uint32_t *node;
    int64_t time;
    uint32_t run;
    uint8_t kind;
};

/** @param index below the number of samples */
struct heal_gnn_sample heal_gnn_dataset_sample(const struct heal_gnn_dataset *dataset, size_t index);

/** Some samples of a data set, by their indices. */
struct heal_gnn_choice {
    const uint32_t *sample;
    size_t count;
};

/** @return how many vertices they have, all together. */
size_t heal_gnn_choice_vertices(const struct heal_gnn_dataset *dataset, const struct heal_gnn_choice *choice);

#endif
