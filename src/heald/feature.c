/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/feature.h"

#include <math.h>

static const char *const names[HEAL_FEATURES] = {
    [HEAL_FEATURE_RSSI] = "rssi",       [HEAL_FEATURE_SNR] = "snr",
    [HEAL_FEATURE_LOSS] = "loss",       [HEAL_FEATURE_LINK_AGE] = "link-age",
    [HEAL_FEATURE_LATENCY] = "latency", [HEAL_FEATURE_THROUGHPUT] = "throughput",
    [HEAL_FEATURE_CPU] = "cpu",         [HEAL_FEATURE_MEMORY] = "memory",
};

const char *heald_feature_name(unsigned feature) {
    return names[feature];
}

bool heald_feature_is_known(const struct heal_features *features, unsigned feature) {
    return features->valid >> feature & 1 && isfinite(features->value[feature]);
}
