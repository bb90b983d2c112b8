/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/elementary.h"
#include "gnn/kernel.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum { GATE_RANGE = 8 };

/* ---- where things lie ---- */

static unsigned up_to(unsigned count, unsigned step) {
    return (count + step - 1) / step * step;
}

static void lay_dense(struct heal_gnn_integer *network, struct heal_gnn_dense *dense, unsigned inputs,
                      unsigned outputs) {
    dense->inputs = (uint16_t)up_to(inputs, HEAL_GNN_GROUP);
    dense->outputs = (uint16_t)up_to(outputs, HEAL_GNN_LANES);
    dense->weight = network->weights;
    dense->output = network->outputs;
    network->weights += (uint32_t)dense->inputs * dense->outputs;
    network->outputs += dense->outputs;
}

static void lay_wide(struct heal_gnn_integer *network, struct heal_gnn_wide *wide, unsigned inputs,
                     unsigned outputs) {
    wide->inputs = (uint16_t)up_to(inputs, HEAL_GNN_LANES);
    wide->outputs = (uint16_t)outputs;
    wide->weight = network->weights;
    wide->output = network->logits;
    network->weights += (uint32_t)wide->inputs * outputs;
    network->logits += outputs;
}

static unsigned summands(const struct heal_gnn_layer *layer, unsigned channels) {
    unsigned sum = channels;

    for (unsigned t = 0; t < layer->terms; t++)
        sum += layer->term[t].width;
    return sum;
}

static void lay(struct heal_gnn_integer *network) {
    const struct heal_gnn_shape *shape = &network->shape;
    unsigned hidden = shape->hidden, half = hidden / 2;

    lay_dense(network, &network->layer[0], summands(&shape->layer[0], shape->inputs), hidden);
    lay_dense(network, &network->layer[1], summands(&shape->layer[1], hidden), hidden);
    lay_dense(network, &network->gate, hidden, half);
    lay_dense(network, &network->head, hidden, half);
    lay_wide(network, &network->gate_out, half, 1);
    lay_wide(network, &network->sick, half, 1);
    lay_wide(network, &network->kind, half, shape->kinds);
}

static unsigned weights_of(const struct heal_gnn_shape *shape) {
    unsigned outputs = up_to(shape->hidden, HEAL_GNN_LANES), half = up_to(shape->hidden / 2U, HEAL_GNN_LANES);
    unsigned taken = up_to(summands(&shape->layer[0], shape->inputs), HEAL_GNN_GROUP) +
                     up_to(summands(&shape->layer[1], shape->hidden), HEAL_GNN_GROUP);

    return taken * outputs + (2 * up_to(shape->hidden, HEAL_GNN_GROUP) + 2U + shape->kinds) * half;
}

int heal_gnn_integer_fits(const struct heal_gnn_shape *shape, struct heal_error *error) {
    int r = heal_gnn_shape_check(shape, error);

    if (r == 0 && weights_of(shape) > HEAL_GNN_WEIGHT_BYTES_MAX)
        r = heal_error_set(error, -EINVAL, 0, 0, "%u weights are more than there is room for",
                           weights_of(shape));
    return r;
}

int heal_gnn_integer_lay(const struct heal_gnn_shape *shape, struct heal_gnn_integer *ret_network,
                         struct heal_error *error) {
    int r = heal_gnn_integer_fits(shape, error);

    if (r < 0)
        return r;
    memset(ret_network, 0, sizeof *ret_network);
    ret_network->shape = *shape;
    lay(ret_network);
    return 0;
}

/* ---- whether the numbers are in range ---- */

static int check_factor(const struct heal_gnn_factor *factor, const char *what, struct heal_error *error) {
    if (factor->m < 0 || factor->shift < 1 || factor->shift > 62)
        return heal_error_set(error, -EINVAL, 0, 0, "%s is scaled by %d / 2^%u: no factor", what, factor->m,
                              factor->shift);
    return 0;
}

static bool is_bias(int32_t bias) {
    return bias >= -HEAL_GNN_BIAS_MOST && bias <= HEAL_GNN_BIAS_MOST;
}

