/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/feature.h"

#include <math.h>

bool heald_feature_is_known(const struct heal_features *features, unsigned feature) {
    return features->valid >> feature & 1 && isfinite(features->value[feature]);
}
