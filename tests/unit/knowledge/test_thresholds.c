/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Thresholds move between their bounds and never leave them, whoever moves them. */
#include "base/cleanup.h"
#include "heal/settings.h"
#include "knowledge/thresholds.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { LOSS = HEAL_METRIC_LOSS };

static struct heal_settings settings_with_loss(float start, float min, float max) {
    struct heal_settings settings;

    heal_settings_init(&settings);
    settings.threshold[LOSS] = (struct heal_threshold_setting){.start = start, .min = min, .max = max};
    return settings;
}

static struct heal_thresholds thresholds_with_loss(float start, float min, float max) {
    struct heal_settings settings = settings_with_loss(start, min, max);
    struct heal_thresholds thresholds;

    heal_thresholds_init(&thresholds, &settings);
    return thresholds;
}

static void test_moves_within_its_bounds(void **state) {
    (void)state;
    struct heal_thresholds thresholds = thresholds_with_loss(0.1F, 0.08F, 0.13F);
    const struct heal_threshold_status *loss = &thresholds.of[LOSS];

    assert_true(heal_thresholds_relax(&thresholds, HEAL_METRIC_LOSS, 1.2F));
    assert_float_equal(loss->value, 0.12, 1e-6);
    assert_true(heal_thresholds_relax(&thresholds, HEAL_METRIC_LOSS, 1.2F));
    assert_float_equal(loss->value, 0.13, 1e-6);
    assert_false(heal_thresholds_relax(&thresholds, HEAL_METRIC_LOSS, 1.2F));
    assert_int_equal(loss->relaxed, 2);
    assert_true(heal_thresholds_tighten(&thresholds, HEAL_METRIC_LOSS, 0.5F));
    assert_float_equal(loss->value, 0.08, 1e-6);
    assert_false(heal_thresholds_tighten(&thresholds, HEAL_METRIC_LOSS, 0.5F));
    assert_int_equal(loss->tightened, 1);
    assert_float_equal(thresholds.of[HEAL_METRIC_LATENCY].value, thresholds.of[HEAL_METRIC_LATENCY].start, 0);
}

static void test_start_outside_the_bounds_is_brought_in(void **state) {
    (void)state;
    assert_float_equal(thresholds_with_loss(0.5F, 0.01F, 0.2F).of[LOSS].value, 0.2, 1e-6);
    assert_float_equal(thresholds_with_loss(0.001F, 0.01F, 0.2F).of[LOSS].value, 0.01, 1e-6);
}

static void test_new_settings_keep_what_was_learned(void **state) {
    (void)state;
    struct heal_thresholds thresholds = thresholds_with_loss(0.1F, 0.01F, 0.5F);
    struct heal_settings settings = settings_with_loss(0.2F, 0.01F, 0.5F);

    heal_thresholds_configure(&thresholds, &settings); /* nothing was learned: the new start holds */
    assert_float_equal(thresholds.of[LOSS].value, 0.2, 1e-6);
    heal_thresholds_relax(&thresholds, HEAL_METRIC_LOSS, 1.5F);
    settings = settings_with_loss(0.05F, 0.01F, 0.5F);
    heal_thresholds_configure(&thresholds, &settings);
    assert_float_equal(thresholds.of[LOSS].value, 0.3, 1e-6);
    settings = settings_with_loss(0.05F, 0.01F, 0.25F);
    heal_thresholds_configure(&thresholds, &settings);
    assert_float_equal(thresholds.of[LOSS].value, 0.25, 1e-6);
    assert_int_equal(thresholds.of[LOSS].relaxed, 1);
}

static void test_record_and_back(void **state) {
    (void)state;
    struct heal_thresholds thresholds = thresholds_with_loss(0.1F, 0.01F, 0.5F);
    struct heal_thresholds next = thresholds;
    char text[128];

    heal_thresholds_relax(&thresholds, HEAL_METRIC_LOSS, 1.15F);
    heal_thresholds_tighten(&thresholds, HEAL_METRIC_LOSS, 0.97F);
    assert_int_equal(heal_threshold_format(&thresholds.of[LOSS], text, sizeof text), 0);
    assert_int_equal(heal_threshold_parse(&next, "loss", text), 0);
    assert_memory_equal(&next, &thresholds, sizeof next);
    assert_int_equal(heal_threshold_format(&thresholds.of[LOSS], text, 12), -ENOSPC);
}

static void test_record_cannot_leave_the_bounds(void **state) {
    (void)state;
    struct heal_thresholds thresholds = thresholds_with_loss(0.1F, 0.01F, 0.5F);

    assert_int_equal(heal_threshold_parse(&thresholds, "loss", "value=7"), 0);
    assert_float_equal(thresholds.of[LOSS].value, 0.5, 1e-6);
    assert_int_equal(heal_threshold_parse(&thresholds, "loss", "value=-7"), 0);
    assert_float_equal(thresholds.of[LOSS].value, 0.01, 1e-6);
}

static void test_refuses_bad_records(void **state) {
    (void)state;
    static const char *const bad[][2] = {
        {"no-such-metric", "value=0.2"           },
        {"",               "value=0.2"           },
        {"loss",           "value=nan"           },
        {"loss",           "value=inf"           },
        {"loss",           "value="              },
        {"loss",           "value=0.2 relaxed=-1"},
        {"loss",           "value=0.2 \"open"    },
        {"loss",           "tightened=4294967296"},
    };
    struct heal_thresholds thresholds = thresholds_with_loss(0.1F, 0.01F, 0.5F), before = thresholds;

    for (size_t i = 0; i < HEAL_COUNT(bad); i++) {
        print_message("%s: %s\n", bad[i][0], bad[i][1]);
        assert_int_equal(heal_threshold_parse(&thresholds, bad[i][0], bad[i][1]), -EINVAL);
        assert_memory_equal(&thresholds, &before, sizeof before);
    }
    assert_int_equal(heal_threshold_parse(&thresholds, "loss", "value=0.2 of-a-later-version=1"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moves_within_its_bounds),
        cmocka_unit_test(test_start_outside_the_bounds_is_brought_in),
        cmocka_unit_test(test_new_settings_keep_what_was_learned),
        cmocka_unit_test(test_record_and_back),
        cmocka_unit_test(test_record_cannot_leave_the_bounds),
        cmocka_unit_test(test_refuses_bad_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
