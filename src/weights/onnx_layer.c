/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "weights/onnx_layer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STEP_BITS = 15,
    OUTPUTS_MAX = HEAL_GNN_HIDDEN_MAX,
    DEGREES = 256 /* of which means are rounded alike */
};

/* ---- operators, shorter ---- */

static struct heal_onnx_value cast(struct heal_onnx_model *model, struct heal_onnx_value value,
                                   enum heal_onnx_type type) {
    const struct heal_onnx_attribute to = {.name = "to", .whole = type};

    return heal_onnx_operate(&model->graph, "Cast", &to, 1, &value);
}

static struct heal_onnx_value number(struct heal_onnx_model *model, double value) {
    char name[32];

    snprintf(name, sizeof name, "number.%u", ++model->graph.values);
    return heal_onnx_constant(&model->graph, name, HEAL_ONNX_DOUBLE, 0, NULL, &value);
}

static struct heal_onnx_value clip(struct heal_onnx_model *model, struct heal_onnx_value value, double least,
                                   double most) {
    const struct heal_onnx_value input[] = {value, number(model, least), number(model, most)};

    return heal_onnx_operate(&model->graph, "Clip", NULL, 3, input);
}

/* To the nearest whole number, halves up. */
static struct heal_onnx_value nearest(struct heal_onnx_model *model, struct heal_onnx_value value) {
    return heal_onnx_single(&model->graph, "Floor", heal_onnx_pair(&model->graph, "Add", value, model->half));
}

/* value * multiplier, of a fraction rounded to `rest` bits, as eight bits: heal_gnn_round_off of
 * heal_gnn_multiply. @param share, rest what it is multiplied by: multiplier / 2^15, and 1 / 2^rest */
static struct heal_onnx_value step(struct heal_onnx_model *model, struct heal_onnx_value value,
                                   struct heal_onnx_value share, struct heal_onnx_value rest,
                                   bool rectified) {
    struct heal_onnx *graph = &model->graph;

    value = nearest(model, heal_onnx_pair(graph, "Mul", value, share));
    value = nearest(model, heal_onnx_pair(graph, "Mul", value, rest));
    return cast(model, clip(model, value, rectified ? 0 : -HEAL_GNN_MOST, HEAL_GNN_MOST), HEAL_ONNX_FLOAT);
}

/* Through eight bits: whole numbers stay as they are. */
static struct heal_onnx_value through_bits(struct heal_onnx_model *model, struct heal_onnx_value value) {
    struct heal_onnx_value input[] = {value, model->unit, model->zero8};

    input[0] = heal_onnx_operate(&model->graph, "QuantizeLinear", NULL, 3, input);
    return heal_onnx_operate(&model->graph, "DequantizeLinear", NULL, 3, input);
}

void heal_onnx_begin(struct heal_onnx_model *model) {
    static const int8_t zero8;
    const double half = .5;

    if (!model->quantised)
        return;
    model->half = heal_onnx_constant(&model->graph, "half", HEAL_ONNX_DOUBLE, 0, NULL, &half);
    model->unit = heal_onnx_scalar(&model->graph, "unit", 1);
    model->zero8 = heal_onnx_constant(&model->graph, "zero8", HEAL_ONNX_INT8, 0, NULL, &zero8);
}

struct heal_onnx_value heal_onnx_input(struct heal_onnx_model *model, struct heal_onnx_value input) {
    struct heal_onnx *graph = &model->graph;

    if (!model->quantised)
        return input;
    /* The one place where halves go to the even number, in both. */
    const struct heal_onnx_value cut[] = {
        heal_onnx_pair(graph, "Mul", input,
                       heal_onnx_scalar(graph, "input.scale", model->weights->integer->input_scale)),
        heal_onnx_scalar(graph, "input.least", -HEAL_GNN_MOST),
        heal_onnx_scalar(graph, "input.most", HEAL_GNN_MOST)};
    return through_bits(model, heal_onnx_operate(graph, "Clip", NULL, 3, cut));
}

/* ---- a matrix ---- */

static unsigned inputs_of(const struct heal_onnx_matrix *matrix) {
    unsigned inputs = 0;

    for (unsigned i = 0; i < matrix->parts; i++)
        inputs += matrix->part[i].rows;
    return inputs;
}

