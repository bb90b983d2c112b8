/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/graph.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* Rows are numbered in 32 bits, and each edge is in two. */
static const uint32_t most_edges = INT32_MAX;

static int check_ends(uint32_t vertices, const struct heal_gnn_edge *edge, uint32_t edges,
                      struct heal_error *error) {
    if (edges > most_edges)
        return heal_error_set(error, -EINVAL, 0, 0, "%u edges: at most %u", edges, most_edges);
    for (uint32_t i = 0; i < edges; i++) {
        uint32_t most = edge[i].a > edge[i].b ? edge[i].a : edge[i].b;

        if (most >= vertices)
            return heal_error_set(error, -EINVAL, (int)i + 1, 0, "there is no vertex %u: there are %u", most,
                                  vertices);
        if (edge[i].a == edge[i].b)
            return heal_error_set(error, -EINVAL, (int)i + 1, 0, "vertex %u is its own neighbour", most);
    }
    return 0;
}

/* Where each vertex' row begins: the sum of the degrees before it. */
static void begin_rows(uint32_t vertices, const struct heal_gnn_edge *edge, uint32_t edges, uint32_t *first) {
    memset(first, 0, ((size_t)vertices + 1) * sizeof *first);
    for (uint32_t i = 0; i < edges; i++) {
        first[edge[i].a + 1]++;
        first[edge[i].b + 1]++;
    }
    for (uint32_t v = 0; v < vertices; v++)
        first[v + 1] += first[v];
}

static void fill_rows(const struct heal_gnn_edge *edge, uint32_t edges, uint32_t *next, uint32_t *row) {
    for (uint32_t i = 0; i < edges; i++) {
        row[next[edge[i].a]++] = edge[i].b;
        row[next[edge[i].b]++] = edge[i].a;
    }
}

/* The matrix is symmetric, so its transpose is itself; but what is transposed row by row comes out sorted. */
static void transpose_rows(uint32_t vertices, const uint32_t *first, const uint32_t *row, uint32_t *next,
                           uint32_t *sorted) {
    for (uint32_t v = 0; v < vertices; v++) {
        for (uint32_t i = first[v]; i < first[v + 1]; i++)
            sorted[next[row[i]]++] = v;
    }
}

/* @return the number, from 1, of the second edge between two vertices. */
static int number_of_second(const struct heal_gnn_edge *edge, uint32_t edges, uint32_t a, uint32_t b) {
    unsigned met = 0;

    for (uint32_t i = 0; i < edges; i++) {
        met += (edge[i].a == a && edge[i].b == b) || (edge[i].a == b && edge[i].b == a);
        if (met == 2)
            return (int)i + 1;
    }
    return 0;
}

/* @return the first vertex, in order, that has a neighbour twice, and that neighbour; false: there is none.
 */
static bool find_twice(uint32_t vertices, const uint32_t *first, const uint32_t *sorted,
                       struct heal_gnn_edge *ret_twice) {
    for (uint32_t v = 0; v < vertices; v++) {
        for (uint32_t i = first[v] + 1; i < first[v + 1]; i++) {
            if (sorted[i] != sorted[i - 1])
                continue;
            *ret_twice = (struct heal_gnn_edge){v, sorted[i]};
            return true;
        }
    }
    return false;
}

int heal_gnn_graph_build(uint32_t vertices, const struct heal_gnn_edge *edge, uint32_t edges, uint32_t *first,
                         uint32_t *neighbour, uint32_t *spare, struct heal_gnn_graph *ret_graph,
                         struct heal_error *error) {
    uint32_t *next = spare + 2 * (size_t)edges;
    struct heal_gnn_edge twice;
    int r = check_ends(vertices, edge, edges, error);

    if (r < 0)
        return r;
    begin_rows(vertices, edge, edges, first);
    memcpy(next, first, vertices * sizeof *next);
    fill_rows(edge, edges, next, spare);
    memcpy(next, first, vertices * sizeof *next);
    transpose_rows(vertices, first, spare, next, neighbour);
    if (find_twice(vertices, first, neighbour, &twice))
        return heal_error_set(error, -EINVAL, number_of_second(edge, edges, twice.a, twice.b), 0,
                              "there are two edges between %u and %u", twice.a, twice.b);
    *ret_graph = (struct heal_gnn_graph){.vertices = vertices, .first = first, .neighbour = neighbour};
    return 0;
}
