/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "random_model.h"

#include "base/text.h"
#include "gnn/pass.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 8, VERTICES = 40, DEGREE = 4 };

/* ---- graphs ---- */

int random_graph_make(struct heal_random *random, uint32_t vertices, unsigned degree, unsigned inputs,
                      struct random_graph *ret_graph) {
    uint32_t edges = 0, most = vertices * degree / 2 + 1;
    struct heal_gnn_edge *edge = calloc(most, sizeof *edge);
    uint32_t *spare = calloc(2 * (size_t)most + vertices, sizeof *spare);
    int r = edge && spare ? 0 : -ENOMEM;

    *ret_graph = (struct random_graph){.first = calloc(vertices + 1, sizeof *ret_graph->first),
                                       .neighbour = calloc(2 * (size_t)most, sizeof *ret_graph->neighbour),
                                       .input = calloc((size_t)vertices * inputs, sizeof *ret_graph->input)};
    if (!ret_graph->first || !ret_graph->neighbour || !ret_graph->input)
        r = -ENOMEM;
    /* Each new edge goes on from the last one's a: no two are the same. The last tenth has none. */
    for (uint32_t a = 0; r == 0 && a < vertices - vertices / 10; a++) {
        for (unsigned k = 1; k <= degree / 2 && a + k * (k + 1) / 2 < vertices - vertices / 10; k++)
            edge[edges++] = (struct heal_gnn_edge){a, a + k * (k + 1) / 2};
    }
    for (size_t i = 0; r == 0 && i < (size_t)vertices * inputs; i++)
        ret_graph->input[i] = (float)fmax(fmin(heal_random_normal(random), 6), -6);
    if (r == 0)
        r = heal_gnn_graph_build(vertices, edge, edges, ret_graph->first, ret_graph->neighbour, spare,
                                 &ret_graph->graph, NULL);
    free(edge);
    free(spare);
    if (r < 0)
        random_graph_deinit(ret_graph);
    return r;
}

void random_graph_deinit(struct random_graph *graph) {
    free(graph->first);
    free(graph->neighbour);
    free(graph->input);
    *graph = (struct random_graph){0};
}

/* ---- models ---- */

static void widen(float *range, struct heal_gnn_plane plane, size_t vertices, size_t width) {
    for (size_t v = 0; v < vertices; v++) {
        for (size_t c = 0; c < width; c++)
            *range = fmaxf(*range, fabsf(plane.value[v * plane.stride + c]));
    }
}

static void measure(const struct heal_gnn_pass *pass, const struct heal_gnn_shape *shape, size_t vertices,
                    struct heal_gnn_ranges *ranges) {
    struct heal_gnn_values values = heal_gnn_pass_values(pass);
    const size_t hidden = shape->hidden, half = hidden / 2;

    widen(&ranges->h1, values.h1, vertices, hidden);
    widen(&ranges->h2, values.h2, vertices, hidden);
    widen(&ranges->u, values.u, vertices, hidden);
    widen(&ranges->gate_hidden, values.gate_hidden, vertices, half);
    widen(&ranges->p, values.p, vertices, half);
    for (unsigned layer = 0; layer < HEAL_GNN_LAYERS; layer++)
        for (unsigned t = 0; t < shape->layer[layer].terms; t++)
            widen(&ranges->mean[layer][t], values.taken[layer][t], vertices,
                  shape->layer[layer].term[t].width);
}

static int measure_all(struct heal_weights *weights, struct heal_random *random) {
    struct heal_card *card = &weights->card;
    struct heal_gnn_pass *pass = heal_gnn_pass_new(&card->shape, VERTICES);
    int r = pass ? 0 : -ENOMEM;

    card->ranges.input = card->scaling.most;
    card->measured = true;
    for (unsigned i = 0; r == 0 && i < SAMPLES; i++) {
        struct random_graph graph;

        r = random_graph_make(random, VERTICES, DEGREE, card->shape.inputs, &graph);
        if (r < 0)
            break;
        heal_gnn_pass_forward(pass, &graph.graph, graph.input, weights->number, NULL);
        measure(pass, &card->shape, VERTICES, &card->ranges);
        random_graph_deinit(&graph);
    }
    heal_gnn_pass_free(pass);
    return r;
}

