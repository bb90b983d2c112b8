/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "inference/sway.h"

#include "gnn/reach.h"
#include "inference/graph.h"

#include <string.h>

/* The second layer's graph, and between what the states lie where one port's other end tells anything. */
static void sway_states(struct heal_inference *inference, unsigned place, uint32_t vertex) {
    const struct heal_gnn_integer *network = &inference->model->network;
    const struct heal_inference_graph *graph = &inference->graph;
    size_t hidden = network->shape.hidden, ports;
    int8_t low[HEAL_STATE_MAX], high[HEAL_STATE_MAX];
    heal_inference_states(inference, place, HEAL_INFERENCE_INPUTS);
    ports = graph->ports;
    memcpy(inference->high, inference->input, graph->graph.vertices * (size_t)HEAL_FEATURES);
    for (uint32_t v = graph->ports; v < graph->graph.vertices; v++)
        if (graph->other[v - graph->ports] == vertex) {
            memset(inference->input + v * HEAL_FEATURES, -inference->most, HEAL_FEATURES);
            memset(inference->high + v * HEAL_FEATURES, inference->most, HEAL_FEATURES);
        }
    heal_gnn_reach_state_in(network, &graph->graph, vertex, inference->input, inference->high, low, high);
    heal_inference_states_told(inference, place);
    memcpy(inference->high, inference->state, graph->graph.vertices * hidden);
    for (uint32_t v = (uint32_t)ports; v < graph->graph.vertices; v++)
        if (graph->other[v - ports] == vertex) {
            memset(inference->state + v * hidden, 0, hidden);
            memset(inference->high + v * hidden, INT8_MAX, hidden);
        }
    memcpy(inference->state + vertex * hidden, low, hidden);
    memcpy(inference->high + vertex * hidden, high, hidden);
}

void heal_inference_sway(struct heal_inference *inference, struct heal_judgement *judgement) {
    const struct heal_inference_graph *graph = &inference->graph;
    int place = heal_inference_tick_place(inference, judgement->tick);
    uint32_t v = 0;
    if (place < 0)
        return; /* an old one, of a port that is no more */
    heal_inference_graph_build(inference, (unsigned)place, HEAL_INFERENCE_ALONE);
    while (v < graph->ports && &inference->judgement[graph->port[v]] != judgement)
        v++;
    if (v == graph->ports)
        return;
    sway_states(inference, (unsigned)place, v);
    heal_gnn_reach_verdict(&inference->model->network, &graph->graph, v, inference->state, inference->high,
                           &judgement->sway_low, &judgement->sway_high);
}
