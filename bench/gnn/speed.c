/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "speed.h"

#include "base/random.h"
#include "gnn/kernel.h"
#include "gnn/quantise.h"

#include <stdlib.h>
#include <string.h>

enum {
    RUNS = 15,
    PORTS = 16,
    TICKS = 20000,
    COLD_TICKS = 2000,
    OTHER_BYTES = 1 << 23, /* more than two processors' own caches */
};

static const double run_s = 0.02; /* that a run lasts at least */

const struct speed_grid speed_grids[SPEED_SIZES] = {
    {4,    4   },
    {25,   40  },
    {250,  400 },
    {1000, 1000}
};

/* What is run: a graph with all that belongs to its vertices. */
struct field {
    struct heal_gnn_graph graph;
    uint32_t *first, *neighbour;
    float *feature;
    int8_t *input, *state;
    int32_t *logit;
};

int speed_network(struct heal_gnn_integer *ret_network) {
    const struct heal_gnn_ranges ranges = {
        .input = 6, .mean = {{3, 6, 6}, {2, 4}},
             .h1 = 4, .h2 = 4, .gate_hidden = 3, .u = 3, .p = 3
    };
    struct heal_gnn_shape shape;
    struct heal_gnn_layout layout;
    struct heal_random random;

    heal_gnn_shape_default(SPEED_INPUTS, SPEED_HIDDEN, 0, &shape);
    heal_gnn_layout_make(&shape, &layout);
    float *weights = calloc(layout.weights, sizeof *weights);
    if (!weights)
        return -1;
    heal_random_init(&random, 1);
    for (uint32_t w = 0; w < layout.weights; w++)
        weights[w] = (float)(heal_random_uniform(&random) - 0.5) * 0.4F;
    int r = heal_gnn_quantise(&shape, weights, &ranges, ret_network, NULL);
    free(weights);
    return r < 0 ? -1 : 0;
}

/* ---- what is run ---- */

static void *lines(size_t bytes) {
    return aligned_alloc(HEAL_GNN_LINE, (bytes + HEAL_GNN_LINE - 1) / HEAL_GNN_LINE * HEAL_GNN_LINE);
}

static void field_deinit(struct field *field) {
    free(field->first);
    free(field->neighbour);
    free(field->feature);
    free(field->input);
    free(field->state);
    free(field->logit);
}

static int field_init(struct field *field, uint32_t vertices, const struct heal_gnn_edge *edge,
                      uint32_t edges) {
    struct heal_random random;
    uint32_t *spare = calloc((size_t)2 * edges + vertices, sizeof *spare);

    *field = (struct field){
        .first = calloc(vertices + 1, sizeof *field->first),
        .neighbour = calloc((size_t)2 * edges, sizeof *field->neighbour),
        .feature = lines((size_t)vertices * SPEED_INPUTS * sizeof *field->feature),
        .input = lines((size_t)vertices * SPEED_INPUTS),
        .state = lines((size_t)vertices * SPEED_HIDDEN),
        .logit = lines((size_t)vertices * sizeof *field->logit),
    };
    int r = spare && field->first && field->neighbour && field->feature && field->input && field->state &&
                    field->logit
                ? heal_gnn_graph_build(vertices, edge, edges, field->first, field->neighbour, spare,
                                       &field->graph, NULL)
                : -1;
    free(spare);
    if (r < 0) {
        field_deinit(field);
        return -1;
    }
    heal_random_init(&random, 2);
    for (size_t i = 0; i < (size_t)vertices * SPEED_INPUTS; i++)
        field->feature[i] = (float)heal_random_normal(&random);
    memset(field->state, 0, (size_t)vertices * SPEED_HIDDEN);
    return 0;
}

static int make_grid(struct speed_grid grid, struct field *field) {
    uint32_t vertices = grid.rows * grid.columns, edges = 0;
    struct heal_gnn_edge *edge = calloc((size_t)vertices * SPEED_DEGREE / 2, sizeof *edge);

    if (!edge)
        return -1;
    for (uint32_t v = 0; v < vertices; v++) {
        uint32_t row = v / grid.columns, column = v % grid.columns, below = (row + 1) % grid.rows;
        uint32_t right = (column + 1) % grid.columns, left = (column + grid.columns - 1) % grid.columns;

        edge[edges++] = (struct heal_gnn_edge){v, row * grid.columns + right};
        edge[edges++] = (struct heal_gnn_edge){v, below * grid.columns + left};
        edge[edges++] = (struct heal_gnn_edge){v, below * grid.columns + column};
        edge[edges++] = (struct heal_gnn_edge){v, below * grid.columns + right};
    }
    int r = field_init(field, vertices, edge, edges);
    free(edge);
    return r;
}

