/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/quantise.h"

#include "gnn/elementary.h"
#include "gnn/fixed.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum { MOST = 127, GATE_RANGE = 8, GATE_ONE = 32768 };

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

/* The largest weight to an output, scales included, becomes 127. */
static double output_scale(const struct rows *rows, unsigned count, unsigned outputs, unsigned output) {
    double most = 0;

    for (unsigned r = 0; r < count; r++) {
        for (unsigned i = 0; i < rows[r].inputs; i++)
            most = fmax(most, fabs((double)rows[r].weight[i * outputs + output]) * rows[r].scale);
    }
    return most > 0 ? most / MOST : 1;
}

static void put_weights(const struct making *making, const struct heal_gnn_dense *dense,
                        const struct rows *rows, unsigned count, unsigned output, double scale) {
    int8_t *weight = making->network->weight + dense->weight;
    unsigned place = 0;

    for (unsigned r = 0; r < count; r++) {
        for (unsigned i = 0; i < rows[r].inputs; i++, place++) {
            double value = (double)rows[r].weight[i * dense->outputs + output] * rows[r].scale / scale;
            size_t group = place / HEAL_GNN_GROUP, within = place % HEAL_GNN_GROUP;

            weight[(group * dense->outputs + output) * HEAL_GNN_GROUP + within] =
                heal_gnn_narrow(lround(value));
        }
    }
}

/* A matrix of so many groups of rows. @param one what a value of 1 in the results' integers stands for */
static struct heal_gnn_dense make_dense(const struct making *making, const struct rows *rows, unsigned count,
                                        uint32_t bias, unsigned outputs, double one) {
    struct heal_gnn_integer *network = making->network;
    struct heal_gnn_dense dense = {
        .outputs = (uint16_t)outputs, .weight = network->weights, .output = network->outputs};
    unsigned inputs = 0;

    for (unsigned r = 0; r < count; r++)
        inputs += rows[r].inputs;
    dense.inputs = (uint16_t)((inputs + HEAL_GNN_GROUP - 1) / HEAL_GNN_GROUP * HEAL_GNN_GROUP);
    for (unsigned o = 0; o < outputs; o++) {
        double scale = output_scale(rows, count, outputs, o);
        double start = (double)making->weights[bias + o] / scale;

        put_weights(making, &dense, rows, count, o, scale);
        network->bias[dense.output + o] = (int32_t)lround(fmax(fmin(start, 1 << 30), -(1 << 30)));
        network->factor[dense.output + o] = heal_gnn_factor_of(scale / one);
    }
    network->weights += (uint32_t)dense.inputs * outputs;
    network->outputs += outputs;
    return dense;
}

static void make_layer(const struct making *making, const struct heal_gnn_ranges *ranges, unsigned number,
                       unsigned channels, float source, float result) {
    const struct heal_gnn_layer *layer = &making->network->shape.layer[number];
    struct rows rows[1 + HEAL_GNN_TERMS_MAX] = {
        {making->weights + making->layout->layer[number].self, channels, scale_of(source)}
    };

    for (unsigned t = 0; t < layer->terms; t++) {
        bool is_mean = layer->term[t].aggregate == HEAL_GNN_MEAN;
        /* The largest and the least are values of the source. */
        double scale = scale_of(is_mean ? ranges->mean[number][t] : source);

        rows[t + 1] = (struct rows){making->weights + making->layout->layer[number].term[t],
                                    layer->term[t].width, scale};
        making->network->mean[number][t] = heal_gnn_factor_of(scale_of(source) / scale);
    }
    making->network->layer[number] =
        make_dense(making, rows, layer->terms + 1U, making->layout->layer[number].bias,
                   making->network->shape.hidden, scale_of(result));
}

static struct heal_gnn_dense make_plain(const struct making *making, uint32_t weight, uint32_t bias,
                                        unsigned inputs, unsigned outputs, float source, double one) {
    const struct rows rows = {making->weights + weight, inputs, scale_of(source)};

    return make_dense(making, &rows, 1, bias, outputs, one);
}

static void make_heads(const struct making *making, const struct heal_gnn_ranges *ranges) {
    struct heal_gnn_integer *network = making->network;
    const struct heal_gnn_layout *layout = making->layout;
    unsigned hidden = network->shape.hidden, half = hidden / 2;
    const double logit = 1.0 / HEAL_GNN_LOGIT_ONE;

    network->gate = make_plain(making, layout->gate, layout->gate_bias, hidden, half, ranges->h2,
                               scale_of(ranges->gate_hidden));
    network->gate_out =
        make_plain(making, layout->gate_out, layout->gate_out_bias, half, 1, ranges->gate_hidden, logit);
    network->gated = heal_gnn_factor_of(scale_of(ranges->h2) / scale_of(ranges->u) / GATE_ONE);
    network->head =
        make_plain(making, layout->head, layout->head_bias, hidden, half, ranges->u, scale_of(ranges->p));
    network->sick = make_plain(making, layout->sick, layout->sick_bias, half, 1, ranges->p, logit);
    if (network->shape.kinds > 0)
        network->kind =
            make_plain(making, layout->kind, layout->kind_bias, half, network->shape.kinds, ranges->p, logit);
    for (int i = 0; i <= HEAL_GNN_GATE_STEPS; i++) {
        double at = 2.0 * GATE_RANGE * i / HEAL_GNN_GATE_STEPS - GATE_RANGE;

        network->gate_of[i] = (uint16_t)lround(GATE_ONE / (1 + heal_gnn_exponential(-at)));
    }
}

static int check(const struct heal_gnn_layout *layout, const float *weights, struct heal_error *error) {
    if (layout->weights + HEAL_GNN_GROUP * HEAL_GNN_OUTPUTS_MAX > HEAL_GNN_WEIGHT_BYTES_MAX)
        return heal_error_set(error, -EINVAL, 0, 0, "%u weights are more than there is room for",
                              layout->weights);
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
    if (r < 0)
        return r;
    memset(ret_network, 0, sizeof *ret_network);
    ret_network->shape = *shape;
    ret_network->input_scale = (float)(1 / scale_of(ranges->input));
    make_layer(&making, ranges, 0, shape->inputs, ranges->input, ranges->h1);
    make_layer(&making, ranges, 1, shape->hidden, ranges->h1, ranges->h2);
    make_heads(&making, ranges);
    return 0;
}
