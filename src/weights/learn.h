/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** From labelled graphs to a model in one go: what include/heal/model.h promises. */
#ifndef HEAL_WEIGHTS_LEARN_H
#define HEAL_WEIGHTS_LEARN_H

#include "gnn/dataset.h"
#include "heal/model.h"
#include "weights/weights.h"

/**
 * Learns from the first four fifths of a data set; the threshold and the figures are of the last.
 * @param ret_weights in single precision, with ranges; the caller's to deinit
 * @return 0, -ENOMEM, or -EINVAL with words.
 */
int heal_weights_learn(const struct heal_gnn_dataset *dataset, const struct heal_learning *how,
                       struct heal_weights *ret_weights, struct heal_error *error);

#endif
