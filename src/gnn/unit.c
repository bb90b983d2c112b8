/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/unit.h"

const struct heal_gnn_unit *const heal_gnn_units[] = {
#if defined __x86_64__
    &heal_gnn_unit_avx512,
    &heal_gnn_unit_avx2,
#endif
    &heal_gnn_unit_plain,
};
const size_t heal_gnn_units_count = sizeof heal_gnn_units / sizeof heal_gnn_units[0];

const struct heal_gnn_unit *heal_gnn_unit_best(void) {
    for (size_t i = 0; i + 1 < heal_gnn_units_count; i++) {
        if (heal_gnn_units[i]->is_there())
            return heal_gnn_units[i];
    }
    return &heal_gnn_unit_plain;
}
