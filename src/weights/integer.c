/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A network in integers as tensors: its matrices row by row, inputs by outputs, whatever the order in which
 * the kernels want them. The one place that knows what of struct heal_gnn_integer lies in a file; all else
 * follows from it. */
#include "weights/numbers.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MATRICES = 4,
    LOGITS = 2 + HEAL_GNN_KINDS_MAX,
    MEANS = HEAL_GNN_LAYERS * HEAL_GNN_TERMS_MAX,
    NUMBERS_MAX = HEAL_GNN_WEIGHT_BYTES_MAX,
    TENSORS = 3 * MATRICES + 4 + 4 + 1,
};

/* A matrix whose sums become eight bits. */
struct matrix {
    const char *weight, *bias, *step;
    struct heal_gnn_dense *dense;
    unsigned inputs, outputs; /* those that are real */
};

static unsigned summands(const struct heal_gnn_layer *layer, unsigned channels) {
    for (unsigned t = 0; t < layer->terms; t++)
        channels += layer->term[t].width;
    return channels;
}

static void list_matrices(struct heal_gnn_integer *network, struct matrix ret_matrix[static MATRICES]) {
    const struct heal_gnn_shape *shape = &network->shape;
    unsigned hidden = shape->hidden, half = hidden / 2;

    ret_matrix[0] = (struct matrix){"layer1.weight",
                                    "layer1.bias",
                                    "layer1.step",
                                    &network->layer[0],
                                    summands(&shape->layer[0], shape->inputs),
                                    hidden};
    ret_matrix[1] = (struct matrix){
        "layer2.weight", "layer2.bias", "layer2.step", &network->layer[1], summands(&shape->layer[1], hidden),
        hidden};
    ret_matrix[2] = (struct matrix){"gate.weight", "gate.bias", "gate.step", &network->gate, hidden, half};
    ret_matrix[3] = (struct matrix){"head.weight", "head.bias", "head.step", &network->head, hidden, half};
}

/* The rows that give logits: of the gate, of being sick, of each kind. */
static const struct heal_gnn_wide *wide_of(const struct heal_gnn_integer *network, unsigned logit,
                                           unsigned *ret_row) {
    *ret_row = logit < 2 ? 0 : logit - 2;
    return logit == 0 ? &network->gate_out : logit == 1 ? &network->sick : &network->kind;
}

static unsigned means_of(const struct heal_gnn_shape *shape) {
    return shape->layer[0].terms + shape->layer[1].terms;
}

static struct heal_gnn_factor *mean_of(struct heal_gnn_integer *network, unsigned mean) {
    unsigned first = network->shape.layer[0].terms;

    return mean < first ? &network->mean[0][mean] : &network->mean[1][mean - first];
}

/* ---- reading ---- */

struct reading {
    const struct heal_safetensors *file;
    struct heal_gnn_integer *network;
    struct heal_error *error;
    const char *known[TENSORS];
    unsigned count;
};

static const struct heal_tensor *find(struct reading *reading, const char *name, enum heal_tensor_type type,
                                      uint32_t rows, uint32_t columns) {
    const uint32_t dimension[] = {rows, columns, 0};

    reading->known[reading->count++] = name;
    return heal_numbers_tensor(reading->file, name, type, dimension, reading->error);
}

/* A whole number that must be in range. @return 0 or -EINVAL. */
static int take(const struct reading *reading, const struct heal_tensor *tensor, size_t index, int32_t least,
                int32_t most, int32_t *ret_value) {
    int32_t value = heal_tensor_whole(tensor, index);

    if (value < least || value > most)
        return heal_safetensors_refuse(reading->error, heal_tensor_place(tensor, index),
                                       "tensor %s: number %zu is %d, not in %d to %d", tensor->name, index,
                                       value, least, most);
    *ret_value = value;
    return 0;
}

static int take_factor(const struct reading *reading, const struct heal_tensor *tensor, size_t index,
                       struct heal_gnn_factor *ret_factor) {
    int32_t m = 0, shift = 0;
    int r = take(reading, tensor, 2 * index, 0, INT32_MAX, &m);

    r = r < 0 ? r : take(reading, tensor, 2 * index + 1, 1, 62, &shift);
    if (r == 0) {
        ret_factor->m = m;
        ret_factor->shift = (uint8_t)shift;
    }
    return r;
}

