/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A network made by hand, for scripts: it calls a latency sick that is above a limit, and sees nothing else.
 * Its logit is four times how far above, in quarters of the limit. */
#include "scenario/network.h"

#include "base/text.h"
#include "gnn/quantise.h"

#include <errno.h>
#include <stdlib.h>

enum { HIDDEN = 4, MODEL_ID = 1 };

/* What lies within these is not cut. */
static const struct heal_gnn_ranges ranges = {
    .input = 6,
    .mean = {{6, 6, 6, 6}, {6, 6, 6, 6}},
    .h1 = 6,
    .h2 = 6,
    .gate_hidden = 1,
    .u = 6,
    .p = 6,
};

static void set_scaling(float limit_ms, struct heal_gnn_scaling *scaling) {
    *scaling = (struct heal_gnn_scaling){.inputs = HEAL_FEATURES, .most = 6};
    for (unsigned i = 0; i < HEAL_FEATURES; i++) {
        heal_name_copy(scaling->feature[i].name, sizeof scaling->feature[i].name, heal_feature_names[i]);
        scaling->deviation[i] = 1;
    }
    scaling->mean[HEAL_FEATURE_LATENCY] = limit_ms;
    scaling->deviation[HEAL_FEATURE_LATENCY] = limit_ms / 4;
}

/* Of the state's channels the first has what is above the limit, the second what is below: a state has
 * nothing below 0. Their difference goes through the gate, which is open, to the head, which is made in the
 * same way. */
static void set_weights(const struct heal_gnn_layout *layout, float *weights) {
    weights[layout->layer[0].self + HEAL_FEATURE_LATENCY * HIDDEN] = 1;
    weights[layout->layer[0].self + HEAL_FEATURE_LATENCY * HIDDEN + 1] = -1;
    weights[layout->layer[1].self] = 1;
    weights[layout->layer[1].self + HIDDEN] = -1;
    weights[layout->gate_out_bias] = 8;
    weights[layout->head] = 1;
    weights[layout->head + 1] = -1;
    weights[layout->sick] = 4;
    weights[layout->sick + 1] = -4;
}

int heal_scenario_network_new(float limit_ms, struct heal_gnn_model **ret_model) {
    struct heal_gnn_model *model = calloc(1, sizeof *model);
    struct heal_gnn_shape shape;
    struct heal_gnn_layout layout;
    heal_gnn_shape_default(HEAL_FEATURES, HIDDEN, 0, &shape);
    heal_gnn_layout_make(&shape, &layout);
    float *weights = calloc(layout.weights, sizeof *weights);
    int r = model && weights ? 0 : -ENOMEM;
    if (r == 0) {
        set_weights(&layout, weights);
        set_scaling(limit_ms, &model->scaling);
        model->id = MODEL_ID;
        r = heal_gnn_quantise(&shape, weights, &ranges, &model->network, NULL);
    }
    free(weights);
    if (r == 0)
        *ret_model = model;
    else
        free(model);
    return r;
}
