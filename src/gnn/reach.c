/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/reach.h"

#include "gnn/integer_parts.h"
#include "gnn/kernel.h"

#include <string.h>

/* Between what a thing lies. */
struct span8 {
    _Alignas(HEAL_GNN_LINE) int8_t low[HEAL_GNN_SUMMANDS_MAX];
    _Alignas(HEAL_GNN_LINE) int8_t high[HEAL_GNN_SUMMANDS_MAX];
};
struct span32 {
    int32_t low[HEAL_GNN_HIDDEN_MAX], high[HEAL_GNN_HIDDEN_MAX];
};

/* A weight below 0 turns the bounds round. */
static void sum_up(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                   const struct span8 *input, struct span32 *ret_sum) {
    memcpy(ret_sum->low, network->start + dense->output, dense->outputs * sizeof ret_sum->low[0]);
    memcpy(ret_sum->high, network->start + dense->output, dense->outputs * sizeof ret_sum->high[0]);
    for (unsigned i = 0; i < dense->inputs; i++) {
        for (unsigned o = 0; o < dense->outputs; o++) {
            int8_t weight = network->weight[heal_gnn_dense_at(dense, i, o)];
            bool turns = weight < 0;

            ret_sum->low[o] += weight * (turns ? input->high[i] : input->low[i]);
            ret_sum->high[o] += weight * (turns ? input->low[i] : input->high[i]);
        }
    }
}

/* As kernels do it (kernel_portable.c): nothing of it falls where the sum
 * rises. */
static int8_t value_of(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense, unsigned o,
                       int32_t sum, bool rectified) {
    int16_t wide = heal_gnn_saturate(sum >> network->shift[dense->output + o]);
    int8_t value = heal_gnn_round_off(
        heal_gnn_multiply(wide, (int16_t)network->multiplier[dense->output + o]), dense->rest);

    return rectified && value < 0 ? 0 : value;
}

static void apply(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                  const struct span8 *input, bool rectified, int8_t *ret_low, int8_t *ret_high) {
    struct span32 sum;

    sum_up(network, dense, input, &sum);
    for (unsigned o = 0; o < dense->outputs; o++) {
        ret_low[o] = value_of(network, dense, o, sum.low[o], rectified);
        ret_high[o] = value_of(network, dense, o, sum.high[o], rectified);
    }
}

static int64_t logit_of(const struct heal_gnn_integer *network, const struct heal_gnn_wide *wide,
                        int32_t sum) {
    return heal_gnn_scale((int64_t)sum + network->logit_bias[wide->output], network->logit[wide->output]);
}

static void apply_wide(const struct heal_gnn_integer *network, const struct heal_gnn_wide *wide,
                       const struct span8 *input, int64_t *ret_low, int64_t *ret_high) {
    const int8_t *weight = network->weight + wide->weight;
    int32_t low = 0, high = 0;

    for (unsigned i = 0; i < wide->inputs; i++) {
        low += weight[i] * (weight[i] < 0 ? input->high[i] : input->low[i]);
        high += weight[i] * (weight[i] < 0 ? input->low[i] : input->high[i]);
    }
    *ret_low = logit_of(network, wide, low);
    *ret_high = logit_of(network, wide, high);
}

/* What can be taken of neighbours one of which is known. A mean of many may be
 * rounded otherwise than one of one: a step on either side is given away. */
static void take_one(const struct heal_gnn_term *term, struct heal_gnn_step step, const int8_t *neighbour,
                     int8_t most, int8_t *ret_low, int8_t *ret_high) {
    int32_t mean = heal_gnn_cut(heal_gnn_step_apply(most, step) + 1, HEAL_GNN_MOST);

    for (unsigned c = 0; c < term->width; c++) {
        int8_t known = neighbour[term->from + c];

        switch (term->aggregate) {
        case HEAL_GNN_MEAN:
            ret_low[c] = (int8_t)-mean;
            ret_high[c] = (int8_t)mean;
            break;
        case HEAL_GNN_LARGEST:
            ret_low[c] = known;
            ret_high[c] = most;
            break;
        case HEAL_GNN_LEAST:
            ret_low[c] = (int8_t)-most;
            ret_high[c] = known;
            break;
        case HEAL_GNN_AGGREGATES:
            break;
        }
    }
}

