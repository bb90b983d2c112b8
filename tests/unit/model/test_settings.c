/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The built-in settings are consistent in themselves, and every name reads back as what it names. */
#include "heal/settings.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_slugs_read_back(void **state) {
    (void)state;
    for (int i = 0; i < HEAL_DIAGNOSES; i++) {
        enum heal_diagnosis diagnosis = HEAL_DIAGNOSES;

        assert_int_equal(heal_diagnosis_parse(heal_diagnosis_slug((enum heal_diagnosis)i), &diagnosis), 0);
        assert_int_equal(diagnosis, i);
    }
    for (int i = 0; i < HEAL_REMEDIES; i++) {
        enum heal_remedy remedy = HEAL_REMEDIES;

        assert_int_equal(heal_remedy_parse(heal_remedy_slug((enum heal_remedy)i), &remedy), 0);
        assert_int_equal(remedy, i);
    }
    for (int i = 0; i < HEAL_METRICS; i++) {
        enum heal_metric metric = HEAL_METRICS;

        assert_int_equal(heal_metric_parse(heal_metric_name((enum heal_metric)i), &metric), 0);
        assert_int_equal(metric, i);
        assert_true(strlen(heal_metric_unit(metric)) > 0);
    }
    assert_string_equal(heal_mode_name(HEAL_MODE_OBSERVE), "observe");
    assert_string_equal(heal_mode_name(HEAL_MODE_WARN), "warn");
    assert_string_equal(heal_mode_name(HEAL_MODE_ACT), "act");
}

static void test_unknown_names_leave_the_output(void **state) {
    enum heal_diagnosis diagnosis = HEAL_LINK_FLAP;
    enum heal_remedy remedy = HEAL_NOTIFY;
    enum heal_metric metric = HEAL_METRIC_CPU;

    (void)state;
    assert_int_equal(heal_diagnosis_parse("link-los", &diagnosis), -EINVAL);
    assert_int_equal(heal_diagnosis_parse("", &diagnosis), -EINVAL);
    assert_int_equal(diagnosis, HEAL_LINK_FLAP);
    assert_int_equal(heal_remedy_parse("Notify", &remedy), -EINVAL);
    assert_int_equal(remedy, HEAL_NOTIFY);
    assert_int_equal(heal_metric_parse("losses", &metric), -EINVAL);
    assert_int_equal(metric, HEAL_METRIC_CPU);
}

static void test_defaults(void **state) {
    struct heal_settings settings;

    (void)state;
    memset(&settings, 0xff, sizeof settings);
    heal_settings_init(&settings);
    assert_int_equal(settings.mode, HEAL_MODE_OBSERVE);
    assert_int_equal(settings.round_us, HEAL_US_PER_S);
    assert_int_equal(settings.round_fast_us, 250000);
    assert_int_equal(settings.probe_small_ms, 500);
    assert_int_equal(settings.probe_full_ms, 1000);
    assert_int_equal(settings.probe_fast_ms, 50);
    assert_int_equal(settings.examine_us, 2 * HEAL_US_PER_S);
    assert_int_equal(settings.ports_max, HEAL_PORTS_MAX);
    assert_int_equal(settings.min_healthy_neighbours, 1);
    assert_int_equal(settings.storm_limit, 8);
    assert_int_equal(settings.storm_window_us, 60 * HEAL_US_PER_S);
    assert_int_equal(settings.services, 0);
    for (int i = 0; i < HEAL_METRICS; i++) {
        const struct heal_threshold_setting *threshold = &settings.threshold[i];

        assert_true(threshold->min > 0.0F);
        assert_true(threshold->min <= threshold->start && threshold->start <= threshold->max);
    }
}

/* Every diagnosis has something to be done about it, no remedy twice, and people are told last. */
static void test_default_policies(void **state) {
    struct heal_settings settings;

    (void)state;
    heal_settings_init(&settings);
    for (int i = 0; i < HEAL_DIAGNOSES; i++) {
        const struct heal_policy *policy = &settings.policy[i];
        unsigned seen = 0;

        assert_in_range(policy->steps, 2, HEAL_REMEDIES_PER_POLICY);
        for (int step = 0; step < policy->steps; step++) {
            assert_int_equal(seen & 1U << policy->step[step], 0);
            seen |= 1U << policy->step[step];
        }
        assert_int_equal(policy->step[policy->steps - 1], HEAL_NOTIFY);
        assert_true(fabsf(policy->min_confidence - 0.7F) < 1e-6F);
        assert_int_equal(policy->for_us, 0);
        assert_int_equal(policy->cooldown_us, 15 * HEAL_US_PER_S);
        assert_int_equal(policy->max_per_window, 6);
        assert_int_equal(policy->window_us, 600 * HEAL_US_PER_S);
        assert_true(policy->escalate);
    }
    assert_int_equal(settings.policy[HEAL_MTU_BLACKHOLE].step[0], HEAL_CLAMP_MTU);
    assert_int_equal(settings.policy[HEAL_NOT_FORWARDING].step[3], HEAL_QUARANTINE_NEIGHBOUR);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slugs_read_back),
        cmocka_unit_test(test_unknown_names_leave_the_output),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_default_policies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