static int parse_matrix(struct reading *reading, const struct matrix *matrix) {
    struct heal_gnn_integer *network = reading->network;
    const struct heal_tensor *weight =
        find(reading, matrix->weight, HEAL_TENSOR_I8, matrix->inputs, matrix->outputs);
    const struct heal_tensor *bias =
        weight ? find(reading, matrix->bias, HEAL_TENSOR_I32, matrix->outputs, 0) : NULL;
    const struct heal_tensor *step =
        bias ? find(reading, matrix->step, HEAL_TENSOR_I16, matrix->outputs, 2) : NULL;
    int r = step ? 0 : -EINVAL;

    for (unsigned i = 0; r == 0 && i < matrix->inputs; i++) {
        for (unsigned o = 0; r == 0 && o < matrix->outputs; o++) {
            int32_t value = 0;

            r = take(reading, weight, (size_t)i * matrix->outputs + o, -HEAL_GNN_MOST, HEAL_GNN_MOST, &value);
            network->weight[heal_gnn_dense_at(matrix->dense, i, o)] = (int8_t)value;
        }
    }
    for (unsigned o = 0; r == 0 && o < matrix->outputs; o++) {
        unsigned at = matrix->dense->output + o;

        r = take(reading, bias, o, -HEAL_GNN_BIAS_MOST, HEAL_GNN_BIAS_MOST, &network->bias[at]);
        r = r < 0 ? r : take(reading, step, 2 * (size_t)o, 0, INT16_MAX, &network->multiplier[at]);
        r = r < 0 ? r : take(reading, step, 2 * (size_t)o + 1, 0, HEAL_GNN_STEP_RIGHT, &network->shift[at]);
    }
    return r;
}

static int parse_logits(struct reading *reading) {
    struct heal_gnn_integer *network = reading->network;
    unsigned logits = 2U + network->shape.kinds, half = network->shape.hidden / 2;
    const struct heal_tensor *weight = find(reading, "logit.weight", HEAL_TENSOR_I8, logits, half);
    const struct heal_tensor *bias = weight ? find(reading, "logit.bias", HEAL_TENSOR_I32, logits, 0) : NULL;
    const struct heal_tensor *factor =
        bias ? find(reading, "logit.factor", HEAL_TENSOR_I32, logits, 2) : NULL;
    int r = factor ? 0 : -EINVAL;

    for (unsigned l = 0; r == 0 && l < logits; l++) {
        unsigned row;
        const struct heal_gnn_wide *wide = wide_of(network, l, &row);

        for (unsigned i = 0; r == 0 && i < half; i++) {
            int32_t value = 0;

            r = take(reading, weight, (size_t)l * half + i, -HEAL_GNN_MOST, HEAL_GNN_MOST, &value);
            network->weight[wide->weight + row * wide->inputs + i] = (int8_t)value;
        }
        r = r < 0 ? r
                  : take(reading, bias, l, -HEAL_GNN_BIAS_MOST, HEAL_GNN_BIAS_MOST,
                         &network->logit_bias[wide->output + row]);
        r = r < 0 ? r : take_factor(reading, factor, l, &network->logit[wide->output + row]);
    }
    return r;
}

static int parse_normal(struct reading *reading) {
    const struct heal_tensor *normal;

    if (reading->network->shape.kinds == 0)
        return 0;
    normal = find(reading, "logit.normal", HEAL_TENSOR_I32, 1, 0);
    return normal
               ? take(reading, normal, 0, -HEAL_GNN_BIAS_MOST, HEAL_GNN_BIAS_MOST, &reading->network->normal)
               : -EINVAL;
}

static int parse_means(struct reading *reading) {
    unsigned means = means_of(&reading->network->shape);
    const struct heal_tensor *mean =
        means > 0 ? find(reading, "mean.factor", HEAL_TENSOR_I32, means, 2) : NULL;
    int r = means == 0 || mean ? 0 : -EINVAL;

    for (unsigned i = 0; r == 0 && i < means; i++)
        r = take_factor(reading, mean, i, mean_of(reading->network, i));
    return r;
}

