/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The gate, and what the mode does: a good model passes, a bad one is refused and, forced, falls by itself.
 */
#include "base/cleanup.h"
#include "knowledge/probation.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { GOOD = 0x600d, BAD = 0xbad, LIMIT = 100 };

struct trial {
    struct heal_probation probation;
    struct heal_detector_setting setting;
};

static struct heal_candidate_model model(uint64_t id) {
    struct heal_candidate_model candidate = {.id = id, .threshold = LIMIT, .training.known = 0xff};

    for (int i = 0; i < HEAL_FEATURES; i++)
        for (int q = 0; q < HEAL_DRIFT_EDGES; q++)
            candidate.training.edge[i][q] = 0.1F * (float)q;
    return candidate;
}

static int begin(void **state) {
    struct trial *trial = calloc(1, sizeof *trial);
    struct heal_settings settings;
    const struct heal_candidate_model good = model(GOOD);

    assert_non_null(trial);
    heal_settings_init(&settings);
    trial->setting = settings.detector;
    heal_probation_configure(&trial->probation, &trial->setting, true);
    heal_probation_put(&trial->probation, HEAL_SLOT_ACTIVE, &good, &trial->setting);
    *state = trial;
    return 0;
}

static int end(void **state) {
    free(*state);
    return 0;
}

/* So many alarms of a slot's model, right or wrong, are judged. */
static void judge(struct trial *trial, enum heal_slot slot, unsigned alarms, bool right) {
    struct heal_docket docket = heal_probation_docket(&trial->probation, slot, &trial->setting);

    for (unsigned i = 0; i < alarms; i++) {
        struct heal_network_verdict *verdict = heal_verdicts_make(docket.verdicts);
        const struct heal_word word = {.truth = right ? HEAL_TRUTH_TRUE : HEAL_TRUTH_FALSE,
                                       .witness = HEAL_WITNESS_OPERATOR,
                                       .diagnosis = HEAL_LINK_LOSS,
                                       .first = true};
        verdict->model = docket.merit->model;
        verdict->alarm = true;
        assert_true(heal_merit_judge(docket.merit, docket.verdicts, verdict, &docket.choice, &word));
    }
}

static void miss(struct trial *trial, enum heal_slot slot, unsigned times) {
    struct heal_docket docket = heal_probation_docket(&trial->probation, slot, &trial->setting);

    for (unsigned i = 0; i < times; i++)
        heal_judging_missed(&docket, HEAL_LINK_LOSS, 1);
}

static void watch(struct trial *trial, enum heal_slot slot, unsigned watches) {
    trial->probation.merit[slot].confusion.cell[HEAL_CELL_RIGHT_SILENCE] += watches;
}

static void pass(struct trial *trial, enum heal_slot slot) {
    judge(trial, slot, 40, true);
    watch(trial, slot, 200);
}

static int order(struct trial *trial, enum heal_mode mode, bool forced) {
    return heal_probation_order(&trial->probation, mode, forced, &trial->setting);
}

static enum heal_probation_change update(struct trial *trial) {
    return heal_probation_update(&trial->probation, &trial->setting);
}

static void test_act_is_refused_until_it_is_earned(void **state) {
    struct trial *trial = *state;

    assert_int_equal(order(trial, HEAL_MODE_ACT, false), -EPERM);
    assert_string_equal(trial->probation.words, "0 of its alarms were judged; 30 are wanted");
    judge(trial, HEAL_SLOT_ACTIVE, 30, true);
    assert_int_equal(order(trial, HEAL_MODE_ACT, false), -EPERM);
    assert_string_equal(trial->probation.words, "it has looked at 0 healthy watches; 200 are wanted");
    watch(trial, HEAL_SLOT_ACTIVE, 200);
    assert_int_equal(order(trial, HEAL_MODE_ACT, false), 0);
    assert_int_equal(trial->probation.mode, HEAL_MODE_ACT);
    assert_false(trial->probation.forced);
    assert_int_equal(update(trial), HEAL_PROBATION_STANDS);
}

/* 30 of 30 are enough for .9, 33 of 34 are not: the bound counts, not the share. */
static void test_the_lower_bound_counts(void **state) {
    struct trial *trial = *state;

    pass(trial, HEAL_SLOT_ACTIVE);
    judge(trial, HEAL_SLOT_ACTIVE, 3, false);
    assert_int_equal(order(trial, HEAL_MODE_ACT, false), -EPERM);
    assert_non_null(strstr(trial->probation.words, "40 of its 43 alarms were right"));
    judge(trial, HEAL_SLOT_ACTIVE, 40, true);
    assert_int_equal(order(trial, HEAL_MODE_ACT, false), 0);
}

