/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/quantise.h"

#include <errno.h>
#include <math.h>

enum { MOST = HEAL_GNN_MOST, STEP_BITS = 15 };

static const float least_range = 1e-6F; /* of a place where nothing ever is */

/* Some rows of a matrix that take values of one scale. */
struct rows {
    const float *weight; /* inputs by outputs */
    unsigned inputs;
    double scale; /* of what they take: a value of 1 in integers is so much */
};

struct making {
    const struct heal_gnn_layout *layout;
    const float *weights;
    struct heal_gnn_integer *network;
};

static double scale_of(float range) {
    return (double)fmaxf(range, least_range) / MOST;
}

/* The largest weight to an output, scales included, becomes 127. @param one what 1 stands for in the results;
 * an output that nothing leads to has its bias in 256ths of it. */
static double output_scale(const struct rows *rows, unsigned count, unsigned outputs, unsigned output,
                           double one) {
    double most = 0;

    for (unsigned r = 0; r < count; r++) {
        for (unsigned i = 0; i < rows[r].inputs; i++)
            most = fmax(most, fabs((double)rows[r].weight[i * outputs + output]) * rows[r].scale);
    }
    return most > 0 ? most / MOST : one / 256;
}

static int32_t bias_of(const struct making *making, uint32_t bias, double scale) {
    double start = (double)making->weights[bias] / scale;

    return (int32_t)lround(fmax(fmin(start, HEAL_GNN_BIAS_MOST), -HEAL_GNN_BIAS_MOST));
}

static int8_t weight_of(const struct rows *rows, unsigned at, double scale) {
    return (int8_t)lround(fmax(fmin((double)rows->weight[at] * rows->scale / scale, MOST), -MOST));
}

static void put_weights(const struct making *making, const struct heal_gnn_dense *dense,
                        const struct rows *rows, unsigned count, unsigned outputs, unsigned output,
                        double scale) {
    unsigned place = 0;

    for (unsigned r = 0; r < count; r++) {
        for (unsigned i = 0; i < rows[r].inputs; i++, place++)
            making->network->weight[heal_gnn_dense_at(dense, place, output)] =
                weight_of(&rows[r], i * outputs + output, scale);
    }
}

/* A factor of an output, of which rest bits are rounded off later: multiplier / 2^(15 + shift + rest). What
 * is so steep that a sum of two fills all that there is need not be told apart. */
static void put_factor(struct heal_gnn_integer *network, uint32_t at, unsigned rest, double factor) {
    int exponent;
    double mantissa = frexp(ldexp(factor, (int)rest), &exponent);
    int32_t multiplier = (int32_t)lround(ldexp(mantissa, STEP_BITS));

    if (multiplier == 1 << STEP_BITS) {
        multiplier >>= 1;
        exponent++;
    }
    if (exponent > 0) {
        exponent = 0;
        multiplier = INT16_MAX;
    }
    bool is_nothing = -exponent > HEAL_GNN_STEP_RIGHT;
    network->multiplier[at] = is_nothing ? 0 : multiplier;
    network->shift[at] = is_nothing ? 0 : -exponent;
}

/* @return how many bits of a fraction there can be, of the steepest factor. */
static unsigned rest_of(const double *factor, unsigned outputs) {
    unsigned rest = HEAL_GNN_STEP_REST;
    double most = 0;

    for (unsigned o = 0; o < outputs; o++)
        most = fmax(most, factor[o]);
    while (rest > 1 && ldexp(most, (int)rest) >= 1)
        rest--;
    return rest;
}

/* A matrix of so many groups of rows. @param one what a value of 1 in the results' integers stands for */
static void make_dense(const struct making *making, struct heal_gnn_dense *dense, const struct rows *rows,
                       unsigned count, uint32_t bias, unsigned outputs, double one) {
    double factor[HEAL_GNN_HIDDEN_MAX];

    for (unsigned o = 0; o < outputs; o++) {
        double scale = output_scale(rows, count, outputs, o, one);

        put_weights(making, dense, rows, count, outputs, o, scale);
        making->network->bias[dense->output + o] = bias_of(making, bias + o, scale);
        factor[o] = scale / one;
    }
    dense->rest = (uint8_t)rest_of(factor, outputs);
    for (unsigned o = 0; o < outputs; o++)
        put_factor(making->network, dense->output + o, dense->rest, factor[o]);
}