/* Of all features but the last, which was never there. */
static void make_quantiles(struct heal_card *card, struct heal_random *random) {
    for (unsigned i = 0; i + 1 < card->shape.inputs; i++) {
        float edge = (float)heal_random_normal(random);

        card->trained_on.known |= UINT64_C(1) << i;
        for (unsigned q = 0; q < HEAL_GNN_QUANTILES; q++) {
            card->trained_on.edge[i][q] = edge;
            edge += (float)heal_random_uniform(random);
        }
    }
}

/* What has a logarithm has a mean of clip deviations: it is never below 0. */
static void name_all(struct heal_card *card, struct heal_random *random) {
    card->scaling.inputs = card->shape.inputs;
    card->scaling.most = 6;
    for (unsigned i = 0; i < card->shape.inputs; i++) {
        snprintf(card->scaling.feature[i].name, HEAL_GNN_NAME_MAX, "feature%u", i + 1);
        card->scaling.feature[i].logarithm = i % 2 == 1;
        card->scaling.deviation[i] = (float)(heal_random_uniform(random) + 0.1);
        card->scaling.mean[i] = card->scaling.feature[i].logarithm
                                    ? card->scaling.most * card->scaling.deviation[i]
                                    : (float)heal_random_normal(random);
    }
    for (unsigned i = 0; i < card->shape.kinds; i++)
        snprintf(card->kind[i], HEAL_GNN_NAME_MAX, "kind%u", i + 1);
}

int random_model_make(const struct heal_gnn_shape *shape, uint64_t seed, struct heal_weights *ret_weights) {
    struct heal_gnn_layout layout;
    struct heal_random random;
    struct heal_weights weights = {
        .card = {.network = HEAL_CARD_FLOAT, .shape = *shape, .threshold = 0.125F, .seed = seed}
    };

    heal_random_init(&random, seed);
    heal_gnn_layout_make(shape, &layout);
    name_all(&weights.card, &random);
    make_quantiles(&weights.card, &random);
    weights.number = calloc(layout.weights, sizeof *weights.number);
    if (!weights.number)
        return -ENOMEM;
    for (unsigned t = 0; t < layout.tensors; t++) {
        const struct heal_gnn_tensor *tensor = &layout.tensor[t];

        for (uint32_t w = 0; w < (uint32_t)tensor->inputs * tensor->outputs; w++)
            weights.number[tensor->at + w] = (float)((2 * heal_random_uniform(&random) - 1) /
                                                     sqrt(tensor->inputs > 1 ? tensor->inputs : 32));
    }
    int r = measure_all(&weights, &random);
    if (r < 0)
        heal_weights_deinit(&weights);
    else
        *ret_weights = weights;
    return r;
}

int random_model_run(const struct heal_weights *weights, const struct random_graph *graph, float *ret_sick,
                     float *ret_kind) {
    const struct heal_gnn_shape *shape = &weights->card.shape;
    size_t vertices = graph->graph.vertices;
    struct heal_gnn_pass *pass = heal_gnn_pass_new(shape, vertices);

    if (!pass)
        return -ENOMEM;
    heal_gnn_pass_forward(pass, &graph->graph, graph->input, weights->number, NULL);
    memcpy(ret_sick, heal_gnn_pass_sick(pass), vertices * sizeof *ret_sick);
    if (shape->kinds > 0)
        memcpy(ret_kind, heal_gnn_pass_kind(pass), vertices * shape->kinds * sizeof *ret_kind);
    heal_gnn_pass_free(pass);
    return 0;
}

int random_model_run_integer(const struct heal_weights *weights, const struct random_graph *graph,
                             int32_t *ret_sick, int32_t *ret_kind) {
    const struct heal_gnn_integer *network = weights->integer;
    size_t vertices = graph->graph.vertices, inputs = network->shape.inputs, hidden = network->shape.hidden;
    int8_t *input = calloc(vertices, inputs), *state = calloc(vertices, hidden);
    int r = input && state ? 0 : -ENOMEM;

    for (size_t v = 0; r == 0 && v < vertices; v++)
        heal_gnn_integer_input(network, graph->input + v * inputs, input + v * inputs);
    for (uint32_t v = 0; r == 0 && v < vertices; v++)
        heal_gnn_integer_state(network, &graph->graph, v, input, state + v * hidden);
    for (uint32_t v = 0; r == 0 && v < vertices; v++)
        ret_sick[v] =
            heal_gnn_integer_verdict(network, &graph->graph, v, state,
                                     network->shape.kinds > 0 ? ret_kind + v * network->shape.kinds : NULL);
    free(input);
    free(state);
    return r;
}
