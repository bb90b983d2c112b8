/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/vicinity.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* Where a neighbour's state is from. */
enum source { WORKED_OUT, TOLD, UNKNOWN };

/* What a vicinity's arrays hold. A neighbour's neighbour that is neither the vertex nor a neighbour of it is
 * there once for each edge: none of them ever changes. */
struct size {
    size_t inputs, hidden, neighbours, edges, vertices;
};

static struct size size_of(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                           uint32_t vertex) {
    struct size size = {.inputs = network->shape.inputs,
                        .hidden = network->shape.hidden,
                        .neighbours = heal_gnn_degree(graph, vertex)};

    size.edges = size.neighbours;
    for (uint32_t i = graph->first[vertex]; i < graph->first[vertex + 1]; i++)
        size.edges += heal_gnn_degree(graph, graph->neighbour[i]);
    size.vertices = 1 + size.edges;
    return size;
}

size_t heal_gnn_vicinity_bytes(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                               uint32_t vertex) {
    if (vertex >= graph->vertices || heal_gnn_degree(graph, vertex) > HEAL_GNN_PLAYERS_MAX)
        return 0;
    struct size size = size_of(network, graph, vertex);
    size_t numbers = 2 * (size.neighbours + 2) + 2 * size.edges + size.vertices + 1 + size.neighbours;
    size_t rows = 1 + size.neighbours;

    return 2 * rows * size.hidden + numbers * sizeof(uint32_t) + (size.vertices + 1) * size.inputs + rows;
}

static void *take(char **at, size_t bytes) {
    void *taken = *at;

    *at += bytes;
    return taken;
}

/* What wants to be aligned first; hidden is even, so that numbers follow two of its rows without a gap. */
static void lay_out(struct heal_gnn_vicinity *vicinity, struct size size, void *memory) {
    size_t rows = 1 + size.neighbours;
    char *at = memory;

    vicinity->state = take(&at, rows * size.hidden);
    vicinity->told = take(&at, rows * size.hidden);
    vicinity->first = take(&at, (rows + 1) * sizeof(uint32_t));
    vicinity->row_first = take(&at, (rows + 1) * sizeof(uint32_t));
    vicinity->neighbour = take(&at, size.edges * sizeof(uint32_t));
    vicinity->graph_neighbour = take(&at, size.edges * sizeof(uint32_t));
    vicinity->graph_first = take(&at, (size.vertices + 1) * sizeof(uint32_t));
    vicinity->row_neighbour = take(&at, size.neighbours * sizeof(uint32_t));
    vicinity->input = take(&at, size.vertices * size.inputs);
    vicinity->own = take(&at, size.inputs);
    vicinity->source = take(&at, rows);
    vicinity->graph.first = vicinity->graph_first;
    vicinity->graph.neighbour = vicinity->graph_neighbour;
    vicinity->row.first = vicinity->row_first;
    vicinity->row.neighbour = vicinity->row_neighbour;
}

/* @return its number in the vicinity, if it is the vertex or a neighbour; else 0 and @p ret_is_beyond. */
static uint32_t number_of(const struct heal_gnn_graph *graph, uint32_t vertex, uint32_t sought,
                          bool *ret_is_beyond) {
    uint32_t low = graph->first[vertex], high = graph->first[vertex + 1];

    *ret_is_beyond = false;
    if (sought == vertex)
        return 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (graph->neighbour[middle] == sought)
            return middle - graph->first[vertex] + 1;
        if (graph->neighbour[middle] < sought)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_is_beyond = true;
    return 0;
}

/* The row of a vertex of the graph; those beyond the neighbours are numbered as they come. */
static void copy_row(struct heal_gnn_vicinity *vicinity, const struct heal_gnn_graph *graph, uint32_t vertex,
                     uint32_t from, const int8_t *input, uint32_t *edges) {
    size_t inputs = vicinity->network->shape.inputs;

    for (uint32_t i = graph->first[from]; i < graph->first[from + 1]; i++) {
        bool is_beyond;
        uint32_t number = number_of(graph, vertex, graph->neighbour[i], &is_beyond);

        if (is_beyond) {
            number = vicinity->vertices++;
            memcpy(vicinity->input + number * inputs, input + graph->neighbour[i] * inputs, inputs);
        }
        vicinity->neighbour[(*edges)++] = number;
    }
}

static void copy(struct heal_gnn_vicinity *vicinity, const struct heal_gnn_graph *graph, uint32_t vertex,
                 const int8_t *input) {
    size_t inputs = vicinity->network->shape.inputs;
    uint32_t edges = 0;

    memcpy(vicinity->own, input + vertex * inputs, inputs);
    memcpy(vicinity->input, vicinity->own, inputs);
    vicinity->first[0] = 0;
    copy_row(vicinity, graph, vertex, vertex, input, &edges);
    for (uint32_t k = 1; k <= vicinity->neighbours; k++) {
        uint32_t neighbour = graph->neighbour[graph->first[vertex] + k - 1];

        memcpy(vicinity->input + k * inputs, input + neighbour * inputs, inputs);
        vicinity->first[k] = edges;
        copy_row(vicinity, graph, vertex, neighbour, input, &edges);
    }
    vicinity->first[vicinity->neighbours + 1] = edges;
}

