/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What a vertex takes of its neighbours: the mean, the largest or the least of each of some channels, and
 * the way back for what changes them. Where there is no neighbour it is 0. Pure functions; they keep nothing.
 */
#ifndef HEAL_GNN_AGGREGATE_H
#define HEAL_GNN_AGGREGATE_H

#include "gnn/graph.h"
#include "gnn/shape.h"

/**
 * @param source vertices by @p channels
 * @param ret_taken vertices by the term's width
 * @param ret_picked of the same size: which vertex it was (largest, least); NULL: nobody asks. The first of
 * equals.
 */
void heal_gnn_gather(const struct heal_gnn_graph *graph, const struct heal_gnn_term *term, size_t channels,
                     const float *source, float *ret_taken, uint32_t *ret_picked);

/** The way back: adds to @p source what @p taken means for it. @param picked as the way there said */
void heal_gnn_scatter(const struct heal_gnn_graph *graph, const struct heal_gnn_term *term, size_t channels,
                      const float *taken, const uint32_t *picked, float *source);

#endif
