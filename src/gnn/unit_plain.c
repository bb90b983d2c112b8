/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* In what every processor of the kind has. */
#include "gnn/unit_body.h"

static bool is_there(void) {
    return true;
}

const struct heal_gnn_unit heal_gnn_unit_plain = HEAL_GNN_UNIT("plain");
