/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/kernel.h"

/* Vector units of ARM are used where they are little-endian: all that run Linux today. */
const struct heal_gnn_kernel *const heal_gnn_kernels[] = {
#if defined __x86_64__
    &heal_gnn_kernel_avx512,   &heal_gnn_kernel_avxvnni, &heal_gnn_kernel_avx2, &heal_gnn_kernel_sse41,
#elif defined __aarch64__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    &heal_gnn_kernel_dotprod,
    &heal_gnn_kernel_neon,
#elif defined __ARM_NEON && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    &heal_gnn_kernel_neon,
#endif
    &heal_gnn_kernel_portable,
};
const size_t heal_gnn_kernels_count = sizeof heal_gnn_kernels / sizeof heal_gnn_kernels[0];

const struct heal_gnn_kernel *heal_gnn_kernel_best(void) {
    size_t i = 0;

    while (!heal_gnn_kernels[i]->is_there())
        i++;
    return heal_gnn_kernels[i];
}
