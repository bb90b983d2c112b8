/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Some samples of a data set side by side, as one graph without edges between them, with their inputs and
 * labels; while a network learns, with vertices and features left out at random. It owns its memory, for as
 * many samples as it was made for.
 */
#ifndef HEAL_GNN_BATCH_H
#define HEAL_GNN_BATCH_H

#include "base/random.h"
#include "gnn/scaling.h"

/** What is left out at random, to learn to do without: out of 256. */
struct heal_gnn_omission {
    unsigned vertices_of_256; /**< with its edges, and what it would teach */
    unsigned features_of_256; /**< as if it was missing */
};

struct heal_gnn_batch {
    struct heal_gnn_graph graph;
    float *input;   /**< vertices by inputs */
    uint8_t *label; /**< [vertices] */
    uint32_t *node; /**< [vertices]: below nodes, of which some may have no vertex */
    uint32_t nodes, graphs;
    uint32_t *begin; /**< [graphs + 1]: where a graph's vertices begin, and the last ones end */
    uint8_t *kind;   /**< [graphs] */
    /* How it is made. */
    const struct heal_gnn_dataset *dataset;
    const struct heal_gnn_scaling *scaling;
    uint32_t *first, *neighbour, *place;
};

/**
 * @param samples_max of the largest samples in @p dataset have room
 * @return 0 or -ENOMEM, after which it is to be deinitialised, too
 */
int heal_gnn_batch_init(struct heal_gnn_batch *batch, const struct heal_gnn_dataset *dataset,
                        const struct heal_gnn_scaling *scaling, size_t samples_max);
void heal_gnn_batch_deinit(struct heal_gnn_batch *batch);

/** @return how many vertices @p samples_max of the largest samples have. */
size_t heal_gnn_batch_vertices_max(const struct heal_gnn_dataset *dataset, size_t samples_max);

/** @param omission NULL: nothing is left out, and @p random not asked */
void heal_gnn_batch_fill(struct heal_gnn_batch *batch, const uint32_t *chosen, size_t count,
                         const struct heal_gnn_omission *omission, struct heal_random *random);

#endif
