/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "toy_model.h"

#include "base/random.h"
#include "gnn/quantise.h"
#include "heal/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 20, VERTICES = 24, HIDDEN = 64, WEIGHTS_MAX = 20000 };

/* Some way from what a simulated mesh shows, and wide, so that inputs differ and few are cut. */
static const struct {
    float mean, deviation;
    bool logarithm;
} feature[HEAL_FEATURES] = {
    [HEAL_FEATURE_RSSI] = {-60,  10,   false},
      [HEAL_FEATURE_SNR] = {30,   10,   false},
    [HEAL_FEATURE_LOSS] = {.05F, .1F,  false},
      [HEAL_FEATURE_LINK_AGE] = {4,    1.5F, true },
    [HEAL_FEATURE_LATENCY] = {1.5F, 1,    false},
      [HEAL_FEATURE_THROUGHPUT] = {13,   2,    true },
    [HEAL_FEATURE_CPU] = {.3F,  .1F,  false},
      [HEAL_FEATURE_MEMORY] = {.2F,  .2F,  false},
};

static void set_scaling(struct heal_gnn_scaling *scaling) {
    *scaling = (struct heal_gnn_scaling){.inputs = HEAL_FEATURES, .most = 6};
    for (unsigned i = 0; i < HEAL_FEATURES; i++) {
        snprintf(scaling->feature[i].name, sizeof scaling->feature[i].name, "%s", heal_feature_names[i]);
        scaling->feature[i].logarithm = feature[i].logarithm;
        scaling->mean[i] = feature[i].mean;
        scaling->deviation[i] = feature[i].deviation;
    }
}

static int add_sample(struct heal_gnn_dataset *dataset, struct heal_random *random) {
    float values[VERTICES * HEAL_FEATURES];
    uint8_t label[VERTICES] = {0};
    struct heal_gnn_edge edge[VERTICES];

    for (uint32_t v = 0; v < VERTICES; v++)
        edge[v] = (struct heal_gnn_edge){v, (v + 1) % VERTICES};
    for (unsigned i = 0; i < VERTICES * HEAL_FEATURES; i++)
        values[i] = (float)((heal_random_uniform(random) - 0.5) * 6);
    const struct heal_gnn_snapshot snapshot = {
        .vertices = VERTICES, .edges = VERTICES, .feature = values, .label = label, .edge = edge};
    return heal_gnn_dataset_add(dataset, &snapshot, NULL);
}

static int measure(const struct heal_gnn_shape *shape, const float *weights, struct heal_random *random,
                   struct heal_gnn_ranges *ret_ranges) {
    struct heal_gnn_scaling as_is = {.inputs = HEAL_FEATURES, .most = 6};
    struct heal_gnn_dataset *dataset = heal_gnn_dataset_new(NULL, HEAL_FEATURES);
    uint32_t sample[SAMPLES];
    int r = 0;

    for (unsigned i = 0; i < HEAL_FEATURES; i++)
        as_is.deviation[i] = 1;
    for (uint32_t i = 0; r == 0 && i < SAMPLES; i++) {
        sample[i] = i;
        r = add_sample(dataset, random);
    }
    const struct heal_gnn_choice all = {.sample = sample, .count = SAMPLES};
    if (r == 0)
        r = heal_gnn_ranges_measure(dataset, &all, shape, &as_is, weights, 0.9999, ret_ranges);
    heal_gnn_dataset_free(dataset);
    return r;
}

struct heal_gnn_model *toy_model_new(uint64_t seed) {
    static float weights[WEIGHTS_MAX];
    struct heal_gnn_model *model = calloc(1, sizeof *model);
    struct heal_gnn_shape shape;
    struct heal_gnn_layout layout;
    struct heal_gnn_ranges ranges;
    struct heal_random random;

    if (!model)
        return NULL;
    heal_random_init(&random, seed);
    heal_gnn_shape_default(HEAL_FEATURES, HIDDEN, 0, &shape);
    heal_gnn_layout_make(&shape, &layout);
    for (uint32_t w = 0; w < layout.weights; w++)
        weights[w] = (float)(heal_random_uniform(&random) - 0.5) * 0.6F;
    model->id = TOY_MODEL_ID + seed;
    set_scaling(&model->scaling);
    if (measure(&shape, weights, &random, &ranges) == 0 &&
        heal_gnn_quantise(&shape, weights, &ranges, &model->network, NULL) == 0)
        return model;
    free(model);
    return NULL;
}
