/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/loss.h"

#include "gnn/elementary.h"

#include <math.h>
#include <stddef.h>

/* With m the margin (the logit, turned so that more is better) and q = 1 - p = sigmoid(-m):
 * error = q^f log(1 + e^-m), and its derivative by m: -q^f (f (1 - q) log(1 + e^-m) + q). Of e^m and e^-m,
 * the smaller says both; of libm there is nothing, so that the bits are the same everywhere. */
double heal_gnn_loss_of(const struct heal_gnn_loss *loss, float logit, bool sick, float *ret_slope) {
    double weight = sick ? (double)loss->sick_weight : 1, sign = sick ? 1 : -1, focus = (double)loss->focus;
    double margin = sign * (double)logit;
    double power = heal_gnn_exponential(-fabs(margin)), rest = heal_gnn_logarithm(power);
    double q = margin > 0 ? power / (1 + power) : 1 / (1 + power);
    double entropy = margin > 0 ? rest : rest - margin;
    double care =
        focus > 0 ? heal_gnn_exponential(-focus * (margin > 0 ? rest + margin : rest)) : 1; /* q^f */

    if (ret_slope)
        *ret_slope = (float)(-sign * weight * care * (focus * (1 - q) * entropy + q));
    return weight * care * entropy;
}
