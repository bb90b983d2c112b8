/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heal/judgement.h"

#include "gnn/elementary.h"
#include "gnn/integer.h"

const char *const heal_told_names[HEAL_TOLDS + 1] = {
    [HEAL_TOLD_FRESH] = "fresh",     [HEAL_TOLD_PLAIN] = "plain", [HEAL_TOLD_NONE] = "none",
    [HEAL_TOLD_STALE] = "stale",     [HEAL_TOLD_MODEL] = "model", [HEAL_TOLD_LATE] = "late",
    [HEAL_TOLD_REFUSED] = "refused",
};

float heal_judgement_probability(int32_t logit) {
    return heal_gnn_sigmoid((float)logit / HEAL_GNN_LOGIT_ONE);
}