static struct heal_onnx_value constant_of(struct heal_onnx_model *model,
                                          const struct heal_onnx_matrix *matrix, const char *what,
                                          enum heal_onnx_type type, const void *numbers) {
    char name[48];

    snprintf(name, sizeof name, "%.30s.%s", matrix->name, what);
    return heal_onnx_constant(&model->graph, name, type, 1, &matrix->outputs, numbers);
}

/* @param numbers [inputs, outputs], input by input */
static struct heal_onnx_value weights_of(struct heal_onnx_model *model, const struct heal_onnx_matrix *matrix,
                                         enum heal_onnx_type type, const void *numbers) {
    const uint32_t dimension[] = {inputs_of(matrix), matrix->outputs};
    char name[48];

    snprintf(name, sizeof name, "%.30s.weight", matrix->name);
    return heal_onnx_constant(&model->graph, name, type, 2, dimension, numbers);
}

static struct heal_onnx_value multiply_float(struct heal_onnx_model *model, struct heal_onnx_value input,
                                             const struct heal_onnx_matrix *matrix) {
    const float *number_of = model->weights->number;
    float *numbers = calloc((size_t)inputs_of(matrix) * matrix->outputs + 1, sizeof *numbers), *to = numbers;

    if (!numbers) {
        model->graph.initializers.failed = true;
        return input;
    }
    for (unsigned i = 0; i < matrix->parts; i++) {
        size_t count = (size_t)matrix->part[i].rows * matrix->outputs;

        memcpy(to, number_of + matrix->part[i].at, count * sizeof *to);
        to += count;
    }
    struct heal_onnx_value weight = weights_of(model, matrix, HEAL_ONNX_FLOAT, numbers);
    free(numbers);
    struct heal_onnx_value sum =
        heal_onnx_pair(&model->graph, "Add", heal_onnx_pair(&model->graph, "MatMul", input, weight),
                       constant_of(model, matrix, "bias", HEAL_ONNX_FLOAT, number_of + matrix->bias));
    return matrix->rectified ? heal_onnx_single(&model->graph, "Relu", sum) : sum;
}

static int8_t weight_of(const struct heal_gnn_integer *network, const struct heal_onnx_matrix *matrix,
                        unsigned input, unsigned output) {
    return matrix->dense
               ? network->weight[heal_gnn_dense_at(matrix->dense, input, output)]
               : network->weight[matrix->wide->weight + (size_t)output * matrix->wide->inputs + input];
}

/* The products' sums, each by its scale, in double precision. @param scale [outputs]: powers of two */
static struct heal_onnx_value sums(struct heal_onnx_model *model, struct heal_onnx_value input,
                                   const struct heal_onnx_matrix *matrix, const float *scale) {
    const struct heal_onnx_attribute axis = {.name = "axis", .whole = 1};
    const unsigned inputs = inputs_of(matrix);
    int8_t *numbers = malloc((size_t)inputs * matrix->outputs + 1);

    if (!numbers) {
        model->graph.initializers.failed = true;
        return input;
    }
    for (unsigned i = 0; i < inputs; i++)
        for (unsigned o = 0; o < matrix->outputs; o++)
            numbers[i * matrix->outputs + o] = weight_of(model->weights->integer, matrix, i, o);
    const struct heal_onnx_value weight[] = {weights_of(model, matrix, HEAL_ONNX_INT8, numbers),
                                             constant_of(model, matrix, "scale", HEAL_ONNX_FLOAT, scale)};
    free(numbers);
    struct heal_onnx_value sum =
        heal_onnx_pair(&model->graph, "MatMul", through_bits(model, input),
                       heal_onnx_operate(&model->graph, "DequantizeLinear", &axis, 2, weight));
    return cast(model, sum, HEAL_ONNX_DOUBLE);
}

