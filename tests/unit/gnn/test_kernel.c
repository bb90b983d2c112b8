/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Every kernel that this processor has gives the same bits. */
#include "kernel_trial.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void the_portable_one_is_everywhere(void **state) {
    const struct heal_gnn_kernel *last = heal_gnn_kernels[heal_gnn_kernels_count - 1];

    (void)state;
    assert_string_equal(last->name, "portable");
    assert_true(last->is_there());
    assert_true(heal_gnn_kernel_best()->is_there());
}

static void all_trials_give_the_same_everywhere(void **state) {
    uint32_t hash = kernel_trial_begin;

    (void)state;
    for (uint32_t trial = 0; trial < KERNEL_TRIALS; trial++)
        hash = kernel_trial_hash(hash, kernel_trial(&heal_gnn_kernel_portable, trial));
    assert_int_equal(hash, kernel_trials_golden);
}

static void all_kernels_give_the_same(void **state) {
    (void)state;
    for (size_t k = 0; k + 1 < heal_gnn_kernels_count; k++) {
        const struct heal_gnn_kernel *kernel = heal_gnn_kernels[k];

        print_message("    %s%s\n", kernel->name, kernel->is_there() ? "" : ": not of this processor");
        for (uint32_t trial = 0; kernel->is_there() && trial < KERNEL_TRIALS; trial++) {
            uint32_t wanted = kernel_trial(&heal_gnn_kernel_portable, trial);

            assert_int_not_equal(wanted, 0);
            if (kernel_trial(kernel, trial) != wanted)
                fail_msg("%s differs in trial %u", kernel->name, trial);
        }
    }
}

static void no_degree_is_too_large(void **state) {
    (void)state;
    for (size_t k = 0; k < heal_gnn_kernels_count; k++) {
        if (heal_gnn_kernels[k]->is_there())
            assert_int_equal(kernel_trial_star(heal_gnn_kernels[k], KERNEL_TRIAL_LEAVES),
                             kernel_trial_star_golden);
    }
}

static void what_was_quantised_says_the_same(void **state) {
    (void)state;
    for (size_t k = 0; k < heal_gnn_kernels_count; k++) {
        if (heal_gnn_kernels[k]->is_there())
            assert_int_equal(kernel_trial_quantised(heal_gnn_kernels[k]), kernel_trial_quantised_golden);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_portable_one_is_everywhere),
        cmocka_unit_test(all_trials_give_the_same_everywhere),
        cmocka_unit_test(all_kernels_give_the_same),
        cmocka_unit_test(no_degree_is_too_large),
        cmocka_unit_test(what_was_quantised_says_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
