/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "kernel_trial.h"

#include "base/random.h"
#include "gnn/quantise.h"

#include <stdlib.h>
#include <string.h>

enum { EDGES_MAX = 2000, DEGREE = 500 };

struct trial {
    struct heal_random random;
    bool extreme; /* all values at the ends of their range */
    struct heal_gnn_integer network;
    struct heal_gnn_graph graph;
    uint32_t *first, *neighbour, *spare;
    struct heal_gnn_edge *edge;
    int8_t *input, *state;
    int32_t *logit, *kind;
};

uint32_t kernel_trial_hash(uint32_t hash, uint32_t number) {
    for (unsigned byte = 0; byte < 4; byte++)
        hash = (hash ^ (number >> 8 * byte & 0xff)) * 16777619U;
    return hash;
}

static uint32_t below(struct trial *trial, uint32_t most) {
    return heal_random_next(&trial->random) % most;
}

static int32_t between(struct trial *trial, int32_t least, int32_t most) {
    return least + (int32_t)below(trial, (uint32_t)(most - least + 1));
}

static int8_t value_of(struct trial *trial, int32_t most) {
    if (trial->extreme)
        return (int8_t)(below(trial, 2) ? most : -most);
    return (int8_t)between(trial, -most, most);
}

/* ---- a network ---- */

static void draw_layer(struct trial *trial, unsigned channels, struct heal_gnn_layer *layer) {
    layer->terms = (uint16_t)below(trial, HEAL_GNN_TERMS_MAX + 1);
    for (unsigned t = 0; t < layer->terms; t++) {
        struct heal_gnn_term *term = &layer->term[t];

        term->aggregate = (enum heal_gnn_aggregate)below(trial, HEAL_GNN_AGGREGATES);
        term->from = (uint16_t)below(trial, channels);
        term->width = (uint16_t)(1 + below(trial, channels - term->from));
    }
}

/* The first are those in use, then any that there is room for. */
static int draw_shape(struct trial *trial, uint32_t number) {
    struct heal_gnn_shape shape;
    int r;

    if (number < 4) {
        heal_gnn_shape_default(8, 64, (uint16_t)(number * 3), &shape);
        return heal_gnn_integer_lay(&shape, &trial->network, NULL);
    }
    do {
        shape = (struct heal_gnn_shape){.inputs = (uint16_t)(1 + below(trial, HEAL_GNN_INPUTS_MAX)),
                                        .hidden = (uint16_t)(2 + 2 * below(trial, HEAL_GNN_HIDDEN_MAX / 2)),
                                        .kinds = (uint16_t)below(trial, HEAL_GNN_KINDS_MAX + 1)};
        draw_layer(trial, shape.inputs, &shape.layer[0]);
        draw_layer(trial, shape.hidden, &shape.layer[1]);
        r = heal_gnn_integer_lay(&shape, &trial->network, NULL);
    } while (r < 0);
    return r;
}

static struct heal_gnn_factor draw_factor(struct trial *trial, uint8_t shift) {
    return (struct heal_gnn_factor){.m = between(trial, 1 << 29, (1 << 30) - 1), .shift = shift};
}

/* Factors that bring most sums into range, some to its ends. */
static int draw_network(struct trial *trial, uint32_t number) {
    struct heal_gnn_integer *network = &trial->network;

    if (draw_shape(trial, number) < 0)
        return -1;
    network->input_scale = 20;
    for (uint32_t w = 0; w < network->weights; w++)
        network->weight[w] = value_of(trial, HEAL_GNN_MOST);
    for (uint32_t o = 0; o < network->outputs; o++) {
        network->bias[o] = between(trial, -30000, 30000);
        network->shift[o] = between(trial, 0, trial->extreme ? HEAL_GNN_STEP_RIGHT : 5);
        network->multiplier[o] = between(trial, trial->extreme ? 0 : 1 << 14, INT16_MAX);
    }
    for (uint32_t o = 0; o < network->logits; o++) {
        network->logit_bias[o] = between(trial, -3000, 3000);
        network->logit[o] = draw_factor(trial, (uint8_t)between(trial, 28, 34));
    }
    for (unsigned layer = 0; layer < HEAL_GNN_LAYERS; layer++) {
        network->layer[layer].rest = (uint8_t)between(trial, 1, HEAL_GNN_STEP_REST);
        for (unsigned t = 0; t < HEAL_GNN_TERMS_MAX; t++)
            network->mean[layer][t] = draw_factor(trial, (uint8_t)between(trial, 26, 32));
    }
    network->gate.rest = network->head.rest = HEAL_GNN_STEP_REST;
    network->gated = (struct heal_gnn_step){.multiplier = (int16_t)between(trial, 1 << 14, INT16_MAX),
                                            .shift = (int8_t)between(trial, -HEAL_GNN_STEP_LEFT, -5),
                                            .rest = (uint8_t)between(trial, 5, HEAL_GNN_STEP_REST)};
    return heal_gnn_integer_prepare(network, NULL);
}

