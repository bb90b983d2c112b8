/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/integer.h"

#include "gnn/fixed.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { GATE_RANGE = 8 /* beyond it a gate is open, or shut */ };

void heal_gnn_integer_input(const struct heal_gnn_integer *network, const float *input, int8_t *ret_input) {
    for (unsigned i = 0; i < network->shape.inputs; i++)
        ret_input[i] = heal_gnn_narrow(lrintf(input[i] * network->input_scale));
}

/* ---- what is taken of the neighbours ---- */

static void take_mean(const struct heal_gnn_graph *graph, uint32_t vertex, const struct heal_gnn_term *term,
                      struct heal_gnn_factor factor, size_t channels, const int8_t *source, int8_t *taken) {
    uint32_t begin = graph->first[vertex], end = graph->first[vertex + 1];
    int32_t sum[HEAL_GNN_HIDDEN_MAX] = {0};

    for (uint32_t i = begin; i < end; i++) {
        const int8_t *from = source + graph->neighbour[i] * channels + term->from;

        for (unsigned c = 0; c < term->width; c++)
            sum[c] += from[c];
    }
    for (unsigned c = 0; c < term->width; c++)
        taken[c] = heal_gnn_narrow(heal_gnn_scale_divided(sum[c], factor, end - begin));
}

static void take_extreme(const struct heal_gnn_graph *graph, uint32_t vertex,
                         const struct heal_gnn_term *term, size_t channels, const int8_t *source,
                         int8_t *taken) {
    uint32_t begin = graph->first[vertex], end = graph->first[vertex + 1];

    memcpy(taken, source + graph->neighbour[begin] * channels + term->from, term->width);
    for (uint32_t i = begin + 1; i < end; i++) {
        const int8_t *from = source + graph->neighbour[i] * channels + term->from;

        for (unsigned c = 0; c < term->width; c++) {
            bool beyond = term->aggregate == HEAL_GNN_LARGEST ? from[c] > taken[c] : from[c] < taken[c];

            taken[c] = beyond ? from[c] : taken[c];
        }
    }
}

/* A vertex' own channels and what it takes of its neighbours', one behind the other, as the weights expect.
 */
static void gather(const struct heal_gnn_integer *network, unsigned number,
                   const struct heal_gnn_graph *graph, uint32_t vertex, size_t channels, const int8_t *source,
                   int8_t *ret_summands) {
    const struct heal_gnn_layer *layer = &network->shape.layer[number];
    int8_t *at = ret_summands;

    memset(ret_summands, 0, network->layer[number].inputs);
    memcpy(at, source + vertex * channels, channels);
    at += channels;
    for (unsigned t = 0; t < layer->terms; at += layer->term[t++].width) {
        if (heal_gnn_degree(graph, vertex) == 0)
            continue;
        if (layer->term[t].aggregate == HEAL_GNN_MEAN)
            take_mean(graph, vertex, &layer->term[t], network->mean[number][t], channels, source, at);
        else
            take_extreme(graph, vertex, &layer->term[t], channels, source, at);
    }
}

/* ---- sums ---- */

static void sum_up(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                   const int8_t *input, int32_t *ret_sum) {
    const int8_t *weight = network->weight + dense->weight;

    memcpy(ret_sum, network->bias + dense->output, dense->outputs * sizeof *ret_sum);
    for (unsigned i = 0; i < dense->inputs; i += HEAL_GNN_GROUP) {
        for (unsigned o = 0; o < dense->outputs; o++, weight += HEAL_GNN_GROUP)
            ret_sum[o] += input[i] * weight[0] + input[i + 1] * weight[1] + input[i + 2] * weight[2] +
                          input[i + 3] * weight[3];
    }
}

/* @param rectified what is below 0 becomes 0 */
static void apply(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                  const int8_t *input, bool rectified, int8_t *ret_value) {
    int32_t sum[HEAL_GNN_HIDDEN_MAX];

    sum_up(network, dense, input, sum);
    for (unsigned o = 0; o < dense->outputs; o++) {
        int8_t value = heal_gnn_narrow(heal_gnn_scale(sum[o], network->factor[dense->output + o]));

        ret_value[o] = rectified && value < 0 ? 0 : value;
    }
}

/* Sums that stay wide: logits, in 1 / HEAL_GNN_LOGIT_ONE. */
static void apply_wide(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                       const int8_t *input, int32_t *ret_logit) {
    sum_up(network, dense, input, ret_logit);
    for (unsigned o = 0; o < dense->outputs; o++) {
        int64_t logit = heal_gnn_scale(ret_logit[o], network->factor[dense->output + o]);

        ret_logit[o] = (int32_t)(logit > INT32_MAX ? INT32_MAX : logit < INT32_MIN ? INT32_MIN : logit);
    }
}

/* Between two steps of the table along the straight line. @return in 1 / 32768 */
static int32_t gate_of(const struct heal_gnn_integer *network, int32_t logit) {
    const int32_t range = GATE_RANGE * HEAL_GNN_LOGIT_ONE, step = 2 * range / HEAL_GNN_GATE_STEPS;

    if (logit <= -range)
        return network->gate_of[0];
    if (logit >= range)
        return network->gate_of[HEAL_GNN_GATE_STEPS];
    int32_t at = (logit + range) / step, beyond = (logit + range) % step;
    int32_t low = network->gate_of[at], high = network->gate_of[at + 1];
    return low + ((high - low) * beyond + step / 2) / step;
}

/* ---- the ways ---- */

void heal_gnn_integer_state(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                            uint32_t vertex, const int8_t *input, int8_t *ret_state) {
    int8_t summands[HEAL_GNN_SUMMANDS_MAX];

    gather(network, 0, graph, vertex, network->shape.inputs, input, summands);
    apply(network, &network->layer[0], summands, true, ret_state);
}

int32_t heal_gnn_integer_verdict(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                                 uint32_t vertex, const int8_t *state, int32_t *ret_kind) {
    int8_t summands[HEAL_GNN_SUMMANDS_MAX], own[HEAL_GNN_HIDDEN_MAX] = {0}, half[HEAL_GNN_HIDDEN_MAX] = {0};
    int32_t logit;

    gather(network, 1, graph, vertex, network->shape.hidden, state, summands);
    apply(network, &network->layer[1], summands, false, own);
    apply(network, &network->gate, own, true, half);
    apply_wide(network, &network->gate_out, half, &logit);
    int32_t gate = gate_of(network, logit);
    for (unsigned c = 0; c < network->shape.hidden; c++)
        own[c] = heal_gnn_narrow(heal_gnn_scale((int64_t)own[c] * gate, network->gated));
    apply(network, &network->head, own, true, half);
    apply_wide(network, &network->sick, half, &logit);
    if (ret_kind && network->shape.kinds > 0)
        apply_wide(network, &network->kind, half, ret_kind);
    return logit;
}

void heal_gnn_integer_run(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                          const int8_t *input, int8_t *state, int32_t *ret_logit) {
    for (uint32_t v = 0; v < graph->vertices; v++)
        heal_gnn_integer_state(network, graph, v, input, state + (size_t)v * network->shape.hidden);
    for (uint32_t v = 0; v < graph->vertices; v++)
        ret_logit[v] = heal_gnn_integer_verdict(network, graph, v, state, NULL);
}