/* Nothing that is gathered falls where what it is gathered from rises. */
static void gather(const struct heal_gnn_integer *network, unsigned layer, const struct heal_gnn_graph *graph,
                   uint32_t vertex, const int8_t *low, const int8_t *high, struct span8 *ret_summands) {
    struct heal_gnn_gathering gathering = {
        .network = network,
        .layer = layer,
        .graph = graph,
        .span = {vertex, 1},
        .source = low,
        .channels = layer == 0 ? network->shape.inputs : network->shape.hidden
    };
    struct heal_gnn_rows rows = {ret_summands->low, sizeof ret_summands->low};

    network->kernel->gather(&gathering, rows);
    gathering.source = high;
    rows.value = ret_summands->high;
    network->kernel->gather(&gathering, rows);
}

/* The outputs that are real. */
static void give_state(const struct heal_gnn_integer *network, const struct span8 *summands, int8_t *ret_low,
                       int8_t *ret_high) {
    struct span8 state;

    apply(network, &network->layer[0], summands, true, state.low, state.high);
    memcpy(ret_low, state.low, network->shape.hidden);
    memcpy(ret_high, state.high, network->shape.hidden);
}

void heal_gnn_reach_state(const struct heal_gnn_integer *network, const int8_t *own, const int8_t *neighbour,
                          int8_t most, int8_t *ret_low, int8_t *ret_high) {
    const struct heal_gnn_layer *layer = &network->shape.layer[0];
    struct span8 summands = {.low = {0}};
    size_t at = network->shape.inputs;

    memcpy(summands.low, own, at);
    memcpy(summands.high, own, at);
    for (unsigned t = 0; t < layer->terms; at += layer->term[t++].width)
        take_one(&layer->term[t], network->mean_of[0][t][1], neighbour, most, summands.low + at,
                 summands.high + at);
    give_state(network, &summands, ret_low, ret_high);
}

void heal_gnn_reach_state_in(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                             uint32_t vertex, const int8_t *low, const int8_t *high, int8_t *ret_low,
                             int8_t *ret_high) {
    struct span8 summands = {.low = {0}};

    gather(network, 0, graph, vertex, low, high, &summands);
    give_state(network, &summands, ret_low, ret_high);
}

static int8_t held_back(const struct heal_gnn_integer *network, int8_t value, int16_t gate) {
    struct heal_gnn_step step = network->gated;

    step.multiplier = gate;
    return heal_gnn_step_apply(value, step);
}

/* A gate is never below 0; a state may be. */
static void pass_gate(const struct heal_gnn_integer *network, int64_t gate_low, int64_t gate_high,
                      struct span8 *state) {
    int16_t low_gate = heal_gnn_integer_gate(network, gate_low);
    int16_t high_gate = heal_gnn_integer_gate(network, gate_high);

    for (unsigned c = 0; c < network->shape.hidden; c++) {
        state->low[c] = held_back(network, state->low[c], state->low[c] < 0 ? high_gate : low_gate);
        state->high[c] = held_back(network, state->high[c], state->high[c] < 0 ? low_gate : high_gate);
    }
}

static int32_t narrow(int64_t logit) {
    return (int32_t)(logit > INT32_MAX ? INT32_MAX : logit < INT32_MIN ? INT32_MIN : logit);
}

void heal_gnn_reach_verdict(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                            uint32_t vertex, const int8_t *low, const int8_t *high, int32_t *ret_low,
                            int32_t *ret_high) {
    struct span8 summands = {.low = {0}}, own = {.low = {0}}, half = {.low = {0}};
    int64_t logit_low, logit_high;

    gather(network, 1, graph, vertex, low, high, &summands);
    apply(network, &network->layer[1], &summands, false, own.low, own.high);
    apply(network, &network->gate, &own, true, half.low, half.high);
    apply_wide(network, &network->gate_out, &half, &logit_low, &logit_high);
    pass_gate(network, logit_low, logit_high, &own);
    apply(network, &network->head, &own, true, half.low, half.high);
    apply_wide(network, &network->sick, &half, &logit_low, &logit_high);
    *ret_low = narrow(logit_low);
    *ret_high = narrow(logit_high);
}