/* ---- a graph ---- */

static int make_room(struct trial *trial, uint32_t vertices, uint32_t edges) {
    const struct heal_gnn_shape *shape = &trial->network.shape;

    trial->first = calloc(vertices + 1, sizeof *trial->first);
    trial->neighbour = calloc((size_t)2 * edges + 1, sizeof *trial->neighbour);
    trial->spare = calloc((size_t)2 * edges + vertices, sizeof *trial->spare);
    trial->edge = calloc(edges + 1, sizeof *trial->edge);
    trial->input = calloc(vertices, shape->inputs);
    trial->state = calloc(vertices, shape->hidden);
    trial->logit = calloc(vertices, sizeof *trial->logit);
    trial->kind = calloc((size_t)vertices * (shape->kinds + 1U), sizeof *trial->kind);
    return trial->first && trial->neighbour && trial->spare && trial->edge && trial->input && trial->state &&
                   trial->logit && trial->kind
               ? 0
               : -1;
}

static void tear_down(struct trial *trial) {
    free(trial->first);
    free(trial->neighbour);
    free(trial->spare);
    free(trial->edge);
    free(trial->input);
    free(trial->state);
    free(trial->logit);
    free(trial->kind);
    free(trial);
}

/* Every possible edge with the same chance, and in one trial of eight a star beside. */
static int draw_graph(struct trial *trial, uint32_t number) {
    uint32_t leaves = number % 8 == 7 ? DEGREE : 0, some = 1 + below(trial, 70), chance = below(trial, 24);
    uint32_t vertices = leaves + some, edges = 0;

    if (make_room(trial, vertices, EDGES_MAX + DEGREE) < 0)
        return -1;
    for (uint32_t a = 0; a < some; a++) {
        for (uint32_t b = a + 1; b < some && edges < EDGES_MAX; b++) {
            if (below(trial, 64) < chance)
                trial->edge[edges++] = (struct heal_gnn_edge){b, a};
        }
    }
    for (uint32_t leaf = 0; leaf < leaves; leaf++)
        trial->edge[edges++] = (struct heal_gnn_edge){0, some + leaf};
    return heal_gnn_graph_build(vertices, trial->edge, edges, trial->first, trial->neighbour, trial->spare,
                                &trial->graph, NULL);
}

static int draw_star(struct trial *trial, uint32_t leaves) {
    if (make_room(trial, leaves + 1, leaves) < 0)
        return -1;
    for (uint32_t leaf = 0; leaf < leaves; leaf++)
        trial->edge[leaf] = (struct heal_gnn_edge){0, leaf + 1};
    return heal_gnn_graph_build(leaves + 1, trial->edge, leaves, trial->first, trial->neighbour, trial->spare,
                                &trial->graph, NULL);
}

/* ---- what comes of it ---- */

/* States as neighbours tell them may be anything: some are overwritten with what no network makes. */
static void lie(struct trial *trial) {
    const struct heal_gnn_shape *shape = &trial->network.shape;

    for (uint32_t i = 0; i < trial->graph.vertices; i += 5)
        trial->state[(size_t)i * shape->hidden + i % shape->hidden] = INT8_MIN;
}

