/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What a vertex takes of its neighbours: the mean, the largest or the least of each of some channels, and
 * the way back for what changes them. Where there is no neighbour it is 0. Whole vectors are read and
 * written: what lies behind the last channel is the reader's to ignore and the writer's to put right. Pure
 * functions.
 */
#ifndef HEAL_GNN_AGGREGATE_H
#define HEAL_GNN_AGGREGATE_H

#include "gnn/graph.h"
#include "gnn/lanes.h"
#include "gnn/shape.h"

#include <stdbool.h>

enum { HEAL_GNN_AT_ONCE = 2 /* vectors, so that a sum does not wait for itself */ };

/** The rows that are taken of, from the term's first channel on. */
struct heal_gnn_source {
    const struct heal_gnn_graph *graph;
    const float *value;
    size_t stride;
};

HEAL_INLINE const float *heal_gnn_neighbour_row(const struct heal_gnn_source *source, uint32_t i) {
    return source->value + source->graph->neighbour[i] * source->stride;
}

HEAL_INLINE void heal_gnn_take_mean(const struct heal_gnn_source *source, uint32_t vertex, size_t at,
                                    int wide, float *taken) {
    uint32_t begin = source->graph->first[vertex], end = source->graph->first[vertex + 1];
    heal_vector sum[HEAL_GNN_AT_ONCE] = {{0}}, share = heal_all(end > begin ? 1 / (float)(end - begin) : 0);

    for (uint32_t i = begin; i < end; i++) {
        const float *from = heal_gnn_neighbour_row(source, i) + at;

#pragma GCC unroll 2
        for (int c = 0; c < wide; c++)
            sum[c] += heal_load(from + c * HEAL_VECTOR);
    }
#pragma GCC unroll 2
    for (int c = 0; c < wide; c++)
        heal_store(sum[c] * share, taken + at + c * HEAL_VECTOR);
}

/* The first of equals. @param picked NULL: nobody asks */
HEAL_INLINE void heal_gnn_take_extreme(const struct heal_gnn_source *source, uint32_t vertex, size_t at,
                                       int wide, bool least, float *taken, uint32_t *picked) {
    uint32_t begin = source->graph->first[vertex], end = source->graph->first[vertex + 1];
    heal_vector best[HEAL_GNN_AT_ONCE] = {{0}};
    heal_integers whose[HEAL_GNN_AT_ONCE];

#pragma GCC unroll 2
    for (int c = 0; c < wide; c++) {
        if (end > begin)
            best[c] = heal_load(heal_gnn_neighbour_row(source, begin) + at + c * HEAL_VECTOR);
        whose[c] = heal_all_integers(end > begin ? source->graph->neighbour[begin] : vertex);
    }
    for (uint32_t i = begin; i < end; i++) {
        const float *from = heal_gnn_neighbour_row(source, i) + at;
        heal_integers who = heal_all_integers(source->graph->neighbour[i]);

#pragma GCC unroll 2
        for (int c = 0; c < wide; c++) {
            heal_vector other = heal_load(from + c * HEAL_VECTOR);
            heal_integers better = least ? other < best[c] : other > best[c];

            best[c] = heal_choose(better, other, best[c]);
            if (picked)
                whose[c] = heal_choose_integers(better, who, whose[c]);
        }
    }
#pragma GCC unroll 2
    for (int c = 0; c < wide; c++) {
        heal_store(best[c], taken + at + c * HEAL_VECTOR);
        if (picked)
            heal_store_integers(whose[c], picked + at + c * HEAL_VECTOR);
    }
}

HEAL_INLINE void heal_gnn_take_some(const struct heal_gnn_source *source, enum heal_gnn_aggregate aggregate,
                                    uint32_t vertex, size_t at, int wide, float *taken, uint32_t *picked) {
    if (aggregate == HEAL_GNN_MEAN)
        heal_gnn_take_mean(source, vertex, at, wide, taken);
    else if (picked)
        heal_gnn_take_extreme(source, vertex, at, wide, aggregate == HEAL_GNN_LEAST, taken, picked);
    else if (aggregate == HEAL_GNN_LEAST)
        heal_gnn_take_extreme(source, vertex, at, wide, true, taken, NULL);
    else
        heal_gnn_take_extreme(source, vertex, at, wide, false, taken, NULL);
}

/**
 * What a term takes for one vertex.
 * @param taken as wide as the term
 * @param picked as wide, which vertex it was (largest, least); NULL: nobody asks
 */
HEAL_INLINE void heal_gnn_take(const struct heal_gnn_source *source, const struct heal_gnn_term *term,
                               uint32_t vertex, float *taken, uint32_t *picked) {
    size_t at = 0;

    for (; at + HEAL_VECTOR < term->width; at += HEAL_GNN_AT_ONCE * HEAL_VECTOR)
        heal_gnn_take_some(source, term->aggregate, vertex, at, HEAL_GNN_AT_ONCE, taken, picked);
    if (at < term->width)
        heal_gnn_take_some(source, term->aggregate, vertex, at, 1, taken, picked);
}

HEAL_INLINE void heal_gnn_give_some(const struct heal_gnn_source *taken, uint32_t vertex, size_t at, int wide,
                                    const uint32_t *picked, size_t picked_stride, size_t width, float *to) {
    uint32_t begin = taken->graph->first[vertex], end = taken->graph->first[vertex + 1];
    heal_vector sum[HEAL_GNN_AT_ONCE] = {{0}};

    for (uint32_t i = begin; i < end; i++) {
        const float *from = heal_gnn_neighbour_row(taken, i) + at;
        const uint32_t *whose = picked ? picked + taken->graph->neighbour[i] * picked_stride + at : NULL;

#pragma GCC unroll 2
        for (int c = 0; c < wide; c++) {
            heal_vector value = heal_load(from + c * HEAL_VECTOR);

            if (picked)
                value = heal_masked(heal_load_integers(whose + c * HEAL_VECTOR) == heal_all_integers(vertex),
                                    value);
            sum[c] += value;
        }
    }
#pragma GCC unroll 2
    for (int c = 0; c < wide; c++) {
        size_t place = at + (size_t)c * HEAL_VECTOR;
        heal_vector value = heal_masked(heal_first_lanes(width - place), sum[c]);

        heal_store(heal_load(to + place) + value, to + place);
    }
}

/**
 * The way back: adds what a term's results mean for one vertex. The graph has no direction: who took of it
 * are its neighbours.
 * @param taken by whoever took; of a mean, shared out already
 * @param picked [vertices by picked_stride], as the way there said; NULL: a mean
 * @param to as wide as the term
 */
HEAL_INLINE void heal_gnn_give(const struct heal_gnn_source *taken, const struct heal_gnn_term *term,
                               uint32_t vertex, const uint32_t *picked, size_t picked_stride, float *to) {
    size_t at = 0;

    for (; at + HEAL_VECTOR < term->width; at += HEAL_GNN_AT_ONCE * HEAL_VECTOR)
        heal_gnn_give_some(taken, vertex, at, HEAL_GNN_AT_ONCE, picked, picked_stride, term->width, to);
    if (at < term->width)
        heal_gnn_give_some(taken, vertex, at, 1, picked, picked_stride, term->width, to);
}

#endif
