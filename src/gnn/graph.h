/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A graph without direction, as what is read of it most: the neighbours of a vertex, one after another
 * (compressed sparse rows). The arrays are the caller's; a graph is values and borrowed pointers.
 */
#ifndef HEAL_GNN_GRAPH_H
#define HEAL_GNN_GRAPH_H

#include "heal/error.h"

#include <stdint.h>

struct heal_gnn_edge {
    uint32_t a, b;
};

struct heal_gnn_graph {
    uint32_t vertices;
    const uint32_t *first;     /**< [vertices + 1]: where a vertex' neighbours begin, and the last ones end */
    const uint32_t *neighbour; /**< [first[vertices]]: in ascending order, no vertex its own */
};

/** How many neighbours a vertex has. */
static inline uint32_t heal_gnn_degree(const struct heal_gnn_graph *graph, uint32_t vertex) {
    return graph->first[vertex + 1] - graph->first[vertex];
}

/**
 * Makes a graph of @p edges edges (at most 2^31 - 1), each named once, in whichever direction.
 * @param first of vertices + 1 numbers, which the graph keeps
 * @param neighbour of 2 edges numbers, which the graph keeps
 * @param spare of 2 edges + vertices numbers, for the work only
 * @return 0, or -EINVAL with words: an end out of range, a loop, or two edges between the same vertices (the
 * edge's number, of two the second's, is the error's line, from 1); or too many edges
 */
int heal_gnn_graph_build(uint32_t vertices, const struct heal_gnn_edge *edge, uint32_t edges, uint32_t *first,
                         uint32_t *neighbour, uint32_t *spare, struct heal_gnn_graph *ret_graph,
                         struct heal_error *error);

#endif
