/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What is read from counts: precision, recall and false alarms with their intervals, and calibration. */
#include "knowledge/calibration.h"
#include "knowledge/confusion.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct heal_confusion counted = {
    .cell = {[HEAL_CELL_RIGHT_ALARM] = 30,
             [HEAL_CELL_FALSE_ALARM] = 2,
             [HEAL_CELL_MISSED] = 5,
             [HEAL_CELL_RIGHT_SILENCE] = 398},
    .incidents =
        {[HEAL_LINK_LOSS] = {.found = 12, .missed = 1}, [HEAL_DIAGNOSIS_UNNAMED] = {.found = 3, .missed = 4}},
};

static void test_shares_with_their_intervals(void **state) {
    (void)state;
    struct heal_share precision = heal_confusion_precision(&counted);
    struct heal_share false_rate = heal_confusion_false_rate(&counted);

    assert_int_equal(precision.hits, 30);
    assert_int_equal(precision.trials, 32);
    assert_float_equal(heal_share_value(&precision), 30.0F / 32, 1e-6);
    /* By hand: p = .9375, n = 32, z = 1.645. */
    assert_float_equal(precision.interval.low, 0.8272, 1e-3);
    assert_float_equal(precision.interval.high, 0.9792, 1e-3);
    assert_int_equal(false_rate.trials, 400);
    assert_float_equal(heal_share_value(&false_rate), 0.005F, 1e-6);
    assert_true(false_rate.interval.low < 0.005F && false_rate.interval.high > 0.005F);
}

static void test_recall_is_of_incidents(void **state) {
    (void)state;
    struct heal_share loss = heal_confusion_recall(&counted, HEAL_LINK_LOSS);
    struct heal_share unnamed = heal_confusion_recall(&counted, HEAL_DIAGNOSIS_UNNAMED);
    struct heal_share all = heal_confusion_recall(&counted, HEAL_DIAGNOSES_AND_UNNAMED);
    struct heal_share none = heal_confusion_recall(&counted, HEAL_LINK_FLAP);

    assert_true(loss.hits == 12 && loss.trials == 13);
    assert_true(unnamed.hits == 3 && unnamed.trials == 7);
    assert_true(all.hits == 15 && all.trials == 20);
    assert_true(isnan(heal_share_value(&none)));
    assert_float_equal(none.interval.low, 0, 0);
    assert_float_equal(none.interval.high, 1, 0);
}

/* A logit of ln(p / (1 - p)). */
static int32_t logit_of(double chance) {
    return (int32_t)lround(log(chance / (1 - chance)) * HEAL_LOGIT_ONE);
}

static void test_calibration_says_what_is_meant(void **state) {
    (void)state;
    struct heal_calibration good = {0}, sure = {0};

    for (unsigned i = 0; i < 1000; i++) {
        heal_calibration_add(&good, logit_of(0.75), i % 4 != 0);
        heal_calibration_add(&sure, logit_of(0.99), i % 4 != 0);
    }
    assert_int_equal(good.bin[7].count, 1000);
    assert_int_equal(good.bin[7].sick, 750);
    assert_float_equal(heal_calibration_error(&good), 0, 1e-3);
    assert_float_equal(heal_calibration_error(&sure), 0.24, 1e-3);
}

static void test_calibration_is_taken_back(void **state) {
    (void)state;
    struct heal_calibration calibration = {0};

    assert_true(isnan(heal_calibration_error(&calibration)));
    heal_calibration_take_back(&calibration, 0, true);
    heal_calibration_add(&calibration, 5 * HEAL_LOGIT_ONE, true);
    heal_calibration_add(&calibration, 5 * HEAL_LOGIT_ONE, false);
    heal_calibration_take_back(&calibration, 5 * HEAL_LOGIT_ONE, false);
    assert_int_equal(calibration.bin[9].count, 1);
    assert_int_equal(calibration.bin[9].sick, 1);
    assert_float_equal(heal_calibration_error(&calibration), 1 - 1 / (1 + expf(-5)), 1e-4);
    heal_calibration_take_back(&calibration, 5 * HEAL_LOGIT_ONE, true);
    assert_true(isnan(heal_calibration_error(&calibration)));
}

static void test_calibration_takes_any_logit(void **state) {
    (void)state;
    struct heal_calibration calibration = {0};

    heal_calibration_add(&calibration, INT32_MAX, true);
    heal_calibration_add(&calibration, INT32_MIN, false);
    assert_int_equal(calibration.bin[9].count, 1);
    assert_int_equal(calibration.bin[0].count, 1);
    assert_float_equal(heal_calibration_error(&calibration), 0, 1e-6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares_with_their_intervals),
        cmocka_unit_test(test_recall_is_of_incidents),
        cmocka_unit_test(test_calibration_says_what_is_meant),
        cmocka_unit_test(test_calibration_is_taken_back),
        cmocka_unit_test(test_calibration_takes_any_logit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
