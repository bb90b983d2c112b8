/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/adamw.h"

#include <math.h>
#include <stdlib.h>

/* PyTorch's defaults, so that figures can be compared. */
static const double first_share = 1.0 / 25, last_share = 1.0 / 250000;
static const double momentum_most = 0.95, momentum_least = 0.85;
static const double second = 0.999;
static const float least = 1e-8F;

struct heal_adamw {
    struct heal_adamw_settings settings;
    size_t weights;
    uint32_t steps, done;
    double first_left, second_left; /* of the starting zeros: products of all momenta so far */
    float *mean, *square;
};

struct heal_adamw *heal_adamw_new(const struct heal_adamw_settings *settings, size_t weights,
                                  uint32_t steps) {
    struct heal_adamw *adamw = calloc(1, sizeof *adamw);

    if (!adamw)
        return NULL;
    adamw->settings = *settings;
    adamw->weights = weights;
    adamw->steps = steps;
    adamw->first_left = adamw->second_left = 1;
    adamw->mean = calloc(weights, sizeof *adamw->mean);
    adamw->square = calloc(weights, sizeof *adamw->square);
    return adamw->mean && adamw->square ? adamw : heal_adamw_free(adamw);
}

struct heal_adamw *heal_adamw_free(struct heal_adamw *adamw) {
    if (adamw) {
        free(adamw->mean);
        free(adamw->square);
        free(adamw);
    }
    return NULL;
}

static double ramp(double from, double to, double share) {
    return from + (to - from) * share * share * (3 - 2 * share);
}

/* Where in the cycle the next step is. */
static void plan(const struct heal_adamw *adamw, double *ret_rate, double *ret_momentum) {
    double peak = (double)adamw->settings.warm_up * adamw->steps, rate = (double)adamw->settings.rate;
    double at = fmin(adamw->done, adamw->steps - 1.0);

    if (at < peak) {
        *ret_rate = ramp(rate * first_share, rate, at / peak);
        *ret_momentum = ramp(momentum_most, momentum_least, at / peak);
    } else {
        double share = (at - peak) / fmax(adamw->steps - 1.0 - peak, 1);

        *ret_rate = ramp(rate, rate * last_share, share);
        *ret_momentum = ramp(momentum_least, momentum_most, share);
    }
}

static void cut(float *gradient, size_t count, float norm_max) {
    enum { SUMS = 8 }; /* side by side: one would wait for itself */
    double sum[SUMS] = {0}, squares = 0;

    for (size_t i = 0; i < count; i++)
        sum[i % SUMS] += (double)gradient[i] * (double)gradient[i];
    for (size_t i = 0; i < SUMS; i++)
        squares += sum[i];
    if (norm_max <= 0 || squares <= (double)norm_max * (double)norm_max)
        return;
    float scale = (float)((double)norm_max / sqrt(squares));
    for (size_t i = 0; i < count; i++)
        gradient[i] *= scale;
}

void heal_adamw_step(struct heal_adamw *adamw, float *gradient, float *weights) {
    double rate, momentum;

    cut(gradient, adamw->weights, adamw->settings.norm_max);
    plan(adamw, &rate, &momentum);
    adamw->done++;
    adamw->first_left *= momentum;
    adamw->second_left *= second;
    float b1 = (float)momentum, b2 = (float)second;
    float step = (float)(rate / (1 - adamw->first_left));
    float grown = (float)(1 / sqrt(1 - adamw->second_left));
    float kept = 1 - (float)(rate * (double)adamw->settings.weight_decay);
    for (size_t i = 0; i < adamw->weights; i++) {
        adamw->mean[i] = b1 * adamw->mean[i] + (1 - b1) * gradient[i];
        adamw->square[i] = b2 * adamw->square[i] + (1 - b2) * gradient[i] * gradient[i];
        weights[i] = weights[i] * kept - step * adamw->mean[i] / (sqrtf(adamw->square[i]) * grown + least);
    }
}
