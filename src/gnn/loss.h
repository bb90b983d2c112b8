/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * How wrong a logit is: weighted binary cross-entropy, and its focal form (T.-Y. Lin et al., "Focal Loss for
 * Dense Object Detection", 2017), which cares less for what is already right. Pure functions.
 */
#ifndef HEAL_GNN_LOSS_H
#define HEAL_GNN_LOSS_H

#include <stdbool.h>

struct heal_gnn_loss {
    float sick_weight; /**< what a sick vertex counts for, a healthy one being 1 */
    float focus;       /**< the focal loss' gamma; 0: plain cross-entropy */
};

/** @return the error of a logit. @param ret_slope its derivative by the logit; NULL: nobody asks */
double heal_gnn_loss_of(const struct heal_gnn_loss *loss, float logit, bool sick, float *ret_slope);

#endif
