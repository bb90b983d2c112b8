/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* In plain C: what all others are held to. */
#include "gnn/kernel_gather.h"

static bool is_there(void) {
    return true;
}

/* ---- what is taken of the neighbours ---- */

static void take_mean(const struct heal_gnn_taking *taking, int8_t *ret_taken) {
    int32_t sum[HEAL_GNN_HIDDEN_MAX] = {0};

    for (uint32_t i = 0; i < taking->degree; i++) {
        const int8_t *from = heal_gnn_taking_from(taking, i, 0);

        for (size_t c = 0; c < taking->width; c++)
            sum[c] += from[c];
    }
    for (size_t c = 0; c < taking->width; c++)
        ret_taken[c] = heal_gnn_step_apply(sum[c], taking->step);
}

static void take_extreme(const struct heal_gnn_taking *taking, int8_t *ret_taken) {
    memcpy(ret_taken, heal_gnn_taking_from(taking, 0, 0), taking->width);
    for (uint32_t i = 1; i < taking->degree; i++) {
        const int8_t *from = heal_gnn_taking_from(taking, i, 0);

        for (size_t c = 0; c < taking->width; c++) {
            bool beyond =
                taking->aggregate == HEAL_GNN_LARGEST ? from[c] > ret_taken[c] : from[c] < ret_taken[c];

            ret_taken[c] = beyond ? from[c] : ret_taken[c];
        }
    }
}

void heal_gnn_take(const struct heal_gnn_taking *taking, int8_t *ret_taken) {
    if (taking->aggregate == HEAL_GNN_MEAN)
        take_mean(taking, ret_taken);
    else
        take_extreme(taking, ret_taken);
}

static void gather(const struct heal_gnn_gathering *gathering, struct heal_gnn_rows ret_summands) {
    heal_gnn_gather_by(gathering, ret_summands, heal_gnn_take);
}

/* ---- sums ---- */

static void add_products(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                         const int8_t *input, int32_t *sum) {
    const int8_t *weight = network->weight + dense->weight;

    for (unsigned i = 0; i < dense->inputs; i += HEAL_GNN_GROUP) {
        for (unsigned o = 0; o < dense->outputs; o++, weight += HEAL_GNN_GROUP)
            sum[o] += input[i] * weight[0] + input[i + 1] * weight[1] + input[i + 2] * weight[2] +
                      input[i + 3] * weight[3];
    }
}

static void multiply_row(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                         bool rectified, const int8_t *input, int8_t *ret_value) {
    const int32_t *shift = network->shift + dense->output, *multiplier = network->multiplier + dense->output;
    int32_t sum[HEAL_GNN_HIDDEN_MAX];

    memcpy(sum, network->start + dense->output, dense->outputs * sizeof *sum);
    add_products(network, dense, input, sum);
    for (unsigned o = 0; o < dense->outputs; o++) {
        int16_t value = heal_gnn_multiply(heal_gnn_saturate(sum[o] >> shift[o]), (int16_t)multiplier[o]);
        int8_t rounded = heal_gnn_round_off(value, dense->rest);

        ret_value[o] = rectified && rounded < 0 ? 0 : rounded;
    }
}

static void multiply(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                     bool rectified, size_t rows, struct heal_gnn_rows input,
                     struct heal_gnn_rows ret_values) {
    for (size_t r = 0; r < rows; r++)
        multiply_row(network, dense, rectified, input.value + r * input.stride,
                     ret_values.value + r * ret_values.stride);
}

static void sum(size_t rows, struct heal_gnn_rows input, const int8_t *weight, size_t inputs,
                int32_t *ret_sum) {
    for (size_t r = 0; r < rows; r++) {
        const int8_t *row = input.value + r * input.stride;

        ret_sum[r] = 0;
        for (size_t i = 0; i < inputs; i++)
            ret_sum[r] += row[i] * weight[i];
    }
}

static void scale(size_t rows, struct heal_gnn_rows values, size_t count, const int16_t *multiplier,
                  struct heal_gnn_step step) {
    for (size_t r = 0; r < rows; r++) {
        int8_t *value = values.value + r * values.stride;

        step.multiplier = multiplier[r];
        for (size_t c = 0; c < count; c++)
            value[c] = heal_gnn_step_apply(value[c], step);
    }
}

const struct heal_gnn_kernel heal_gnn_kernel_portable = {
    .name = "portable",
    .is_there = is_there,
    .gather = gather,
    .multiply = multiply,
    .sum = sum,
    .scale = scale,
};