int heal_gnn_vicinity_init(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                           uint32_t vertex, const int8_t *input, void *memory,
                           struct heal_gnn_vicinity *ret_vicinity, struct heal_error *error) {
    if (vertex >= graph->vertices)
        return heal_error_set(error, -EINVAL, 0, 0, "there is no vertex %u: there are %u", vertex,
                              graph->vertices);
    uint32_t neighbours = heal_gnn_degree(graph, vertex);
    if (neighbours > HEAL_GNN_PLAYERS_MAX)
        return heal_error_set(error, -EINVAL, 0, 0, "vertex %u has %u neighbours: at most %d are explained",
                              vertex, neighbours, HEAL_GNN_PLAYERS_MAX);
    *ret_vicinity =
        (struct heal_gnn_vicinity){.network = network, .neighbours = neighbours, .vertices = 1 + neighbours};
    lay_out(ret_vicinity, size_of(network, graph, vertex), memory);
    memset(ret_vicinity->source, WORKED_OUT, 1 + neighbours);
    copy(ret_vicinity, graph, vertex, input);
    ret_vicinity->graph.vertices = ret_vicinity->vertices;
    ret_vicinity->row.vertices = 1 + neighbours;
    return 0;
}

void heal_gnn_vicinity_tell(struct heal_gnn_vicinity *vicinity, uint32_t neighbour, const int8_t *state) {
    size_t hidden = vicinity->network->shape.hidden;

    vicinity->source[1 + neighbour] = state ? TOLD : UNKNOWN;
    if (state)
        memcpy(vicinity->told + (1 + neighbour) * hidden, state, hidden);
}

/* ---- verdicts of a part of it ---- */

/* Who takes part: @p present [neighbours]; NULL: all. */
static bool is_present(const struct heal_gnn_vicinity *vicinity, const uint8_t *present, uint32_t number) {
    return number == 0 || number > vicinity->neighbours || !present || present[number - 1];
}

/* What the first layer sees: rows of those whose state is worked out, without those who take no part. */
static void join(struct heal_gnn_vicinity *vicinity, const uint8_t *present) {
    uint32_t edges = 0, in_row = 0;

    for (uint32_t k = 0; k <= vicinity->neighbours; k++) {
        bool has_row = is_present(vicinity, present, k) && vicinity->source[k] == WORKED_OUT;

        vicinity->graph_first[k] = edges;
        for (uint32_t i = vicinity->first[k]; has_row && i < vicinity->first[k + 1]; i++) {
            if (is_present(vicinity, present, vicinity->neighbour[i]))
                vicinity->graph_neighbour[edges++] = vicinity->neighbour[i];
        }
    }
    for (uint32_t k = vicinity->neighbours + 1; k <= vicinity->vertices; k++)
        vicinity->graph_first[k] = edges;
    for (uint32_t k = 1; k <= vicinity->neighbours; k++) {
        if (is_present(vicinity, present, k) && vicinity->source[k] != UNKNOWN)
            vicinity->row_neighbour[in_row++] = k;
    }
    vicinity->row_first[0] = 0;
    for (uint32_t k = 1; k <= 1 + vicinity->neighbours; k++)
        vicinity->row_first[k] = in_row;
}

static void work_out(struct heal_gnn_vicinity *vicinity, uint32_t number) {
    int8_t *state = vicinity->state + number * (size_t)vicinity->network->shape.hidden;

    if (vicinity->source[number] == WORKED_OUT)
        heal_gnn_integer_state(vicinity->network, &vicinity->graph, number, vicinity->input, state);
    else
        memcpy(state, vicinity->told + number * (size_t)vicinity->network->shape.hidden,
               vicinity->network->shape.hidden);
}

/* Of those that are joined. */
static int32_t judge(struct heal_gnn_vicinity *vicinity) {
    work_out(vicinity, 0);
    for (uint32_t i = 0; i < vicinity->row_first[1]; i++)
        work_out(vicinity, vicinity->row_neighbour[i]);
    return heal_gnn_integer_verdict(vicinity->network, &vicinity->row, 0, vicinity->state, NULL);
}

int32_t heal_gnn_vicinity_verdict(struct heal_gnn_vicinity *vicinity) {
    join(vicinity, NULL);
    return judge(vicinity);
}

static int32_t judge_features(void *context, const uint8_t *present) {
    struct heal_gnn_vicinity *vicinity = context;

    for (unsigned i = 0; i < vicinity->network->shape.inputs; i++)
        vicinity->input[i] = present[i] ? vicinity->own[i] : 0;
    return judge(vicinity);
}

static int32_t judge_neighbours(void *context, const uint8_t *present) {
    struct heal_gnn_vicinity *vicinity = context;

    join(vicinity, present);
    return judge(vicinity);
}

int heal_gnn_vicinity_features(struct heal_gnn_vicinity *vicinity, struct heal_gnn_shares *ret_shares,
                               struct heal_error *error) {
    const struct heal_gnn_game game = {
        .players = vicinity->network->shape.inputs, .outcome = judge_features, .context = vicinity};

    join(vicinity, NULL);
    int r = heal_gnn_shapley_exact(&game, ret_shares, error);
    memcpy(vicinity->input, vicinity->own, vicinity->network->shape.inputs);
    return r;
}

int heal_gnn_vicinity_neighbours(struct heal_gnn_vicinity *vicinity, unsigned orders,
                                 struct heal_random *random, struct heal_gnn_shares *ret_shares,
                                 struct heal_error *error) {
    const struct heal_gnn_game game = {
        .players = vicinity->neighbours, .outcome = judge_neighbours, .context = vicinity};

    if (vicinity->neighbours <= HEAL_GNN_NEIGHBOURS_EXACT)
        return heal_gnn_shapley_exact(&game, ret_shares, error);
    return heal_gnn_shapley_sample(&game, orders, random, ret_shares, error);
}
