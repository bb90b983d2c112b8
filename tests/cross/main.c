/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The trials of the kernels on another kind of processor: the same bits as everywhere. */
#include "kernel_trial.h"

#include <stdio.h>

static int try_kernel(const struct heal_gnn_kernel *kernel) {
    uint32_t hash = kernel_trial_begin;

    if (!kernel->is_there()) {
        printf("%s: not of this processor\n", kernel->name);
        return 0;
    }
    for (uint32_t trial = 0; trial < KERNEL_TRIALS; trial++)
        hash = kernel_trial_hash(hash, kernel_trial(kernel, trial));
    uint32_t quantised = kernel_trial_quantised(kernel),
             star = kernel_trial_star(kernel, KERNEL_TRIAL_LEAVES);
    bool same = hash == kernel_trials_golden && quantised == kernel_trial_quantised_golden &&
                star == kernel_trial_star_golden;
    printf("%s: %08x %08x %08x%s\n", kernel->name, (unsigned)hash, (unsigned)quantised, (unsigned)star,
           same ? "" : ": not the same as elsewhere");
    return same ? 0 : 1;
}

int main(void) {
    int wrong = 0;

    for (size_t k = 0; k < heal_gnn_kernels_count; k++)
        wrong += try_kernel(heal_gnn_kernels[k]);
    printf("chosen: %s\n", heal_gnn_kernel_best()->name);
    return wrong > 0;
}