/* As the kernels' multiply has it. */
static struct heal_onnx_value multiply_dense(struct heal_onnx_model *model, struct heal_onnx_value input,
                                             const struct heal_onnx_matrix *matrix) {
    const struct heal_gnn_integer *network = model->weights->integer;
    double bias[OUTPUTS_MAX], share[OUTPUTS_MAX];
    float scale[OUTPUTS_MAX];

    for (unsigned o = 0; o < matrix->outputs; o++) {
        unsigned at = matrix->dense->output + o;

        scale[o] = (float)ldexp(1, -network->shift[at]);
        bias[o] = ldexp(network->bias[at], -network->shift[at]);
        share[o] = ldexp(network->multiplier[at], -STEP_BITS);
    }
    struct heal_onnx_value sum = heal_onnx_pair(&model->graph, "Add", sums(model, input, matrix, scale),
                                                constant_of(model, matrix, "bias", HEAL_ONNX_DOUBLE, bias));
    sum = clip(model, nearest(model, sum), INT16_MIN, INT16_MAX);
    return step(model, sum, constant_of(model, matrix, "share", HEAL_ONNX_DOUBLE, share),
                number(model, ldexp(1, -matrix->dense->rest)), matrix->rectified);
}

/* Logits are whole numbers of 1 / HEAL_GNN_LOGIT_ONE. */
static struct heal_onnx_value multiply_wide(struct heal_onnx_model *model, struct heal_onnx_value input,
                                            const struct heal_onnx_matrix *matrix) {
    const struct heal_gnn_integer *network = model->weights->integer;
    double bias[HEAL_GNN_KINDS_MAX], factor[HEAL_GNN_KINDS_MAX];
    float scale[HEAL_GNN_KINDS_MAX];

    for (unsigned o = 0; o < matrix->outputs; o++) {
        unsigned at = matrix->wide->output + o;

        scale[o] = 1;
        bias[o] = network->logit_bias[at];
        factor[o] = ldexp(network->logit[at].m, -network->logit[at].shift);
    }
    struct heal_onnx_value sum = heal_onnx_pair(&model->graph, "Add", sums(model, input, matrix, scale),
                                                constant_of(model, matrix, "bias", HEAL_ONNX_DOUBLE, bias));
    struct heal_onnx_value logit =
        nearest(model, heal_onnx_pair(&model->graph, "Mul", sum,
                                      constant_of(model, matrix, "factor", HEAL_ONNX_DOUBLE, factor)));
    return cast(model, heal_onnx_pair(&model->graph, "Mul", logit, number(model, 1.0 / HEAL_GNN_LOGIT_ONE)),
                HEAL_ONNX_FLOAT);
}

struct heal_onnx_value heal_onnx_multiply(struct heal_onnx_model *model, const struct heal_onnx_value *input,
                                          const struct heal_onnx_matrix *matrix) {
    const struct heal_onnx_attribute axis = {.name = "axis", .whole = 1};
    struct heal_onnx_value all =
        matrix->parts == 1 ? input[0]
                           : heal_onnx_operate(&model->graph, "Concat", &axis, matrix->parts, input);

    if (!model->quantised)
        return multiply_float(model, all, matrix);
    return matrix->dense ? multiply_dense(model, all, matrix) : multiply_wide(model, all, matrix);
}

/* ---- a mean ---- */

/* The parts of its steps, by degree. */
struct steps {
    double unit[DEGREES], share[DEGREES], rest[DEGREES];
};

static void list_steps(struct heal_gnn_factor factor, struct steps *ret_steps) {
    for (unsigned degree = 0; degree < DEGREES; degree++) {
        struct heal_gnn_step at = heal_gnn_step_of(factor, degree > 0 ? degree : 1);

        ret_steps->unit[degree] = ldexp(1, -at.shift);
        ret_steps->share[degree] = ldexp(at.multiplier, -STEP_BITS);
        ret_steps->rest[degree] = ldexp(1, -at.rest);
    }
}

static struct heal_onnx_value look_up(struct heal_onnx_model *model, unsigned layer, unsigned term,
                                      const char *what, const double *table, struct heal_onnx_value place) {
    const uint32_t size = DEGREES;
    char name[48];

    snprintf(name, sizeof name, "layer%u.term%u.%s", layer + 1, term + 1, what);
    return heal_onnx_pair(&model->graph, "Gather",
                          heal_onnx_constant(&model->graph, name, HEAL_ONNX_DOUBLE, 1, &size, table), place);
}

