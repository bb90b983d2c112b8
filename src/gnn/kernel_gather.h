/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What kernels share of gathering: they differ in how some channels of a vertex' neighbours are taken. Theirs
 * to include.
 */
#ifndef HEAL_GNN_KERNEL_GATHER_H
#define HEAL_GNN_KERNEL_GATHER_H

#include "gnn/kernel.h"

#include <string.h>

enum {
    HEAL_GNN_DEGREE_SHORT = 256, /**< sums of so many values fit into sixteen bits */
    HEAL_GNN_AHEAD = 24,         /**< neighbours: so many are asked of memory before they are needed */
};

/** What one term takes of one vertex' neighbours, or some channels of that. */
struct heal_gnn_taking {
    enum heal_gnn_aggregate aggregate;
    struct heal_gnn_step step; /**< of a mean */
    const uint32_t *neighbour;
    uint32_t degree;      /**< at least 1 */
    const int8_t *source; /**< the first channel, of vertex 0 */
    size_t channels;      /**< from one vertex to the next */
    size_t width;         /**< channels that are taken */
};

/** Takes, whatever the degree and the width. */
void heal_gnn_take(const struct heal_gnn_taking *taking, int8_t *ret_taken);

/** Whether the sums of a mean, and what becomes of them, fit into sixteen bits. */
static inline bool heal_gnn_taking_is_short(const struct heal_gnn_taking *taking) {
    return taking->aggregate != HEAL_GNN_MEAN ||
           (taking->degree <= HEAL_GNN_DEGREE_SHORT && taking->step.shift <= 0);
}

/** The channels from @p c on. */
static inline void heal_gnn_take_rest(const struct heal_gnn_taking *taking, size_t c, int8_t *taken) {
    struct heal_gnn_taking rest = *taking;

    if (c == taking->width)
        return;
    rest.source += c;
    rest.width -= c;
    heal_gnn_take(&rest, taken + c);
}

static inline const int8_t *heal_gnn_taking_from(const struct heal_gnn_taking *taking, uint32_t i, size_t c) {
    return taking->source + taking->neighbour[i] * taking->channels + c;
}

static inline struct heal_gnn_step heal_gnn_mean_step(const struct heal_gnn_gathering *gathering,
                                                      unsigned term, uint32_t degree) {
    const struct heal_gnn_integer *network = gathering->network;

    return degree < HEAL_GNN_DEGREES ? network->mean_of[gathering->layer][term][degree]
                                     : heal_gnn_step_of(network->mean[gathering->layer][term], degree);
}

/* What the vertices after the present one will want. */
static inline void heal_gnn_prefetch(const struct heal_gnn_gathering *gathering, uint32_t begin,
                                     uint32_t end) {
    const struct heal_gnn_graph *graph = gathering->graph;
    uint32_t last = graph->first[graph->vertices];

    begin = begin + HEAL_GNN_AHEAD < last ? begin + HEAL_GNN_AHEAD : last;
    end = end + HEAL_GNN_AHEAD < last ? end + HEAL_GNN_AHEAD : last;
    for (; begin < end; begin++)
        __builtin_prefetch(gathering->source + graph->neighbour[begin] * gathering->channels);
}

/* One vertex. @return behind what it took. */
static inline __attribute__((always_inline)) int8_t *
heal_gnn_gather_row(const struct heal_gnn_gathering *gathering, uint32_t vertex, int8_t *at,
                    void (*take)(const struct heal_gnn_taking *taking, int8_t *ret_taken)) {
    const struct heal_gnn_layer *layer = &gathering->network->shape.layer[gathering->layer];
    const struct heal_gnn_graph *graph = gathering->graph;
    uint32_t begin = graph->first[vertex], degree = graph->first[vertex + 1] - begin;

    memcpy(at, gathering->source + vertex * gathering->channels, gathering->channels);
    at += gathering->channels;
    for (unsigned t = 0; t < layer->terms; at += layer->term[t++].width) {
        const struct heal_gnn_term *term = &layer->term[t];
        const struct heal_gnn_taking taking = {.aggregate = term->aggregate,
                                               .step = heal_gnn_mean_step(gathering, t, degree),
                                               .neighbour = graph->neighbour + begin,
                                               .degree = degree,
                                               .source = gathering->source + term->from,
                                               .channels = gathering->channels,
                                               .width = term->width};
        if (degree == 0)
            memset(at, 0, term->width);
        else
            take(&taking, at);
    }
    return at;
}

/** Gathers by a kernel's own way to take. It becomes part of the kernel's function, vector unit and all. */
static inline __attribute__((always_inline)) void
heal_gnn_gather_by(const struct heal_gnn_gathering *gathering, struct heal_gnn_rows summands,
                   void (*take)(const struct heal_gnn_taking *taking, int8_t *ret_taken)) {
    const struct heal_gnn_graph *graph = gathering->graph;
    size_t inputs = gathering->network->layer[gathering->layer].inputs;

    for (uint32_t i = 0; i < gathering->span.count; i++) {
        uint32_t vertex = gathering->span.from + i;
        int8_t *row = summands.value + i * summands.stride;

        heal_gnn_prefetch(gathering, graph->first[vertex], graph->first[vertex + 1]);
        int8_t *end = heal_gnn_gather_row(gathering, vertex, row, take);
        if (end < row + inputs)
            memset(end, 0, (size_t)(row + inputs - end));
    }
}

#endif