static int check_outputs(const struct heal_gnn_integer *network, struct heal_error *error) {
    for (uint32_t o = 0; o < network->outputs; o++) {
        if (!is_bias(network->bias[o]))
            return heal_error_set(error, -EINVAL, 0, 0, "output %u has a bias of %d: at most 2^30", o + 1,
                                  network->bias[o]);
        if (network->shift[o] < 0 || network->shift[o] > HEAL_GNN_STEP_RIGHT || network->multiplier[o] < 0 ||
            network->multiplier[o] > INT16_MAX)
            return heal_error_set(error, -EINVAL, 0, 0, "output %u is scaled by %d / 2^%d: no factor", o + 1,
                                  network->multiplier[o], network->shift[o]);
    }
    for (uint32_t o = 0; o < network->logits; o++) {
        if (!is_bias(network->logit_bias[o]))
            return heal_error_set(error, -EINVAL, 0, 0, "logit %u has a bias of %d: at most 2^30", o + 1,
                                  network->logit_bias[o]);
        int r = check_factor(&network->logit[o], "a logit", error);
        if (r < 0)
            return r;
    }
    return 0;
}

static int check_rest(uint8_t rest, struct heal_error *error) {
    if (rest < 1 || rest > HEAL_GNN_STEP_REST)
        return heal_error_set(error, -EINVAL, 0, 0, "a rest of %u bits: 1 to %d", rest, HEAL_GNN_STEP_REST);
    return 0;
}

static int check_layer(const struct heal_gnn_integer *network, unsigned layer, struct heal_error *error) {
    int r = check_rest(network->layer[layer].rest, error);

    for (unsigned t = 0; r == 0 && t < network->shape.layer[layer].terms; t++)
        r = check_factor(&network->mean[layer][t], "a mean", error);
    return r;
}

static int check(const struct heal_gnn_integer *network, struct heal_error *error) {
    int r = check_outputs(network, error);

    for (unsigned layer = 0; r == 0 && layer < HEAL_GNN_LAYERS; layer++)
        r = check_layer(network, layer, error);
    r = r < 0 ? r : check_rest(network->gate.rest, error);
    r = r < 0 ? r : check_rest(network->head.rest, error);
    if (r < 0)
        return r;
    if (!isfinite(network->input_scale) || network->input_scale <= 0)
        return heal_error_set(error, -EINVAL, 0, 0, "inputs are scaled by no number above 0");
    if (network->gated.multiplier < 0 || network->gated.shift > 0 ||
        network->gated.shift < -HEAL_GNN_STEP_LEFT)
        return heal_error_set(error, -EINVAL, 0, 0, "the gate is scaled by %d / 2^(15 + %d): no factor",
                              network->gated.multiplier, network->gated.shift);
    r = check_rest(network->gated.rest, error);
    if (r < 0)
        return r;
    for (uint32_t w = 0; w < network->weights; w++) {
        if (network->weight[w] < -HEAL_GNN_MOST)
            return heal_error_set(error, -EINVAL, 0, 0, "weight %u is %d: at least -127", w,
                                  network->weight[w]);
    }
    return 0;
}

/* ---- what follows from them ---- */

static void start_sums(struct heal_gnn_integer *network, const struct heal_gnn_dense *dense) {
    for (unsigned o = 0; o < dense->outputs; o++) {
        uint32_t at = dense->output + o;
        int32_t sum = 0;

        for (unsigned i = 0; i < dense->inputs; i++)
            sum += network->weight[heal_gnn_dense_at(dense, i, o)];
        network->start[at] = network->bias[at] + (1 << network->shift[at] >> 1);
        network->lifted[at] = network->start[at] - 128 * sum;
    }
}

static void make_steps(struct heal_gnn_integer *network, unsigned layer) {
    for (unsigned t = 0; t < network->shape.layer[layer].terms; t++) {
        for (uint32_t degree = 1; degree < HEAL_GNN_DEGREES; degree++)
            network->mean_of[layer][t][degree] = heal_gnn_step_of(network->mean[layer][t], degree);
    }
}

static void make_gate(struct heal_gnn_integer *network) {
    for (int i = 0; i <= HEAL_GNN_GATE_STEPS; i++) {
        double at = 2.0 * GATE_RANGE * i / HEAL_GNN_GATE_STEPS - GATE_RANGE;

        network->gate_of[i] = (int16_t)lround(network->gated.multiplier / (1 + heal_gnn_exponential(-at)));
    }
}

int heal_gnn_integer_prepare(struct heal_gnn_integer *network, struct heal_error *error) {
    int r = check(network, error);

    if (r < 0)
        return r;
    for (unsigned layer = 0; layer < HEAL_GNN_LAYERS; layer++) {
        start_sums(network, &network->layer[layer]);
        make_steps(network, layer);
    }
    start_sums(network, &network->gate);
    start_sums(network, &network->head);
    make_gate(network);
    heal_gnn_tables_make(&network->tables);
    network->kernel = heal_gnn_kernel_best();
    return 0;
}