static void test_a_bad_one_is_refused_and_forced_falls(void **state) {
    struct trial *trial = *state;

    judge(trial, HEAL_SLOT_ACTIVE, 40, false);
    watch(trial, HEAL_SLOT_ACTIVE, 200);
    assert_int_equal(order(trial, HEAL_MODE_ACT, false), -EPERM);
    assert_int_equal(trial->probation.mode, HEAL_MODE_OBSERVE);
    assert_int_equal(order(trial, HEAL_MODE_ACT, true), 0);
    assert_true(trial->probation.forced);
    for (unsigned i = 0; i < HEAL_GATE_KEEP_LEAST; i++) {
        assert_int_equal(update(trial), HEAL_PROBATION_STANDS);
        judge(trial, HEAL_SLOT_ACTIVE, 1, false);
    }
    assert_int_equal(update(trial), HEAL_PROBATION_FALLS);
    assert_int_equal(trial->probation.mode, HEAL_MODE_OBSERVE);
    assert_int_equal(trial->probation.fell, HEAL_GATE_PRECISION);
    assert_non_null(strstr(trial->probation.words, "0 of its last 5 alarms were right"));
    assert_int_equal(update(trial), HEAL_PROBATION_STANDS); /* not again by itself */
}

static void test_a_good_one_that_turns_bad_falls(void **state) {
    struct trial *trial = *state;

    pass(trial, HEAL_SLOT_ACTIVE);
    assert_int_equal(order(trial, HEAL_MODE_ACT, false), 0);
    judge(trial, HEAL_SLOT_ACTIVE, 8, false);
    assert_int_equal(update(trial), HEAL_PROBATION_STANDS); /* 40 of 48 may still be .8 */
    judge(trial, HEAL_SLOT_ACTIVE, 10, false);
    assert_int_equal(update(trial), HEAL_PROBATION_FALLS);
    /* Its counts are as they were, but an order alone is no better record. */
    assert_int_equal(order(trial, HEAL_MODE_ACT, false), -EPERM);
}

static void test_drift_lets_it_fall(void **state) {
    struct trial *trial = *state;
    struct heal_merit *merit = &trial->probation.merit[HEAL_SLOT_ACTIVE];
    struct heal_features features = {.valid = 0xff};

    pass(trial, HEAL_SLOT_ACTIVE);
    for (unsigned i = 0; i < 1000; i++) {
        for (int f = 0; f < HEAL_FEATURES; f++)
            features.value[f] = 0.31F + 0.01F * (float)(i % 8);
        heal_drift_add(&merit->drift, &merit->training, 1, &features);
    }
    assert_int_equal(order(trial, HEAL_MODE_ACT, false), 0);
    assert_int_equal(update(trial), HEAL_PROBATION_STANDS);
    for (unsigned i = 0; i < 1000; i++) {
        features.value[HEAL_FEATURE_CPU] = 0.75F;
        heal_drift_add(&merit->drift, &merit->training, 2, &features);
    }
    assert_int_equal(update(trial), HEAL_PROBATION_FALLS);
    assert_int_equal(trial->probation.fell, HEAL_GATE_MOVED);
    assert_non_null(strstr(trial->probation.words, "cpu has moved"));
}

static void test_little_outside_lets_nothing_fall(void **state) {
    struct trial *trial = *state;
    struct heal_merit *merit = &trial->probation.merit[HEAL_SLOT_ACTIVE];
    struct heal_features features = {.valid = 1u << HEAL_FEATURE_LATENCY};

    merit->unkept = false;
    assert_int_equal(order(trial, HEAL_MODE_ACT, true), 0);
    assert_true(merit->unkept); /* what trust stands on */
    features.value[HEAL_FEATURE_LATENCY] = 44;
    for (unsigned i = 1; i < HEAL_DRIFT_SAMPLES_LEAST; i++)
        heal_drift_add(&merit->drift, &merit->training, 1, &features);
    assert_int_equal(update(trial), HEAL_PROBATION_STANDS);
    heal_drift_add(&merit->drift, &merit->training, 1, &features);
    assert_int_equal(update(trial), HEAL_PROBATION_FALLS);
}

