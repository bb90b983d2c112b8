/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "inference/graph.h"

#include <string.h>

bool heal_inference_joins(const struct heal_inference *inference, const struct heal_inference_port *port,
                          unsigned place, enum heal_inference_layer layer) {
    switch (layer) {
    case HEAL_INFERENCE_INPUTS:
        return port->input_told <= HEAL_TOLD_PLAIN;
    case HEAL_INFERENCE_STATES:
        return port->state_told == HEAL_TOLD_FRESH && port->told.heard == inference->tick[place];
    case HEAL_INFERENCE_ALONE:
        break;
    }
    return false;
}

static void add_neighbours(struct heal_inference_graph *graph, uint32_t vertex, uint32_t *at) {
    for (uint32_t other = 0; other < graph->ports; other++)
        if (other != vertex)
            graph->neighbour[(*at)++] = other;
}

void heal_inference_graph_build(struct heal_inference *inference, unsigned place,
                                enum heal_inference_layer layer) {
    struct heal_inference_graph *graph = &inference->graph;
    uint32_t at = 0, others = 0;
    graph->ports = 0;
    for (uint32_t i = 0; i < inference->ports; i++)
        if (inference->port[i].there >> place & 1)
            graph->port[graph->ports++] = i;
    for (uint32_t v = 0; v < graph->ports; v++) {
        graph->first[v] = at;
        add_neighbours(graph, v, &at);
        if (!heal_inference_joins(inference, &inference->port[graph->port[v]], place, layer))
            continue;
        graph->other[others] = v;
        graph->neighbour[at++] = graph->ports + others++;
    }
    for (uint32_t i = 0; i < others; i++) {
        graph->first[graph->ports + i] = at;
        graph->neighbour[at++] = graph->other[i];
    }
    graph->first[graph->ports + others] = at;
    graph->graph = (struct heal_gnn_graph){
        .vertices = graph->ports + others, .first = graph->first, .neighbour = graph->neighbour};
}

int heal_inference_vertex(const struct heal_inference_graph *graph, size_t port) {
    for (uint32_t v = 0; v < graph->ports; v++)
        if (graph->port[v] == port)
            return (int)v;
    return -1;
}

void heal_inference_states(struct heal_inference *inference, unsigned place,
                           enum heal_inference_layer layer) {
    const struct heal_gnn_integer *network = &inference->model->network;
    const struct heal_inference_graph *graph = &inference->graph;
    heal_inference_graph_build(inference, place, layer);
    for (uint32_t v = 0; v < graph->ports; v++)
        memcpy(inference->input + v * HEAL_FEATURES, inference->port[graph->port[v]].input[place],
               HEAL_FEATURES);
    for (uint32_t v = graph->ports; v < graph->graph.vertices; v++)
        memcpy(inference->input + v * HEAL_FEATURES,
               inference->port[graph->port[graph->other[v - graph->ports]]].other_input, HEAL_FEATURES);
    for (uint32_t v = 0; v < graph->ports; v++)
        heal_gnn_integer_state(network, &graph->graph, v, inference->input,
                               inference->state + (size_t)v * network->shape.hidden);
}

void heal_inference_states_told(struct heal_inference *inference, unsigned place) {
    const struct heal_inference_graph *graph = &inference->graph;
    size_t hidden = inference->model->network.shape.hidden;
    heal_inference_graph_build(inference, place, HEAL_INFERENCE_STATES);
    for (uint32_t v = graph->ports; v < graph->graph.vertices; v++)
        memcpy(inference->state + v * hidden,
               inference->port[graph->port[graph->other[v - graph->ports]]].told.state, hidden);
}
