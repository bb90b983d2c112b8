/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Compiled for AVX-512 as servers have had it since 2017 (CMakeLists.txt). */
#include "gnn/unit_body.h"

static bool is_there(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}

const struct heal_gnn_unit heal_gnn_unit_avx512 = HEAL_GNN_UNIT("avx512");