/* An order does, and so does another configuration. */
static void test_what_ends_a_fall(void **state) {
    struct trial *trial = *state;

    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(order(trial, HEAL_MODE_ACT, true), 0);
        judge(trial, HEAL_SLOT_ACTIVE, HEAL_GATE_KEEP_LEAST, false);
        assert_int_equal(update(trial), HEAL_PROBATION_FALLS);
        trial->setting.mode = HEAL_MODE_WARN;
        if (i == 0)
            assert_int_equal(order(trial, HEAL_MODE_OBSERVE, false), 0);
        else
            heal_probation_configure(&trial->probation, &trial->setting, true);
        assert_int_equal(trial->probation.fell, HEAL_GATE_PASSED);
        assert_string_equal(trial->probation.words, "");
    }
    assert_int_equal(trial->probation.mode, HEAL_MODE_WARN);
}

static void test_another_rate_is_another_threshold(void **state) {
    struct trial *trial = *state;
    struct heal_merit *merit = &trial->probation.merit[HEAL_SLOT_ACTIVE];

    for (int32_t i = 1; i <= 199; i++)
        heal_conformal_add(&merit->conformal, i);
    trial->setting.false_rate = 0.1F;
    heal_probation_configure(&trial->probation, &trial->setting, false);
    assert_int_equal(merit->in_force, 180);
}

static void test_what_lies_outside_lets_it_fall(void **state) {
    struct trial *trial = *state;
    struct heal_merit *merit = &trial->probation.merit[HEAL_SLOT_ACTIVE];
    struct heal_features features = {.valid = 1u << HEAL_FEATURE_LATENCY};

    assert_int_equal(order(trial, HEAL_MODE_ACT, true), 0);
    features.value[HEAL_FEATURE_LATENCY] = 44;
    for (unsigned i = 0; i < 600; i++)
        heal_drift_add(&merit->drift, &merit->training, 1, &features);
    assert_int_equal(update(trial), HEAL_PROBATION_FALLS);
    assert_int_equal(trial->probation.fell, HEAL_GATE_OUTSIDE);
    assert_non_null(strstr(trial->probation.words, "100.0 % of latency"));
}

static void test_the_configuration_is_no_force(void **state) {
    struct trial *trial = *state;

    trial->setting.mode = HEAL_MODE_ACT;
    heal_probation_configure(&trial->probation, &trial->setting, true);
    assert_int_equal(trial->probation.mode, HEAL_MODE_OBSERVE);
    assert_int_equal(update(trial), HEAL_PROBATION_STANDS);
    assert_true(trial->probation.words[0] != '\0');
    pass(trial, HEAL_SLOT_ACTIVE);
    assert_int_equal(update(trial), HEAL_PROBATION_ACTS);
    assert_int_equal(trial->probation.mode, HEAL_MODE_ACT);
    heal_probation_configure(&trial->probation, &trial->setting, false);
    assert_int_equal(trial->probation.mode, HEAL_MODE_ACT);
    trial->setting.mode = HEAL_MODE_WARN;
    heal_probation_configure(&trial->probation, &trial->setting, true);
    assert_int_equal(trial->probation.mode, HEAL_MODE_WARN);
}

static void test_without_a_model_nothing_is_forced(void **state) {
    struct trial *trial = *state;

    heal_probation_put(&trial->probation, HEAL_SLOT_ACTIVE, NULL, &trial->setting);
    assert_int_equal(order(trial, HEAL_MODE_ACT, true), -EPERM);
    assert_string_equal(trial->probation.words, "there is no model");
    assert_int_equal(order(trial, HEAL_MODE_WARN, false), 0);
}

static void test_a_model_that_goes_is_not_acted_upon(void **state) {
    struct trial *trial = *state;

    assert_int_equal(order(trial, HEAL_MODE_ACT, true), 0);
    heal_probation_put(&trial->probation, HEAL_SLOT_ACTIVE, NULL, &trial->setting);
    assert_int_equal(update(trial), HEAL_PROBATION_FALLS);
    assert_int_equal(trial->probation.fell, HEAL_GATE_NO_MODEL);
}

static enum heal_gate compare(struct trial *trial, char *words, size_t size) {
    struct heal_text text;

    heal_text_init(&text, words, size);
    return heal_gate_compare(&trial->probation.merit[HEAL_SLOT_SHADOW],
                             &trial->probation.merit[HEAL_SLOT_ACTIVE], &trial->setting.gate, &text);
}