static void make_layer(const struct making *making, const struct heal_gnn_ranges *ranges, unsigned number,
                       unsigned channels, float source, float result) {
    struct heal_gnn_integer *network = making->network;
    const struct heal_gnn_layer *layer = &network->shape.layer[number];
    struct rows rows[1 + HEAL_GNN_TERMS_MAX] = {
        {making->weights + making->layout->layer[number].self, channels, scale_of(source)}
    };

    for (unsigned t = 0; t < layer->terms; t++) {
        bool is_mean = layer->term[t].aggregate == HEAL_GNN_MEAN;
        /* The largest and the least are values of the source. */
        double scale = scale_of(is_mean ? ranges->mean[number][t] : source);

        rows[t + 1] = (struct rows){making->weights + making->layout->layer[number].term[t],
                                    layer->term[t].width, scale};
        network->mean[number][t] = heal_gnn_factor_of(scale_of(source) / scale);
    }
    make_dense(making, &network->layer[number], rows, layer->terms + 1U, making->layout->layer[number].bias,
               network->shape.hidden, scale_of(result));
}

/* From the state, or what the gate leaves of it, to half as many. */
static void make_half(const struct making *making, struct heal_gnn_dense *dense, uint32_t weight,
                      uint32_t bias, float source, float result) {
    unsigned hidden = making->network->shape.hidden;
    const struct rows rows = {making->weights + weight, hidden, scale_of(source)};

    make_dense(making, dense, &rows, 1, bias, hidden / 2, scale_of(result));
}

static void make_wide(const struct making *making, const struct heal_gnn_wide *wide, uint32_t weight,
                      uint32_t bias, float source) {
    struct heal_gnn_integer *network = making->network;
    const double one = 1.0 / HEAL_GNN_LOGIT_ONE;
    const struct rows rows = {making->weights + weight, network->shape.hidden / 2U, scale_of(source)};

    for (unsigned o = 0; o < wide->outputs; o++) {
        double scale = output_scale(&rows, 1, wide->outputs, o, one);

        for (unsigned i = 0; i < rows.inputs; i++)
            network->weight[wide->weight + o * wide->inputs + i] =
                weight_of(&rows, i * wide->outputs + o, scale);
        network->logit_bias[wide->output + o] = bias_of(making, bias + o, scale);
        network->logit[wide->output + o] = heal_gnn_factor_of(scale / one);
    }
}

static struct heal_gnn_step gated_of(const struct heal_gnn_ranges *ranges) {
    struct heal_gnn_step step =
        heal_gnn_step_of(heal_gnn_factor_of(scale_of(ranges->h2) / scale_of(ranges->u)), 1);

    if (step.shift > 0) /* a gate is no amplifier: only where nothing was ever seen to pass it */
        step =
            (struct heal_gnn_step){.multiplier = (int16_t)(step.multiplier >> step.shift), .rest = step.rest};
    return step;
}

static void make_heads(const struct making *making, const struct heal_gnn_ranges *ranges) {
    struct heal_gnn_integer *network = making->network;
    const struct heal_gnn_layout *layout = making->layout;

    make_half(making, &network->gate, layout->gate, layout->gate_bias, ranges->h2, ranges->gate_hidden);
    make_wide(making, &network->gate_out, layout->gate_out, layout->gate_out_bias, ranges->gate_hidden);
    network->gated = gated_of(ranges);
    make_half(making, &network->head, layout->head, layout->head_bias, ranges->u, ranges->p);
    make_wide(making, &network->sick, layout->sick, layout->sick_bias, ranges->p);
    make_wide(making, &network->kind, layout->kind, layout->kind_bias, ranges->p);
    if (network->shape.kinds > 0)
        network->normal = bias_of(making, layout->normal, 1.0 / HEAL_GNN_LOGIT_ONE);
}

static int check(const struct heal_gnn_layout *layout, const float *weights, struct heal_error *error) {
    for (uint32_t w = 0; w < layout->weights; w++) {
        if (!isfinite(weights[w]))
            return heal_error_set(error, -EINVAL, 0, 0, "weight %u is no number", w);
    }
    return 0;
}

int heal_gnn_quantise(const struct heal_gnn_shape *shape, const float *weights,
                      const struct heal_gnn_ranges *ranges, struct heal_gnn_integer *ret_network,
                      struct heal_error *error) {
    struct heal_gnn_layout layout;
    const struct making making = {.layout = &layout, .weights = weights, .network = ret_network};

    int r = heal_gnn_shape_check(shape, error);

    if (r < 0)
        return r;
    heal_gnn_layout_make(shape, &layout);
    r = check(&layout, weights, error);
    r = r < 0 ? r : heal_gnn_integer_lay(shape, ret_network, error);
    if (r < 0)
        return r;
    ret_network->input_scale = (float)(1 / scale_of(ranges->input));
    make_layer(&making, ranges, 0, shape->inputs, ranges->input, ranges->h1);
    make_layer(&making, ranges, 1, shape->hidden, ranges->h1, ranges->h2);
    make_heads(&making, ranges);
    return heal_gnn_integer_prepare(ret_network, error);
}