static void take_inputs(const struct heal_gnn_integer *network, const struct field *field,
                        uint32_t vertices) {
    for (uint32_t v = 0; v < vertices; v++)
        heal_gnn_integer_input(network, field->feature + (size_t)v * SPEED_INPUTS,
                               field->input + (size_t)v * SPEED_INPUTS);
}

/* ---- how fast ---- */

/* Of what is real: not what matrices are made up with. */
static double products_of(const struct heal_gnn_integer *network) {
    struct heal_gnn_layout layout;
    double products = 0;

    heal_gnn_layout_make(&network->shape, &layout);
    for (unsigned t = 0; t < layout.tensors; t++) {
        if (layout.tensor[t].inputs > 1)
            products += (double)layout.tensor[t].inputs * layout.tensor[t].outputs;
    }
    return products;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double quantile(double *value, size_t count, double share) {
    qsort(value, count, sizeof *value, ascending);
    return value[(size_t)(share * (double)(count - 1))];
}

/* @return seconds of this thread a vertex. @param repeats so often, one after another */
static double time_network(const struct heal_gnn_integer *network, const struct field *field,
                           unsigned repeats) {
    double begun = speed_busy_s();

    for (unsigned i = 0; i < repeats; i++)
        heal_gnn_integer_run(network, &field->graph, field->input, field->state, field->logit);
    return (speed_busy_s() - begun) / repeats / field->graph.vertices;
}

static double time_all(const struct heal_gnn_integer *network, const struct field *field, unsigned repeats) {
    double begun = speed_now_s();

    for (unsigned i = 0; i < repeats; i++) {
        take_inputs(network, field, field->graph.vertices);
        heal_gnn_integer_run(network, &field->graph, field->input, field->state, field->logit);
    }
    return (speed_now_s() - begun) / repeats / field->graph.vertices;
}

int speed_measure(const struct heal_gnn_integer *network, struct speed_grid grid, struct speed_row *ret_row) {
    double all[RUNS], alone[RUNS], share[RUNS];
    struct field field;

    if (make_grid(grid, &field) < 0)
        return -1;
    time_all(network, &field, 1); /* the memory is there afterwards */
    double once = time_all(network, &field, 1) * field.graph.vertices;
    unsigned repeats = (unsigned)(run_s / once) + 1;
    for (unsigned run = 0; run < RUNS; run++) {
        double peak = speed_peak(network->kernel);

        all[run] = time_all(network, &field, repeats);
        alone[run] = time_network(network, &field, repeats);
        share[run] = peak > 0 ? products_of(network) / alone[run] / peak : 0;
    }
    *ret_row = (struct speed_row){.vertices = field.graph.vertices,
                                  .us = 1e6 * quantile(all, RUNS, 0.5),
                                  .network_us = 1e6 * quantile(alone, RUNS, 0.5),
                                  .peak_share = quantile(share, RUNS, 0.5)};
    field_deinit(&field);
    return 0;
}

/* ---- a node ---- */

static int make_node(struct field *field) {
    struct heal_gnn_edge edge[PORTS * PORTS];
    uint32_t edges = 0;

    for (uint32_t a = 0; a < PORTS; a++) {
        for (uint32_t b = a + 1; b < PORTS; b++)
            edge[edges++] = (struct heal_gnn_edge){a, b};
        edge[edges++] = (struct heal_gnn_edge){a, PORTS + a};
    }
    return field_init(field, 2 * PORTS, edge, edges);
}

static double time_tick(const struct heal_gnn_integer *network, const struct field *field) {
    const struct heal_gnn_span own = {0, PORTS};
    double begun = speed_now_s();

    take_inputs(network, field, PORTS);
    heal_gnn_integer_states(network, &field->graph, own, field->input, field->state);
    heal_gnn_integer_verdicts(network, &field->graph, own, field->state, field->logit, NULL);
    return speed_now_s() - begun;
}

int speed_measure_node(const struct heal_gnn_integer *network, struct speed_node *ret_node) {
    double *took = calloc(TICKS, sizeof *took);
    char *other = malloc(OTHER_BYTES);
    struct field field;

    if (!took || !other || make_node(&field) < 0) {
        free(took);
        free(other);
        return -1;
    }
    take_inputs(network, &field, 2 * PORTS);
    for (int tick = 0; tick < TICKS; tick++)
        took[tick] = time_tick(network, &field);
    ret_node->p99_us = 1e6 * quantile(took, TICKS, 0.99);
    for (int tick = 0; tick < COLD_TICKS; tick++) {
        memset(other, tick, OTHER_BYTES);
        __asm__ volatile("" : : "r"(other) : "memory"); /* it has been written, whoever reads it */
        took[tick] = time_tick(network, &field);
    }
    ret_node->cold_p99_us = 1e6 * quantile(took, COLD_TICKS, 0.99);
    field_deinit(&field);
    free(took);
    free(other);
    return 0;
}
