/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What is normal is learned quickly, followed slowly, and not to be talked out of by wild samples. */
#include "model/baseline.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const float floor_ms = 0.5F;

/* Warm, with a middle of 10 and the least deviation. */
static struct heal_baseline warm(void) {
    struct heal_baseline baseline = {0};

    for (int i = 0; i < HEAL_BASELINE_WARM; i++) {
        assert_false(heal_baseline_is_warm(&baseline));
        heal_baseline_add(&baseline, 10, floor_ms);
    }
    assert_true(heal_baseline_is_warm(&baseline));
    assert_float_equal(baseline.middle, 10, 1e-6);
    assert_float_equal(baseline.deviation, floor_ms, 1e-6);
    return baseline;
}

/* Three deviations are all that a sample counts for, and a 64th of that is how far it moves the middle. */
static void test_a_wild_sample_hardly_moves_it(void **state) {
    static const float WILD[] = {12, 1e6F, -1e6F, 3e38F};

    (void)state;
    for (size_t i = 0; i < sizeof WILD / sizeof *WILD; i++) {
        struct heal_baseline baseline = warm();

        heal_baseline_add(&baseline, WILD[i], floor_ms);
        assert_true(fabsf(baseline.middle - 10) <= 3 * floor_ms / 64 + 1e-6F);
        assert_true(baseline.deviation < 1.1F * floor_ms);
    }
}

static void test_a_tenth_of_wild_samples_does_not_poison_it(void **state) {
    struct heal_baseline baseline = warm();

    (void)state;
    for (int i = 0; i < 1000; i++)
        heal_baseline_add(&baseline, i % 10 == 9 ? 1000 : 10, floor_ms);
    assert_true(baseline.middle < 12);
    assert_true(baseline.deviation < 3);
}

static void test_what_stays_becomes_normal(void **state) {
    struct heal_baseline baseline = warm();

    (void)state;
    for (int i = 0; i < 2000; i++)
        heal_baseline_add(&baseline, 14, floor_ms);
    assert_float_equal(baseline.middle, 14, 0.1);
}

static void test_what_is_no_number_is_no_sample(void **state) {
    struct heal_baseline baseline = warm(), before = baseline;

    (void)state;
    heal_baseline_add(&baseline, NAN, floor_ms);
    heal_baseline_add(&baseline, INFINITY, floor_ms);
    assert_memory_equal(&baseline, &before, sizeof before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_wild_sample_hardly_moves_it),
        cmocka_unit_test(test_a_tenth_of_wild_samples_does_not_poison_it),
        cmocka_unit_test(test_what_stays_becomes_normal),
        cmocka_unit_test(test_what_is_no_number_is_no_sample),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