static int parse_rest(struct reading *reading, const struct matrix *matrix) {
    struct heal_gnn_integer *network = reading->network;
    const struct heal_tensor *scale = find(reading, "input.scale", HEAL_TENSOR_F32, 1, 0);
    const struct heal_tensor *gated = scale ? find(reading, "gated.step", HEAL_TENSOR_I16, 3, 0) : NULL;
    const struct heal_tensor *rest = gated ? find(reading, "rest", HEAL_TENSOR_U8, MATRICES, 0) : NULL;
    int32_t multiplier = 0, shift = 0, bits = 0;
    int r = rest ? heal_numbers_take(scale, &network->input_scale, reading->error) : -EINVAL;

    if (r == 0 && network->input_scale <= 0)
        r = heal_safetensors_refuse(reading->error, scale->begin, "tensor %s is not above 0", scale->name);
    r = r < 0 ? r : take(reading, gated, 0, 0, INT16_MAX, &multiplier);
    r = r < 0 ? r : take(reading, gated, 1, -HEAL_GNN_STEP_LEFT, 0, &shift);
    r = r < 0 ? r : take(reading, gated, 2, 1, HEAL_GNN_STEP_REST, &bits);
    network->gated = (struct heal_gnn_step){(int16_t)multiplier, (int8_t)shift, (uint8_t)bits};
    for (unsigned i = 0; r == 0 && i < MATRICES; i++) {
        r = take(reading, rest, i, 1, HEAL_GNN_STEP_REST, &bits);
        matrix[i].dense->rest = (uint8_t)bits;
    }
    return r;
}

int heal_integer_parse(const struct heal_safetensors *file, struct heal_weights *weights,
                       struct heal_error *error) {
    struct reading reading = {.file = file, .error = error};
    struct matrix matrix[MATRICES];

    weights->integer = calloc(1, sizeof *weights->integer);
    if (!weights->integer)
        return -ENOMEM;
    reading.network = weights->integer;
    int r = heal_gnn_integer_lay(&weights->card.shape, weights->integer, error);
    if (r < 0)
        return r;
    list_matrices(weights->integer, matrix);
    for (unsigned i = 0; r == 0 && i < MATRICES; i++)
        r = parse_matrix(&reading, &matrix[i]);
    r = r < 0 ? r : parse_logits(&reading);
    r = r < 0 ? r : parse_normal(&reading);
    r = r < 0 ? r : parse_means(&reading);
    r = r < 0 ? r : parse_rest(&reading, matrix);
    reading.known[reading.count++] = heal_quantiles_name;
    r = r < 0 ? r : heal_numbers_check_all(file, reading.known, reading.count, error);
    return r < 0 ? r : heal_gnn_integer_prepare(weights->integer, error);
}

/* ---- writing ---- */

struct writing {
    struct heal_gnn_integer *network; /* a copy: only read */
    struct heal_tensor_draft draft[TENSORS];
    unsigned drafts;
    /* What the drafts point to. */
    int8_t weight[NUMBERS_MAX];
    int32_t bias[HEAL_GNN_OUTPUTS_MAX];
    int16_t step[2 * HEAL_GNN_OUTPUTS_MAX];
    unsigned weights, outputs;
    int32_t logit_bias[LOGITS], logit_factor[2 * LOGITS], mean_factor[2 * MEANS];
    int16_t gated[3];
    uint8_t rest[MATRICES];
    float quantiles[HEAL_GNN_INPUTS_MAX * HEAL_GNN_QUANTILES];
};

static void add(struct writing *writing, const char *name, enum heal_tensor_type type, uint32_t rows,
                uint32_t columns, const void *numbers) {
    writing->draft[writing->drafts++] = (struct heal_tensor_draft){
        .name = name,
        .type = type,
        .dimensions = columns > 0 ? 2 : 1,
        .dimension = {rows, columns},
        .numbers = numbers
    };
}

static void put_factor(struct heal_gnn_factor factor, int32_t *to) {
    to[0] = factor.m;
    to[1] = factor.shift;
}

