/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/integer.h"

#include "gnn/integer_parts.h"
#include "gnn/kernel.h"

#include <math.h>
#include <string.h>

enum { GATE_RANGE = 8 /* beyond it a gate is open, or shut */ };

/* Of a tile of vertices. */
struct work {
    _Alignas(HEAL_GNN_LINE) int8_t summands[HEAL_GNN_TILE * HEAL_GNN_SUMMANDS_MAX];
    _Alignas(HEAL_GNN_LINE) int8_t own[HEAL_GNN_TILE * HEAL_GNN_HIDDEN_MAX];
    _Alignas(HEAL_GNN_LINE) int8_t half[HEAL_GNN_TILE * HEAL_GNN_HIDDEN_MAX / 2];
    int32_t sum[HEAL_GNN_TILE];
    int16_t gate[HEAL_GNN_TILE];
};

static struct heal_gnn_rows rows_of(int8_t *value, size_t width) {
    return (struct heal_gnn_rows){value, (width + HEAL_GNN_LINE - 1) / HEAL_GNN_LINE * HEAL_GNN_LINE};
}

/* To the nearest, halves to even, as the float that has no room for a fraction rounds; nothing of libm, which
 * is a call for each. Cut first: how what is too large, or no number, becomes an integer differs by machine.
 */
static int8_t nearest(float value) {
    const float whole = 0x1.8p23F;

    value = value > (float)HEAL_GNN_MOST ? (float)HEAL_GNN_MOST : value;
    value = value < (float)-HEAL_GNN_MOST ? (float)-HEAL_GNN_MOST : value;
    value = isnan(value) ? 0 : value;
    float rounded = value + whole;
    return (int8_t)(rounded - whole);
}

void heal_gnn_integer_input(const struct heal_gnn_integer *network, const float *input, int8_t *ret_input) {
    for (unsigned i = 0; i < network->shape.inputs; i++)
        ret_input[i] = nearest(input[i] * network->input_scale);
}

/* ---- a tile ---- */

static void work_out_states(struct work *work, const struct heal_gnn_gathering *gathering,
                            int8_t *ret_state) {
    const struct heal_gnn_integer *network = gathering->network;
    const struct heal_gnn_kernel *kernel = network->kernel;
    struct heal_gnn_rows summands = rows_of(work->summands, network->layer[0].inputs);
    struct heal_gnn_rows own = rows_of(work->own, network->layer[0].outputs);
    size_t hidden = network->shape.hidden, count = gathering->span.count;

    kernel->gather(gathering, summands);
    if (hidden % HEAL_GNN_LINE == 0) /* as wide as rows are */
        own.value = ret_state;
    kernel->multiply(network, &network->layer[0], true, count, summands, own);
    for (size_t v = 0; v < count && own.value != ret_state; v++)
        memcpy(ret_state + v * hidden, own.value + v * own.stride, hidden);
}

/* Between two steps of the table along the straight line. */
int16_t heal_gnn_integer_gate(const struct heal_gnn_integer *network, int64_t logit) {
    const int32_t range = GATE_RANGE * HEAL_GNN_LOGIT_ONE;
    const uint32_t step = 2 * GATE_RANGE * HEAL_GNN_LOGIT_ONE / HEAL_GNN_GATE_STEPS;

    if (logit <= -range)
        return network->gate_of[0];
    if (logit >= range)
        return network->gate_of[HEAL_GNN_GATE_STEPS];
    uint32_t place = (uint32_t)(logit + range), at = place / step, beyond = place % step;
    int32_t low = network->gate_of[at], high = network->gate_of[at + 1];
    return (int16_t)(low + (int32_t)(((uint32_t)(high - low) * beyond + step / 2) / step));
}

static int64_t logit_of(const struct heal_gnn_integer *network, const struct heal_gnn_wide *wide,
                        unsigned output, int32_t sum) {
    unsigned at = wide->output + output;

    return heal_gnn_scale((int64_t)sum + network->logit_bias[at], network->logit[at]);
}

