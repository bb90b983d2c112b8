/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/scaling.h"

#include "gnn/elementary.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { MOST_DEVIATIONS = 6 };

struct moments {
    double sum, squares;
    size_t count;
};

static double value_of(const struct heal_gnn_feature *feature, float measured) {
    return feature->logarithm ? heal_gnn_logarithm((double)measured) : (double)measured;
}

static void add_sample(const struct heal_gnn_sample *sample, const struct heal_gnn_feature *feature,
                       uint16_t inputs, const double *around, struct moments *moments) {
    const float *measured = sample->feature;

    for (uint32_t v = 0; v < sample->graph.vertices; v++) {
        for (unsigned i = 0; i < inputs; i++, measured++) {
            double off = value_of(&feature[i], *measured) - around[i];

            if (isnan(off))
                continue;
            moments[i].sum += off;
            moments[i].squares += off * off;
            moments[i].count++;
        }
    }
}

static void add_all(const struct heal_gnn_dataset *dataset, const uint32_t *chosen, size_t count,
                    const double *around, struct moments *moments) {
    for (unsigned i = 0; i < HEAL_GNN_INPUTS_MAX; i++)
        moments[i] = (struct moments){0};
    for (size_t k = 0; k < count; k++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(dataset, chosen[k]);

        add_sample(&sample, heal_gnn_dataset_features(dataset), heal_gnn_dataset_inputs(dataset), around,
                   moments);
    }
}

/* Twice over the data, so that a large mean does not swallow a small deviation. */
void heal_gnn_scaling_fit(const struct heal_gnn_dataset *dataset, const uint32_t *chosen, size_t count,
                          struct heal_gnn_scaling *ret_scaling) {
    struct heal_gnn_scaling scaling = {.inputs = heal_gnn_dataset_inputs(dataset), .most = MOST_DEVIATIONS};
    struct moments moments[HEAL_GNN_INPUTS_MAX];
    double mean[HEAL_GNN_INPUTS_MAX] = {0};

    memcpy(scaling.feature, heal_gnn_dataset_features(dataset), scaling.inputs * sizeof scaling.feature[0]);
    add_all(dataset, chosen, count, mean, moments);
    for (unsigned i = 0; i < scaling.inputs; i++)
        mean[i] = moments[i].count > 0 ? moments[i].sum / (double)moments[i].count : 0;
    add_all(dataset, chosen, count, mean, moments);
    for (unsigned i = 0; i < scaling.inputs; i++) {
        double variance = moments[i].count > 0 ? moments[i].squares / (double)moments[i].count : 0;
        /* Less than single precision can tell apart is no deviation, but how sums were rounded. */
        double least = FLT_EPSILON * fabs(mean[i]);

        scaling.mean[i] = (float)mean[i];
        scaling.deviation[i] = variance > least * least ? (float)sqrt(variance) : 1;
    }
    *ret_scaling = scaling;
}

void heal_gnn_scaling_apply(const struct heal_gnn_scaling *scaling, const float *feature, float *ret_input) {
    for (unsigned i = 0; i < scaling->inputs; i++) {
        float value =
            ((float)value_of(&scaling->feature[i], feature[i]) - scaling->mean[i]) / scaling->deviation[i];

        if (isnan(value))
            value = 0;
        ret_input[i] = fminf(fmaxf(value, -scaling->most), scaling->most);
    }
}
