/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Drift: nothing where nothing has moved, a figure where something has, and memory of a bounded past. */
#include "base/random.h"
#include "knowledge/drift.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { LOOKS = 5000, CPU = HEAL_FEATURE_CPU, LOSS = HEAL_FEATURE_LOSS, RSSI = HEAL_FEATURE_RSSI };

/* CPU evenly from 0 to 1; loss 0 in more than half of all cases; RSSI was never there. */
static struct heal_drift_training training(void) {
    struct heal_drift_training training = {.known = 1u << CPU | 1u << LOSS};

    for (int i = 1; i < HEAL_DRIFT_EDGES - 1; i++) {
        training.edge[CPU][i] = 0.1F * (float)i;
        training.edge[LOSS][i] = i <= 6 ? 0 : 0.01F * (float)(i - 6);
    }
    training.edge[CPU][0] = 0.005F;
    training.edge[CPU][HEAL_DRIFT_EDGES - 1] = 0.995F;
    training.edge[LOSS][HEAL_DRIFT_EDGES - 1] = 0.1F;
    return training;
}

/* Looks at a port whose CPU is between @p low and @p high, as often as said. */
static void look(struct heal_drift *drift, heal_us now, float low, float high, unsigned times) {
    const struct heal_drift_training trained = training();
    struct heal_random random;

    heal_random_init(&random, 5);
    for (unsigned i = 0; i < times; i++) {
        struct heal_features features = {.valid = 1u << CPU | 1u << LOSS};

        features.value[CPU] = low + (high - low) * (float)heal_random_uniform(&random);
        features.value[LOSS] = i % 10 < 6 ? 0 : 0.01F * (float)(i % 10 - 5) - 0.001F;
        heal_drift_add(drift, &trained, now, &features);
    }
}

static struct heal_drift_figure figure(const struct heal_drift *drift, int feature) {
    const struct heal_drift_training trained = training();

    return heal_drift_figure(drift, &trained, (enum heal_feature)feature);
}

/* Whatever it measures, nothing was learned of it. */
static void test_what_was_never_there_is_outside(void **state) {
    (void)state;
    const struct heal_drift_training trained = training();
    struct heal_features features = {.valid = 1u << RSSI};
    struct heal_drift drift = {.halved = 0};

    heal_drift_add(&drift, &trained, 1, &features);
    assert_float_equal(figure(&drift, RSSI).outside.value, 1, 0);
}

static void test_as_trained_is_no_drift(void **state) {
    (void)state;
    struct heal_drift drift = {.halved = 0};

    look(&drift, 1, 0, 1, LOOKS);
    struct heal_drift_figure cpu = figure(&drift, CPU), loss = figure(&drift, LOSS);
    assert_int_equal(cpu.samples, LOOKS);
    assert_float_equal(cpu.missing, 0, 0);
    assert_float_equal(cpu.outside.value, 0.01, 0.005);
    assert_true(cpu.trained < 0.01F);
    /* Many equal edges are one bin. */
    assert_true(loss.trained < 0.05F);
    assert_float_equal(loss.outside.value, 0, 0);
    assert_true(isnan(cpu.moved));
}

static void test_what_lies_outside(void **state) {
    (void)state;
    struct heal_drift drift = {.halved = 0};

    look(&drift, 1, 0.9F, 1.1F, LOOKS);
    struct heal_drift_figure cpu = figure(&drift, CPU);
    assert_float_equal(cpu.outside.value, 0.525, 0.03);
    assert_true(cpu.outside.interval.low < cpu.outside.value);
    assert_true(cpu.outside.interval.high > cpu.outside.value);
    assert_true(cpu.trained > 1);
}

static void test_what_was_never_trained_is_outside(void **state) {
    (void)state;
    const struct heal_drift_training trained = training();
    struct heal_drift drift = {.halved = 0};
    struct heal_features features = {.valid = 1u << RSSI};

    features.value[RSSI] = -60;
    for (unsigned i = 0; i < LOOKS; i++)
        heal_drift_add(&drift, &trained, 1, &features);
    assert_float_equal(figure(&drift, RSSI).outside.value, 1, 0);
    assert_float_equal(figure(&drift, CPU).missing, 1, 0);
    assert_true(isnan(figure(&drift, CPU).outside.value));
}

/* One node is at one place of what many were: that it is special says nothing, that it moves does. */
static void test_moved_is_against_what_earned_the_trust(void **state) {
    (void)state;
    struct heal_drift drift = {.halved = 0};

    look(&drift, 1, 0.10F, 0.20F, LOOKS);
    heal_drift_trust(&drift);
    assert_float_equal(figure(&drift, CPU).moved, 0, 1e-6);
    assert_true(figure(&drift, CPU).trained > 1);
    look(&drift, 2, 0.12F, 0.18F, LOOKS);
    assert_true(figure(&drift, CPU).moved < 0.01F);
    look(&drift, 3, 0.55F, 0.65F, 2 * LOOKS);
    assert_true(figure(&drift, CPU).moved > 0.25F);
    assert_true(figure(&drift, LOSS).moved < 0.01F);
}

static void test_few_samples_say_nothing(void **state) {
    (void)state;
    struct heal_drift drift = {.halved = 0};

    look(&drift, 1, 0.9F, 1.1F, HEAL_DRIFT_SAMPLES_LEAST - 1);
    assert_true(isnan(figure(&drift, CPU).trained));
    look(&drift, 1, 0.9F, 1.1F, 1);
    assert_true(isfinite(figure(&drift, CPU).trained));
}

static void test_the_past_fades(void **state) {
    (void)state;
    struct heal_drift drift = {.halved = 0};

    for (unsigned day = 0; day < 20; day++)
        look(&drift, 1 + day * HEAL_DRIFT_HALVED_US, 0.1F, 0.2F, 1000);
    assert_in_range(figure(&drift, CPU).samples, 1900, 2000);
    for (unsigned day = 20; day < 30; day++)
        look(&drift, 1 + day * HEAL_DRIFT_HALVED_US, 0.8F, 0.9F, 1000);
    uint32_t low = drift.now.bin[CPU][2], high = drift.now.bin[CPU][9];
    assert_true(low < 5 && high > 1900);
}

static void test_without_training_nothing_is_counted(void **state) {
    (void)state;
    const struct heal_drift_training none = {.known = 0};
    struct heal_drift drift = {.halved = 0}, before = drift;
    struct heal_features features = {.valid = 0xff};

    heal_drift_add(&drift, &none, 1, &features);
    assert_memory_equal(&drift, &before, sizeof drift);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_never_there_is_outside),
        cmocka_unit_test(test_as_trained_is_no_drift),
        cmocka_unit_test(test_what_lies_outside),
        cmocka_unit_test(test_what_was_never_trained_is_outside),
        cmocka_unit_test(test_moved_is_against_what_earned_the_trust),
        cmocka_unit_test(test_few_samples_say_nothing),
        cmocka_unit_test(test_the_past_fades),
        cmocka_unit_test(test_without_training_nothing_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
