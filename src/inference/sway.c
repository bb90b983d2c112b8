/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "inference/sway.h"

#include "gnn/reach.h"
#include "inference/graph.h"

#include <string.h>

/* The bounds of what an other end may have told, where it is in the graph. */
static void free_other_end(const struct heal_inference_graph *graph, uint32_t vertex, size_t width,
                           int8_t least, int8_t most, int8_t *low, int8_t *high) {
    for (uint32_t v = graph->ports; v < graph->graph.vertices; v++) {
        if (graph->other[v - graph->ports] != vertex)
            continue;
        memset(low + v * width, least, width);
        memset(high + v * width, most, width);
    }
}

/* The second layer's graph, and between what the states lie. */
static void sway_states(struct heal_inference *inference, unsigned place, uint32_t liar) {
    const struct heal_gnn_integer *network = &inference->model->network;
    const struct heal_inference_graph *graph = &inference->graph;
    const int8_t most = inference->most;
    size_t hidden = network->shape.hidden;
    int8_t low[HEAL_STATE_MAX], high[HEAL_STATE_MAX];
    heal_inference_states(inference, place, HEAL_INFERENCE_INPUTS);
    memcpy(inference->high, inference->input, graph->graph.vertices * (size_t)HEAL_FEATURES);
    free_other_end(graph, liar, HEAL_FEATURES, (int8_t)-most, most, inference->input, inference->high);
    heal_gnn_reach_state_in(network, &graph->graph, liar, inference->input, inference->high, low, high);
    heal_inference_states_told(inference, place);
    memcpy(inference->high, inference->state, graph->graph.vertices * hidden);
    free_other_end(graph, liar, hidden, 0, INT8_MAX, inference->state, inference->high);
    memcpy(inference->state + liar * hidden, low, hidden);
    memcpy(inference->high + liar * hidden, high, hidden);
}

bool heal_inference_sway(struct heal_inference *inference, size_t port, size_t liar, int32_t *ret_low,
                         int32_t *ret_high) {
    int place = heal_inference_tick_place(inference, inference->judgement[port].tick);
    if (place < 0)
        return false;
    heal_inference_graph_build(inference, (unsigned)place, HEAL_INFERENCE_ALONE);
    int judged = heal_inference_vertex(&inference->graph, port),
        lying = heal_inference_vertex(&inference->graph, liar);
    if (judged < 0 || lying < 0)
        return false;
    sway_states(inference, (unsigned)place, (uint32_t)lying);
    heal_gnn_reach_verdict(&inference->model->network, &inference->graph.graph, (uint32_t)judged,
                           inference->state, inference->high, ret_low, ret_high);
    return true;
}