static void put_shadow(struct trial *trial) {
    const struct heal_candidate_model shadow = model(BAD);

    heal_probation_put(&trial->probation, HEAL_SLOT_SHADOW, &shadow, &trial->setting);
    (void)update(trial);
}

static void test_a_shadow_must_be_no_worse(void **state) {
    struct trial *trial = *state;
    char words[200];

    judge(trial, HEAL_SLOT_ACTIVE, 500, true); /* before the shadow came: that is no fair comparison */
    put_shadow(trial);
    assert_int_equal(compare(trial, words, sizeof words), HEAL_GATE_FEW_ALARMS);
    pass(trial, HEAL_SLOT_ACTIVE);
    pass(trial, HEAL_SLOT_SHADOW);
    assert_int_equal(compare(trial, words, sizeof words), HEAL_GATE_PASSED);
    judge(trial, HEAL_SLOT_SHADOW, 1, false);
    assert_int_equal(compare(trial, words, sizeof words), HEAL_GATE_PRECISION);
    judge(trial, HEAL_SLOT_ACTIVE, 1, false);
    assert_int_equal(compare(trial, words, sizeof words), HEAL_GATE_PASSED);
    miss(trial, HEAL_SLOT_SHADOW, 1);
    assert_int_equal(compare(trial, words, sizeof words), HEAL_GATE_RECALL);
}

static void test_a_shadow_is_held_against_who_is_active(void **state) {
    struct trial *trial = *state;
    const struct heal_candidate_model third = model(BAD + 1);
    char words[200];

    judge(trial, HEAL_SLOT_ACTIVE, 500, true);
    put_shadow(trial);
    pass(trial, HEAL_SLOT_SHADOW);
    judge(trial, HEAL_SLOT_SHADOW, 1, false);
    heal_probation_put(&trial->probation, HEAL_SLOT_ACTIVE, &third, &trial->setting);
    (void)update(trial);
    judge(trial, HEAL_SLOT_ACTIVE, 100, true); /* fewer than the one before had when the shadow came */
    assert_int_equal(compare(trial, words, sizeof words), HEAL_GATE_PRECISION);
}

static void test_without_an_active_one_the_counts_are_enough(void **state) {
    struct trial *trial = *state;
    char words[200];

    put_shadow(trial);
    judge(trial, HEAL_SLOT_ACTIVE, 500, true);
    pass(trial, HEAL_SLOT_SHADOW);
    judge(trial, HEAL_SLOT_SHADOW, 9, false);
    assert_int_equal(compare(trial, words, sizeof words), HEAL_GATE_PRECISION);
    heal_probation_put(&trial->probation, HEAL_SLOT_ACTIVE, NULL, &trial->setting);
    assert_int_equal(compare(trial, words, sizeof words), HEAL_GATE_PASSED);
}

/* What was known better later is taken back from counts that were there before the shadow came. */
static void test_less_than_before_is_nothing(void **state) {
    struct trial *trial = *state;
    char words[200];

    judge(trial, HEAL_SLOT_ACTIVE, 500, true);
    put_shadow(trial);
    pass(trial, HEAL_SLOT_SHADOW);
    trial->probation.merit[HEAL_SLOT_ACTIVE].confusion.cell[HEAL_CELL_RIGHT_ALARM] = 499;
    trial->probation.merit[HEAL_SLOT_ACTIVE].confusion.incidents[HEAL_LINK_LOSS].found = 499;
    assert_int_equal(compare(trial, words, sizeof words), HEAL_GATE_PASSED);
}

static void test_a_shadow_takes_its_record_along(void **state) {
    struct trial *trial = *state;

    assert_int_equal(heal_probation_promote(&trial->probation, &trial->setting), -ENOENT);
    pass(trial, HEAL_SLOT_ACTIVE);
    assert_int_equal(order(trial, HEAL_MODE_ACT, false), 0);
    put_shadow(trial);
    pass(trial, HEAL_SLOT_SHADOW);
    trial->probation.merit[HEAL_SLOT_SHADOW].drift.now.missing[0] = 7;
    trial->probation.merit[HEAL_SLOT_SHADOW].unkept = false;
    assert_int_equal(heal_probation_promote(&trial->probation, &trial->setting), 0);
    const struct heal_merit *active = &trial->probation.merit[HEAL_SLOT_ACTIVE];
    assert_int_equal(active->model, BAD);
    assert_true(!active->shadow && active->unkept && active->rival.model == 0);
    assert_int_equal(active->drift.trusted.missing[0], 7); /* it was trusted by what it has seen itself */
    assert_int_equal(trial->probation.merit[HEAL_SLOT_SHADOW].model, 0);
    assert_int_equal(trial->probation.mode, HEAL_MODE_ACT);
    assert_int_equal(heal_probation_slot(&trial->probation, GOOD), HEAL_SLOTS);
}