static void format_matrix(struct writing *writing, const struct matrix *matrix) {
    const struct heal_gnn_integer *network = writing->network;
    int8_t *weight = writing->weight + writing->weights;
    int32_t *bias = writing->bias + writing->outputs;
    int16_t *step = writing->step + 2 * (size_t)writing->outputs;

    for (unsigned i = 0; i < matrix->inputs; i++)
        for (unsigned o = 0; o < matrix->outputs; o++)
            weight[i * matrix->outputs + o] = network->weight[heal_gnn_dense_at(matrix->dense, i, o)];
    for (unsigned o = 0; o < matrix->outputs; o++) {
        bias[o] = network->bias[matrix->dense->output + o];
        step[2 * o] = (int16_t)network->multiplier[matrix->dense->output + o];
        step[2 * o + 1] = (int16_t)network->shift[matrix->dense->output + o];
    }
    add(writing, matrix->weight, HEAL_TENSOR_I8, matrix->inputs, matrix->outputs, weight);
    add(writing, matrix->bias, HEAL_TENSOR_I32, matrix->outputs, 0, bias);
    add(writing, matrix->step, HEAL_TENSOR_I16, matrix->outputs, 2, step);
    writing->weights += matrix->inputs * matrix->outputs;
    writing->outputs += matrix->outputs;
}

static void format_logits(struct writing *writing) {
    const struct heal_gnn_integer *network = writing->network;
    unsigned logits = 2U + network->shape.kinds, half = network->shape.hidden / 2;
    int8_t *weight = writing->weight + writing->weights;

    for (unsigned l = 0; l < logits; l++) {
        unsigned row;
        const struct heal_gnn_wide *wide = wide_of(network, l, &row);

        memcpy(weight + (size_t)l * half, network->weight + wide->weight + row * wide->inputs, half);
        writing->logit_bias[l] = network->logit_bias[wide->output + row];
        put_factor(network->logit[wide->output + row], writing->logit_factor + 2 * (size_t)l);
    }
    add(writing, "logit.weight", HEAL_TENSOR_I8, logits, half, weight);
    add(writing, "logit.bias", HEAL_TENSOR_I32, logits, 0, writing->logit_bias);
    add(writing, "logit.factor", HEAL_TENSOR_I32, logits, 2, writing->logit_factor);
    if (network->shape.kinds > 0)
        add(writing, "logit.normal", HEAL_TENSOR_I32, 1, 0, &network->normal);
    writing->weights += logits * half;
}

static void format_rest(struct writing *writing, const struct matrix *matrix) {
    unsigned means = means_of(&writing->network->shape);

    for (unsigned i = 0; i < means; i++)
        put_factor(*mean_of(writing->network, i), writing->mean_factor + 2 * (size_t)i);
    writing->gated[0] = writing->network->gated.multiplier;
    writing->gated[1] = (int16_t)(0 + writing->network->gated.shift);
    writing->gated[2] = writing->network->gated.rest;
    for (unsigned i = 0; i < MATRICES; i++)
        writing->rest[i] = matrix[i].dense->rest;
    if (means > 0)
        add(writing, "mean.factor", HEAL_TENSOR_I32, means, 2, writing->mean_factor);
    add(writing, "input.scale", HEAL_TENSOR_F32, 1, 0, &writing->network->input_scale);
    add(writing, "gated.step", HEAL_TENSOR_I16, 3, 0, writing->gated);
    add(writing, "rest", HEAL_TENSOR_U8, MATRICES, 0, writing->rest);
}

int heal_integer_format(const struct heal_weights *weights, const struct heal_entry_draft *entry,
                        size_t entries, uint8_t **ret_bytes, size_t *ret_length) {
    struct writing *writing = calloc(1, sizeof *writing);
    struct matrix matrix[MATRICES];

    if (!writing)
        return -ENOMEM;
    writing->network = weights->integer;
    list_matrices(writing->network, matrix);
    for (unsigned i = 0; i < MATRICES; i++)
        format_matrix(writing, &matrix[i]);
    format_logits(writing);
    format_rest(writing, matrix);
    writing->drafts +=
        heal_quantiles_draft(&weights->card, writing->quantiles, &writing->draft[writing->drafts]);
    int r = heal_safetensors_encode(entry, entries, writing->draft, writing->drafts, ret_bytes, ret_length);
    free(writing);
    return r;
}
