/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The threshold with a promise: the rank by hand, and the promise by many draws. */
#include "base/random.h"
#include "knowledge/conformal.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { TRIALS = 400 };

static void fill(struct heal_conformal *conformal, unsigned count) {
    *conformal = (struct heal_conformal){.count = 0};
    for (unsigned i = 0; i < count; i++)
        heal_conformal_add(conformal, (int32_t)((i * 389) % count)); /* 0 to count - 1, in no order */
}

static void test_rank_by_hand(void **state) {
    (void)state;
    static const struct {
        unsigned scores;
        float rate;
        int32_t threshold;
    } row[] = {
        {199,  0.005F, 198 }, /* ceil(200 * .995) = the 199th of 199 */
        {399,  0.005F, 397 }, /* ceil(400 * .995) = the 398th */
        {400,  0.005F, 398 }, /* ceil(401 * .995 = 398.995) = the 399th */
        {99,   0.01F,  98  },
        {9,    0.1F,   8   },
        {19,   0.1F,   17  },
        {1023, 0.001F, 1022},
        {1,    0.5F,   0   },
    };

    for (unsigned i = 0; i < sizeof row / sizeof *row; i++) {
        struct heal_conformal conformal;

        fill(&conformal, row[i].scores);
        struct heal_conformal_bound bound = heal_conformal_bound(&conformal, row[i].rate);
        if (!bound.known || bound.threshold != row[i].threshold)
            fail_msg("row %u: %d, %d", i, bound.known, bound.threshold);
    }
}

static void test_too_few_promise_nothing(void **state) {
    (void)state;
    struct heal_conformal conformal;

    fill(&conformal, 198);
    struct heal_conformal_bound bound = heal_conformal_bound(&conformal, 0.005F);
    assert_false(bound.known);
    assert_int_equal(bound.scores, 198);
    assert_int_equal(bound.needed, 199);
    fill(&conformal, 0);
    assert_false(heal_conformal_bound(&conformal, 0.5F).known);
    assert_int_equal(heal_conformal_bound(&conformal, 0.001F).needed, 999);
}

static void test_the_oldest_makes_room(void **state) {
    (void)state;
    struct heal_conformal conformal = {.count = 0};

    for (int32_t i = 0; i < 2 * HEAL_CONFORMAL_SCORES; i++)
        heal_conformal_add(&conformal, i);
    assert_int_equal(conformal.count, HEAL_CONFORMAL_SCORES);
    assert_int_equal(conformal.score[0], HEAL_CONFORMAL_SCORES);
    assert_int_equal(conformal.score[HEAL_CONFORMAL_SCORES - 1], 2 * HEAL_CONFORMAL_SCORES - 1);
    heal_conformal_add(&conformal, INT32_MAX);
    heal_conformal_add(&conformal, INT32_MIN);
    assert_int_equal(conformal.score[HEAL_CONFORMAL_SCORES - 2], INT16_MAX);
    assert_int_equal(conformal.score[HEAL_CONFORMAL_SCORES - 1], INT16_MIN);
}

static void test_the_newest_such_is_taken_back(void **state) {
    (void)state;
    struct heal_conformal conformal = {.count = 0};

    for (int32_t i = 0; i < 6; i++)
        heal_conformal_add(&conformal, i % 3);
    heal_conformal_take_back(&conformal, 1);
    heal_conformal_take_back(&conformal, 77);
    assert_int_equal(conformal.count, 5);
    assert_int_equal(conformal.score[1], 1);
    assert_int_equal(conformal.score[4], 2);
}

/* Whatever the distribution of the scores: over many calibrations the mean rate of false alarms is at most
 * what was asked for, and near it; and nine of ten realised rates lie in the interval that is told. */
static void test_the_promise_holds(void **state) {
    (void)state;
    const float rate = 0.02F;
    struct heal_random random;
    double sum = 0;
    unsigned inside = 0;

    heal_random_init(&random, 11);
    for (unsigned t = 0; t < TRIALS; t++) {
        struct heal_conformal conformal = {.count = 0};

        for (unsigned i = 0; i < 300; i++) {
            double normal = heal_random_normal(&random);
            heal_conformal_add(&conformal, (int32_t)(HEAL_LOGIT_ONE * (exp(normal) - 4)));
        }
        struct heal_conformal_bound bound = heal_conformal_bound(&conformal, rate);
        assert_true(bound.known);
        /* The true rate, from the distribution itself. */
        double at = (bound.threshold + 1.0) / HEAL_LOGIT_ONE + 4;
        double realised = at > 0 ? erfc(log(at) / sqrt(2)) / 2 : 1;
        sum += realised;
        inside += realised >= (double)bound.realised.low && realised <= (double)bound.realised.high;
    }
    print_message("mean %.5f of %.5f; %u of %u inside\n", sum / TRIALS, (double)rate, inside, TRIALS);
    assert_true(sum / TRIALS <= (double)rate * 1.04);
    assert_true(sum / TRIALS >= (double)rate * 0.85);
    assert_true(inside >= TRIALS * 85 / 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rank_by_hand),          cmocka_unit_test(test_too_few_promise_nothing),
        cmocka_unit_test(test_the_oldest_makes_room), cmocka_unit_test(test_the_newest_such_is_taken_back),
        cmocka_unit_test(test_the_promise_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
