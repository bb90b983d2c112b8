/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The features of a port as the API and the metrics show them. */
#ifndef HEALD_FEATURE_H
#define HEALD_FEATURE_H

#include "heal/message.h"

/** @return whether the value was measured and is a number. */
bool heald_feature_is_known(const struct heal_features *features, unsigned feature);

#endif
