/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Compiled for AVX2 with fused products (CMakeLists.txt). */
#include "gnn/unit_body.h"

static bool is_there(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

const struct heal_gnn_unit heal_gnn_unit_avx2 = HEAL_GNN_UNIT("avx2");