static uint32_t run(struct trial *trial, const struct heal_gnn_kernel *kernel) {
    const struct heal_gnn_span all = {0, trial->graph.vertices};
    const struct heal_gnn_shape *shape = &trial->network.shape;
    int32_t class_of[HEAL_GNN_KINDS_MAX + 1];
    uint32_t hash = kernel_trial_begin;

    for (size_t i = 0; i < (size_t)trial->graph.vertices * shape->inputs; i++)
        trial->input[i] = value_of(trial, HEAL_GNN_MOST);
    trial->network.kernel = kernel;
    heal_gnn_integer_states(&trial->network, &trial->graph, all, trial->input, trial->state);
    for (size_t i = 0; i < (size_t)trial->graph.vertices * shape->hidden; i++)
        hash = kernel_trial_hash(hash, (uint32_t)trial->state[i]);
    lie(trial);
    heal_gnn_integer_verdicts(&trial->network, &trial->graph, all, trial->state, trial->logit, trial->kind);
    for (uint32_t v = 0; v < trial->graph.vertices; v++)
        hash = kernel_trial_hash(hash, (uint32_t)trial->logit[v]);
    for (size_t k = 0; k < (size_t)trial->graph.vertices * shape->kinds; k++)
        hash = kernel_trial_hash(hash, (uint32_t)trial->kind[k]);
    heal_gnn_integer_classes(&trial->network, trial->graph.vertices, trial->kind, class_of);
    for (unsigned c = 0; c <= shape->kinds; c++)
        hash = kernel_trial_hash(hash, (uint32_t)class_of[c]);
    return hash;
}

uint32_t kernel_trial(const struct heal_gnn_kernel *kernel, uint32_t number) {
    struct trial *trial = calloc(1, sizeof *trial);
    uint32_t hash = 0;

    if (!trial)
        return 0;
    heal_random_init(&trial->random, number);
    trial->extreme = number % 3 == 2;
    if (draw_network(trial, number) == 0 && draw_graph(trial, number) == 0)
        hash = run(trial, kernel);
    tear_down(trial);
    return hash;
}

uint32_t kernel_trial_star(const struct heal_gnn_kernel *kernel, uint32_t leaves) {
    struct trial *trial = calloc(1, sizeof *trial);
    uint32_t hash = 0;

    if (!trial)
        return 0;
    heal_random_init(&trial->random, leaves);
    if (draw_network(trial, 0) == 0 && draw_star(trial, leaves) == 0)
        hash = run(trial, kernel);
    tear_down(trial);
    return hash;
}

/* ---- a network from single precision ---- */

static int quantise(struct trial *trial) {
    const struct heal_gnn_ranges ranges = {
        .input = 6, .mean = {{3, 6, 6}, {2, 4}},
             .h1 = 4, .h2 = 4, .gate_hidden = 3, .u = 3, .p = 3
    };
    struct heal_gnn_shape shape;
    struct heal_gnn_layout layout;

    heal_gnn_shape_default(8, 64, 5, &shape);
    heal_gnn_layout_make(&shape, &layout);
    float *weights = calloc(layout.weights, sizeof *weights);
    if (!weights)
        return -1;
    for (uint32_t w = 0; w < layout.weights; w++)
        weights[w] = (float)(heal_random_uniform(&trial->random) - 0.5) * 0.4F;
    int r = heal_gnn_quantise(&shape, weights, &ranges, &trial->network, NULL);
    free(weights);
    return r;
}

static int make_ring(struct trial *trial) {
    enum { VERTICES = 200 };
    uint32_t edges = 0;

    if (make_room(trial, VERTICES, 2 * VERTICES) < 0)
        return -1;
    for (uint32_t v = 0; v < VERTICES; v++) {
        trial->edge[edges++] = (struct heal_gnn_edge){v, (v + 1) % VERTICES};
        if (v % 3 == 0)
            trial->edge[edges++] = (struct heal_gnn_edge){v, (v + 11) % VERTICES};
    }
    return heal_gnn_graph_build(VERTICES, trial->edge, edges, trial->first, trial->neighbour, trial->spare,
                                &trial->graph, NULL);
}

uint32_t kernel_trial_quantised(const struct heal_gnn_kernel *kernel) {
    struct trial *trial = calloc(1, sizeof *trial);
    uint32_t hash = 0;

    if (!trial)
        return 0;
    heal_random_init(&trial->random, 1);
    if (quantise(trial) == 0 && make_ring(trial) == 0)
        hash = run(trial, kernel);
    tear_down(trial);
    return hash;
}
