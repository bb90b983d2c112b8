/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/aggregate.h"

#include <string.h>

static void take_mean(const struct heal_gnn_graph *graph, uint32_t vertex, size_t width, size_t channels,
                      const float *source, float *taken) {
    uint32_t begin = graph->first[vertex], end = graph->first[vertex + 1];

    memset(taken, 0, width * sizeof *taken);
    for (uint32_t i = begin; i < end; i++) {
        const float *from = source + graph->neighbour[i] * channels;

        for (size_t c = 0; c < width; c++)
            taken[c] += from[c];
    }
    if (end == begin)
        return;
    float share = 1 / (float)(end - begin);
    for (size_t c = 0; c < width; c++)
        taken[c] *= share;
}

/* The largest of sign times the channels: the least with a sign of -1. */
static void take_extreme(const struct heal_gnn_graph *graph, uint32_t vertex, size_t width, size_t channels,
                         const float *source, float sign, float *taken, uint32_t *picked) {
    uint32_t begin = graph->first[vertex], end = graph->first[vertex + 1];

    if (begin == end) {
        memset(taken, 0, width * sizeof *taken);
        return;
    }
    memcpy(taken, source + graph->neighbour[begin] * channels, width * sizeof *taken);
    for (size_t c = 0; picked && c < width; c++)
        picked[c] = graph->neighbour[begin];
    for (uint32_t i = begin + 1; i < end; i++) {
        const float *from = source + graph->neighbour[i] * channels;

        for (size_t c = 0; picked && c < width; c++)
            picked[c] = sign * from[c] > sign * taken[c] ? graph->neighbour[i] : picked[c];
        for (size_t c = 0; c < width; c++)
            taken[c] = sign * from[c] > sign * taken[c] ? from[c] : taken[c];
    }
}

void heal_gnn_gather(const struct heal_gnn_graph *graph, const struct heal_gnn_term *term, size_t channels,
                     const float *source, float *ret_taken, uint32_t *ret_picked) {
    for (uint32_t v = 0; v < graph->vertices; v++) {
        float *taken = ret_taken + (size_t)v * term->width;
        uint32_t *picked = ret_picked ? ret_picked + (size_t)v * term->width : NULL;

        if (term->aggregate == HEAL_GNN_MEAN)
            take_mean(graph, v, term->width, channels, source + term->from, taken);
        else
            take_extreme(graph, v, term->width, channels, source + term->from,
                         term->aggregate == HEAL_GNN_LARGEST ? 1 : -1, taken, picked);
    }
}

/* The graph has no direction: whose mean a vertex is in are its neighbours. */
static void give_mean(const struct heal_gnn_graph *graph, uint32_t vertex, size_t width, const float *taken,
                      float *source) {
    for (uint32_t i = graph->first[vertex]; i < graph->first[vertex + 1]; i++) {
        uint32_t whose = graph->neighbour[i];
        float share = 1 / (float)heal_gnn_degree(graph, whose);

        for (size_t c = 0; c < width; c++)
            source[c] += share * taken[whose * width + c];
    }
}

void heal_gnn_scatter(const struct heal_gnn_graph *graph, const struct heal_gnn_term *term, size_t channels,
                      const float *taken, const uint32_t *picked, float *source) {
    size_t width = term->width;

    for (uint32_t v = 0; v < graph->vertices; v++) {
        if (term->aggregate == HEAL_GNN_MEAN) {
            give_mean(graph, v, width, taken, source + v * channels + term->from);
        } else if (heal_gnn_degree(graph, v) > 0) {
            for (size_t c = 0; c < width; c++)
                source[picked[v * width + c] * channels + term->from + c] += taken[v * width + c];
        }
    }
}
