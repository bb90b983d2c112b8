/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "weights/onnx_layer.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEP_BITS = 15 };

/* What a sum of 1 stands for. An output that nothing leads to has no scale: one so small that nothing comes
 * of it. */
static double sum_scale(const struct heal_gnn_integer *network, const struct heal_onnx_target *target,
                        unsigned output) {
    if (target->dense) {
        unsigned at = target->dense->output + output;
        int bits = STEP_BITS + network->shift[at] + target->dense->rest;

        return fmax(ldexp(network->multiplier[at] * target->one, -bits), (double)FLT_MIN);
    }
    const struct heal_gnn_factor *factor = &network->logit[target->wide->output + output];
    return fmax(ldexp((double)factor->m / HEAL_GNN_LOGIT_ONE, -factor->shift), (double)FLT_MIN);
}

static int8_t weight_of(const struct heal_gnn_integer *network, const struct heal_onnx_target *target,
                        unsigned input, unsigned output) {
    return target->dense
               ? network->weight[heal_gnn_dense_at(target->dense, input, output)]
               : network->weight[target->wide->weight + (size_t)output * target->wide->inputs + input];
}

static int32_t bias_of(const struct heal_gnn_integer *network, const struct heal_onnx_target *target,
                       unsigned output) {
    return target->dense ? network->bias[target->dense->output + output]
                         : network->logit_bias[target->wide->output + output];
}

/* Integers and a scale for each output, as what they stand for. */
static struct heal_onnx_value dequantise(struct heal_onnx_model *model, const char *name,
                                         struct heal_onnx_value integers, const float *scale,
                                         unsigned outputs, int axis) {
    const struct heal_onnx_attribute attribute = {.name = "axis", .whole = axis};
    char scale_name[48];

    snprintf(scale_name, sizeof scale_name, "%.40s.scale", name);
    const struct heal_onnx_value input[] = {
        integers, heal_onnx_constant(&model->graph, scale_name, HEAL_ONNX_FLOAT, 1, &outputs, scale)};
    return heal_onnx_operate(&model->graph, "DequantizeLinear", &attribute, 2, input);
}

static struct heal_onnx_value weight_in_integers(struct heal_onnx_model *model,
                                                 const struct heal_onnx_rows *rows,
                                                 const struct heal_onnx_target *target) {
    const struct heal_gnn_integer *network = model->weights->integer;
    const uint32_t dimension[] = {rows->rows, target->outputs};
    int8_t *weight = malloc((size_t)rows->rows * target->outputs + 1);
    float scale[HEAL_GNN_HIDDEN_MAX];

    if (!weight) {
        model->graph.initializers.failed = true;
        return heal_onnx_named(rows->name);
    }
    for (unsigned o = 0; o < target->outputs; o++) {
        scale[o] = (float)fmax(sum_scale(network, target, o) / rows->scale, (double)FLT_MIN);
        for (unsigned i = 0; i < rows->rows; i++)
            weight[i * target->outputs + o] = weight_of(network, target, rows->first + i, o);
    }
    struct heal_onnx_value integers =
        heal_onnx_constant(&model->graph, rows->name, HEAL_ONNX_INT8, 2, dimension, weight);
    free(weight);
    return dequantise(model, rows->name, integers, scale, target->outputs, 1);
}

static struct heal_onnx_value weight_value(struct heal_onnx_model *model, const struct heal_onnx_rows *rows,
                                           const struct heal_onnx_target *target) {
    const uint32_t dimension[] = {rows->rows, target->outputs};

    return model->quantised ? weight_in_integers(model, rows, target)
                            : heal_onnx_constant(&model->graph, rows->name, HEAL_ONNX_FLOAT, 2, dimension,
                                                 model->weights->number + rows->at);
}

static struct heal_onnx_value bias_value(struct heal_onnx_model *model,
                                         const struct heal_onnx_target *target) {
    int32_t bias[HEAL_GNN_HIDDEN_MAX];
    float scale[HEAL_GNN_HIDDEN_MAX];

    if (!model->quantised)
        return heal_onnx_constant(&model->graph, target->name, HEAL_ONNX_FLOAT, 1, &target->outputs,
                                  model->weights->number + target->bias);
    for (unsigned o = 0; o < target->outputs; o++) {
        bias[o] = bias_of(model->weights->integer, target, o);
        scale[o] = (float)sum_scale(model->weights->integer, target, o);
    }
    struct heal_onnx_value integers =
        heal_onnx_constant(&model->graph, target->name, HEAL_ONNX_INT32, 1, &target->outputs, bias);
    return dequantise(model, target->name, integers, scale, target->outputs, 0);
}

struct heal_onnx_value heal_onnx_sum(struct heal_onnx_model *model, const struct heal_onnx_rows *rows,
                                     unsigned count, const struct heal_onnx_target *target) {
    struct heal_onnx_value sum = bias_value(model, target);

    for (unsigned r = 0; r < count; r++) {
        struct heal_onnx_value product =
            heal_onnx_pair(&model->graph, "MatMul", rows[r].value, weight_value(model, &rows[r], target));

        sum = heal_onnx_pair(&model->graph, "Add", product, sum);
    }
    return sum;
}

/* The kernels cut to [-127, 127], QuantizeLinear to [-128, 127]: so it is cut before. */
struct heal_onnx_value heal_onnx_round(struct heal_onnx_model *model, struct heal_onnx_value value,
                                       const char *name, double scale) {
    static const int8_t zero;
    struct heal_onnx *graph = &model->graph;
    char text[4][48];

    if (!model->quantised)
        return value;
    snprintf(text[0], sizeof text[0], "%.40s.least", name);
    snprintf(text[1], sizeof text[1], "%.40s.most", name);
    snprintf(text[2], sizeof text[2], "%.40s.scale", name);
    snprintf(text[3], sizeof text[3], "%.40s.zero", name);
    const struct heal_onnx_value cut[] = {value,
                                          heal_onnx_scalar(graph, text[0], (float)(-HEAL_GNN_MOST * scale)),
                                          heal_onnx_scalar(graph, text[1], (float)(HEAL_GNN_MOST * scale))};
    struct heal_onnx_value step[] = {heal_onnx_operate(graph, "Clip", NULL, 3, cut),
                                     heal_onnx_scalar(graph, text[2], (float)scale),
                                     heal_onnx_constant(graph, text[3], HEAL_ONNX_INT8, 0, NULL, &zero)};
    step[0] = heal_onnx_operate(graph, "QuantizeLinear", NULL, 3, step);
    return heal_onnx_operate(graph, "DequantizeLinear", NULL, 3, step);
}
