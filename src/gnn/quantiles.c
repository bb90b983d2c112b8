/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/quantiles.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static const double share_of_edge[HEAL_GNN_QUANTILES] = {.005, .1, .2, .3, .4, .5, .6, .7, .8, .9, .995};

static int by_value(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* @return how many values of the feature there are, all of them in @p value. */
static size_t gather(const struct heal_gnn_dataset *dataset, const uint32_t *chosen, size_t count,
                     unsigned feature, float *value) {
    uint16_t inputs = heal_gnn_dataset_inputs(dataset);
    size_t values = 0;

    for (size_t k = 0; k < count; k++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(dataset, chosen[k]);

        for (uint32_t v = 0; v < sample.graph.vertices; v++) {
            float measured = sample.feature[(size_t)v * inputs + feature];

            if (!isnan(measured))
                value[values++] = measured;
        }
    }
    return values;
}

int heal_gnn_quantiles_fit(const struct heal_gnn_dataset *dataset, const uint32_t *chosen, size_t count,
                           struct heal_gnn_quantiles *ret_quantiles) {
    struct heal_gnn_quantiles quantiles = {.known = 0};
    size_t vertices = 0;

    for (size_t k = 0; k < count; k++)
        vertices += heal_gnn_dataset_sample(dataset, chosen[k]).graph.vertices;
    float *value = calloc(vertices + 1, sizeof *value);
    if (!value)
        return -ENOMEM;
    for (unsigned i = 0; i < heal_gnn_dataset_inputs(dataset); i++) {
        size_t values = gather(dataset, chosen, count, i, value);

        if (values == 0)
            continue;
        quantiles.known |= UINT64_C(1) << i;
        qsort(value, values, sizeof *value, by_value);
        for (unsigned q = 0; q < HEAL_GNN_QUANTILES; q++)
            quantiles.edge[i][q] = value[(size_t)((double)(values - 1) * share_of_edge[q])];
    }
    free(value);
    *ret_quantiles = quantiles;
    return 0;
}