static void test_a_shadow_that_has_earned_nothing_does_not_act(void **state) {
    struct trial *trial = *state;

    pass(trial, HEAL_SLOT_ACTIVE);
    assert_int_equal(order(trial, HEAL_MODE_ACT, false), 0);
    put_shadow(trial);
    assert_int_equal(heal_probation_promote(&trial->probation, &trial->setting), 0);
    assert_int_equal(trial->probation.mode, HEAL_MODE_OBSERVE);
    assert_int_equal(update(trial), HEAL_PROBATION_STANDS);
    pass(trial, HEAL_SLOT_ACTIVE);
    assert_int_equal(update(trial), HEAL_PROBATION_ACTS); /* it is wanted still */
}

static void test_the_same_model_goes_on(void **state) {
    struct trial *trial = *state;
    const struct heal_candidate_model good = model(GOOD), bad = model(BAD);

    pass(trial, HEAL_SLOT_ACTIVE);
    heal_probation_put(&trial->probation, HEAL_SLOT_ACTIVE, &good, &trial->setting);
    assert_int_equal(trial->probation.merit[HEAL_SLOT_ACTIVE].confusion.cell[HEAL_CELL_RIGHT_ALARM], 40);
    heal_probation_put(&trial->probation, HEAL_SLOT_ACTIVE, &bad, &trial->setting);
    assert_int_equal(trial->probation.merit[HEAL_SLOT_ACTIVE].confusion.cell[HEAL_CELL_RIGHT_ALARM], 0);
}

/* Neither what another has earned, nor a force that was meant for it, lets a model act. */
static void test_another_model_must_earn_it_itself(void **state) {
    struct trial *trial = *state;
    const struct heal_candidate_model good = model(GOOD), bad = model(BAD);

    for (unsigned forced = 0; forced < 2; forced++) {
        heal_probation_put(&trial->probation, HEAL_SLOT_ACTIVE, &good, &trial->setting);
        (void)update(trial);
        if (!forced)
            pass(trial, HEAL_SLOT_ACTIVE);
        assert_int_equal(order(trial, HEAL_MODE_ACT, forced), 0);
        heal_probation_put(&trial->probation, HEAL_SLOT_ACTIVE, &good, &trial->setting);
        assert_int_equal(trial->probation.mode, HEAL_MODE_ACT);
        assert_int_equal(update(trial), HEAL_PROBATION_STANDS);
        heal_probation_put(&trial->probation, HEAL_SLOT_ACTIVE, &bad, &trial->setting);
        assert_int_equal(trial->probation.mode, HEAL_MODE_OBSERVE);
        assert_false(trial->probation.forced);
        assert_int_equal(update(trial), HEAL_PROBATION_BEGINS);
        assert_int_equal(update(trial), HEAL_PROBATION_STANDS);
    }
    pass(trial, HEAL_SLOT_ACTIVE);
    assert_int_equal(update(trial), HEAL_PROBATION_ACTS); /* it is wanted still */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_act_is_refused_until_it_is_earned),
        TEST(test_the_lower_bound_counts),
        TEST(test_a_bad_one_is_refused_and_forced_falls),
        TEST(test_a_good_one_that_turns_bad_falls),
        TEST(test_drift_lets_it_fall),
        TEST(test_little_outside_lets_nothing_fall),
        TEST(test_what_ends_a_fall),
        TEST(test_another_rate_is_another_threshold),
        TEST(test_what_lies_outside_lets_it_fall),
        TEST(test_the_configuration_is_no_force),
        TEST(test_without_a_model_nothing_is_forced),
        TEST(test_a_model_that_goes_is_not_acted_upon),
        TEST(test_a_shadow_must_be_no_worse),
        TEST(test_a_shadow_is_held_against_who_is_active),
        TEST(test_without_an_active_one_the_counts_are_enough),
        TEST(test_less_than_before_is_nothing),
        TEST(test_a_shadow_takes_its_record_along),
        TEST(test_a_shadow_that_has_earned_nothing_does_not_act),
        TEST(test_the_same_model_goes_on),
        TEST(test_another_model_must_earn_it_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