static void sum_up(const struct heal_gnn_integer *network, const struct heal_gnn_wide *wide, unsigned output,
                   size_t count, struct heal_gnn_rows input, int32_t *ret_sum) {
    const int8_t *weight = network->weight + wide->weight + (size_t)output * wide->inputs;

    network->kernel->sum(count, input, weight, wide->inputs, ret_sum);
}

static int32_t narrow(int64_t logit) {
    return (int32_t)(logit > INT32_MAX ? INT32_MAX : logit < INT32_MIN ? INT32_MIN : logit);
}

/* The state, less what the gate holds back. */
static void pass_gate(const struct heal_gnn_integer *network, struct work *work, size_t count,
                      struct heal_gnn_rows own, struct heal_gnn_rows half) {
    const struct heal_gnn_kernel *kernel = network->kernel;

    kernel->multiply(network, &network->gate, true, count, own, half);
    sum_up(network, &network->gate_out, 0, count, half, work->sum);
    for (size_t v = 0; v < count; v++)
        work->gate[v] =
            heal_gnn_integer_gate(network, logit_of(network, &network->gate_out, 0, work->sum[v]));
    kernel->scale(count, own, network->layer[1].outputs, work->gate, network->gated);
}

static void work_out_verdicts(struct work *work, const struct heal_gnn_gathering *gathering,
                              int32_t *ret_logit, int32_t *ret_kind) {
    const struct heal_gnn_integer *network = gathering->network;
    const struct heal_gnn_kernel *kernel = network->kernel;
    struct heal_gnn_rows summands = rows_of(work->summands, network->layer[1].inputs);
    struct heal_gnn_rows own = rows_of(work->own, network->layer[1].outputs);
    struct heal_gnn_rows half = rows_of(work->half, network->head.outputs);
    size_t count = gathering->span.count, kinds = network->shape.kinds;

    kernel->gather(gathering, summands);
    kernel->multiply(network, &network->layer[1], false, count, summands, own);
    pass_gate(network, work, count, own, half);
    kernel->multiply(network, &network->head, true, count, own, half);
    sum_up(network, &network->sick, 0, count, half, work->sum);
    for (size_t v = 0; v < count; v++)
        ret_logit[v] = narrow(logit_of(network, &network->sick, 0, work->sum[v]));
    for (unsigned k = 0; ret_kind && k < kinds; k++) {
        sum_up(network, &network->kind, k, count, half, work->sum);
        for (size_t v = 0; v < count; v++)
            ret_kind[v * kinds + k] = narrow(logit_of(network, &network->kind, k, work->sum[v]));
    }
}

/* ---- tile by tile ---- */

/* The first tile of a span, which is taken off it. */
static struct heal_gnn_span take_tile(struct heal_gnn_span *span) {
    struct heal_gnn_span tile = {span->from, span->count < HEAL_GNN_TILE ? span->count : HEAL_GNN_TILE};

    span->from += tile.count;
    span->count -= tile.count;
    return tile;
}

void heal_gnn_integer_states(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                             struct heal_gnn_span span, const int8_t *input, int8_t *ret_state) {
    struct heal_gnn_gathering gathering = {
        .network = network, .layer = 0, .graph = graph, .source = input, .channels = network->shape.inputs};
    struct work work;

    for (; span.count > 0; ret_state += gathering.span.count * network->shape.hidden) {
        gathering.span = take_tile(&span);
        work_out_states(&work, &gathering, ret_state);
    }
}

void heal_gnn_integer_verdicts(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                               struct heal_gnn_span span, const int8_t *state, int32_t *ret_logit,
                               int32_t *ret_kind) {
    struct heal_gnn_gathering gathering = {
        .network = network, .layer = 1, .graph = graph, .source = state, .channels = network->shape.hidden};
    struct work work;

    for (; span.count > 0; ret_logit += gathering.span.count) {
        gathering.span = take_tile(&span);
        work_out_verdicts(&work, &gathering, ret_logit, ret_kind);
        if (ret_kind)
            ret_kind += (size_t)gathering.span.count * network->shape.kinds;
    }
}