struct heal_onnx_value heal_onnx_mean(struct heal_onnx_model *model, unsigned layer, unsigned term,
                                      struct heal_onnx_value sum, struct heal_onnx_value degree) {
    struct heal_onnx *graph = &model->graph;
    struct steps steps;

    if (!model->quantised)
        return heal_onnx_pair(graph, "Div", sum, degree);
    const struct heal_gnn_factor factor = model->weights->integer->mean[layer][term];
    list_steps(factor, &steps);
    sum = cast(model, sum, HEAL_ONNX_DOUBLE);
    degree = cast(model, degree, HEAL_ONNX_DOUBLE);
    struct heal_onnx_value place = cast(model, clip(model, degree, 0, DEGREES - 1), HEAL_ONNX_INT64);
    struct heal_onnx_value exact =
        heal_onnx_pair(graph, "Mul", sum, look_up(model, layer, term, "unit", steps.unit, place));
    exact = clip(model, nearest(model, exact), -INT16_MAX, INT16_MAX);
    exact = step(model, exact, look_up(model, layer, term, "share", steps.share, place),
                 look_up(model, layer, term, "rest", steps.rest, place), false);
    /* Beyond the table as well as real numbers have it. */
    struct heal_onnx_value beyond = heal_onnx_pair(
        graph, "Div", heal_onnx_pair(graph, "Mul", sum, number(model, ldexp(factor.m, -factor.shift))),
        degree);
    beyond = cast(model, clip(model, nearest(model, beyond), -HEAL_GNN_MOST, HEAL_GNN_MOST), HEAL_ONNX_FLOAT);
    const struct heal_onnx_value choice[] = {heal_onnx_pair(graph, "Less", degree, number(model, DEGREES)),
                                             exact, beyond};
    return heal_onnx_operate(graph, "Where", NULL, 3, choice);
}

/* ---- the gate ---- */

/* heal_gnn_integer_gate: between two steps of the table along the straight line. */
static struct heal_onnx_value open_gate(struct heal_onnx_model *model, struct heal_onnx_value logit) {
    enum { RANGE = 8, WIDTH = 2 * RANGE * HEAL_GNN_LOGIT_ONE / HEAL_GNN_GATE_STEPS };
    const struct heal_gnn_integer *network = model->weights->integer;
    const uint32_t size = HEAL_GNN_GATE_STEPS + 1;
    struct heal_onnx *graph = &model->graph;
    double open[HEAL_GNN_GATE_STEPS + 1];

    for (unsigned i = 0; i < size; i++)
        open[i] = network->gate_of[i];
    struct heal_onnx_value table = heal_onnx_constant(graph, "gate.open", HEAL_ONNX_DOUBLE, 1, &size, open);
    struct heal_onnx_value place = clip(model, cast(model, logit, HEAL_ONNX_DOUBLE), -RANGE, RANGE);
    place = heal_onnx_pair(graph, "Mul", heal_onnx_pair(graph, "Add", place, number(model, RANGE)),
                           number(model, HEAL_GNN_GATE_STEPS / (2.0 * RANGE)));
    struct heal_onnx_value at = heal_onnx_single(graph, "Floor", place);
    struct heal_onnx_value next =
        clip(model, heal_onnx_pair(graph, "Add", at, number(model, 1)), 0, HEAL_GNN_GATE_STEPS);
    struct heal_onnx_value low = heal_onnx_pair(graph, "Gather", table, cast(model, at, HEAL_ONNX_INT64));
    struct heal_onnx_value high = heal_onnx_pair(graph, "Gather", table, cast(model, next, HEAL_ONNX_INT64));
    struct heal_onnx_value rise = heal_onnx_pair(graph, "Mul", heal_onnx_pair(graph, "Sub", high, low),
                                                 heal_onnx_pair(graph, "Sub", place, at));
    return heal_onnx_pair(graph, "Add", low, nearest(model, rise));
}

struct heal_onnx_value heal_onnx_pass_gate(struct heal_onnx_model *model, struct heal_onnx_value state,
                                           struct heal_onnx_value logit) {
    struct heal_onnx *graph = &model->graph;

    if (!model->quantised)
        return heal_onnx_pair(graph, "Mul", state, heal_onnx_single(graph, "Sigmoid", logit));
    const struct heal_gnn_step gated = model->weights->integer->gated;
    struct heal_onnx_value share = heal_onnx_pair(graph, "Mul", open_gate(model, logit),
                                                  number(model, ldexp(1, -STEP_BITS - gated.shift)));
    return step(model, cast(model, state, HEAL_ONNX_DOUBLE), share, number(model, ldexp(1, -gated.rest)),
                false);
}
