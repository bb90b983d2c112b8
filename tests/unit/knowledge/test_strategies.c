/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Strategies: the prior, the record, and the draws by which the best remedy is found. */
#include "base/cleanup.h"
#include "heal/settings.h"
#include "knowledge/strategies.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { DRAWS = 4000 };
static const enum heal_diagnosis loss = HEAL_LINK_LOSS;
static const enum heal_remedy first = HEAL_ROUTE_AROUND, second = HEAL_LINK_COST;

static void record(struct heal_strategies *strategies, enum heal_remedy remedy, unsigned tried,
                   unsigned worked, float mttr_s) {
    for (unsigned i = 0; i < tried; i++)
        heal_strategies_record(strategies, loss, remedy, i < worked, mttr_s);
}

/* In what share of the draws does the second of the operator's list win? */
static double share_of_second(const struct heal_strategies *strategies, float risk_of_first) {
    struct heal_random random;
    unsigned wins = 0;

    heal_random_init(&random, 42);
    for (unsigned i = 0; i < DRAWS; i++) {
        float a = heal_strategies_draw(strategies, &random, loss, first, 0, risk_of_first);
        float b = heal_strategies_draw(strategies, &random, loss, second, 1, 0);

        assert_true(a >= 0 && a <= 1 && b >= 0 && b <= 1);
        wins += b > a;
    }
    print_message("the second wins %.1f %% of the draws\n", 100.0 * wins / DRAWS);
    return (double)wins / DRAWS;
}

static void test_without_a_record_the_operators_order_leads(void **state) {
    (void)state;
    struct heal_strategies strategies = {0};
    float before = 1;

    double second_wins = share_of_second(&strategies, 0);
    assert_true(second_wins > 0.01 && second_wins < 0.4); /* but the second is tried, too */
    for (unsigned rank = 0; rank < HEAL_REMEDIES_PER_POLICY; rank++) {
        struct heal_strategy_status status = heal_strategies_status(&strategies, loss, first, rank);
        assert_true(rank == 0 ? status.success > 0.8F : status.success <= before);
        assert_true(status.success > 0);
        before = status.success;
    }
}

static void test_a_record_overrules_the_order(void **state) {
    (void)state;
    struct heal_strategies strategies = {0};

    record(&strategies, first, 20, 2, 1);
    record(&strategies, second, 20, 19, 1);
    assert_true(share_of_second(&strategies, 0) > 0.95);
}

static void test_slow_repair_is_worth_less(void **state) {
    (void)state;
    struct heal_strategies strategies = {0};

    record(&strategies, first, 10, 10, 60);
    record(&strategies, second, 10, 10, 2);
    assert_float_equal(heal_strategies_status(&strategies, loss, first, 0).mttr_s, 60, 1e-3);
    assert_true(share_of_second(&strategies, 0) > 0.95);
}

static void test_risk_weighs_against_it(void **state) {
    (void)state;
    struct heal_strategies strategies = {0};

    assert_true(share_of_second(&strategies, 1) > 2 * share_of_second(&strategies, 0));
}

static void test_more_evidence_explores_less(void **state) {
    (void)state;
    struct heal_strategies few = {0}, many = {0};

    record(&few, first, 4, 3, 1);
    record(&few, second, 4, 3, 1);
    record(&many, first, 400, 300, 1);
    record(&many, second, 400, 200, 1);
    assert_true(share_of_second(&few, 0) > 0.05);
    assert_true(share_of_second(&many, 0) < 0.01);
}

static void test_failures_have_no_time_to_repair(void **state) {
    (void)state;
    struct heal_strategies strategies = {0};

    record(&strategies, first, 3, 1, 9);
    struct heal_strategy_status status = heal_strategies_status(&strategies, loss, first, 0);
    assert_int_equal(status.tried, 3);
    assert_int_equal(status.worked, 1);
    assert_float_equal(status.mttr_s, 9, 1e-3);
    assert_int_equal(heal_strategies_status(&strategies, HEAL_LINK_FLAP, first, 0).tried, 0);
}

static void test_record_and_back(void **state) {
    (void)state;
    struct heal_strategies strategies = {0}, next = {0};
    char key[64], value[128];

    record(&strategies, first, 7, 5, 2.25F);
    assert_int_equal(heal_strategy_format(&strategies, loss, first, key, sizeof key, value, sizeof value), 0);
    assert_string_equal(key, "link-loss/route-around");
    assert_int_equal(heal_strategy_parse(&next, key, value), 0);
    assert_memory_equal(&next, &strategies, sizeof next);
    assert_int_equal(heal_strategy_format(&strategies, loss, first, key, 8, value, sizeof value), -ENOSPC);
    assert_int_equal(heal_strategy_format(&strategies, loss, first, key, sizeof key, value, 8), -ENOSPC);
}

static void test_refuses_bad_records(void **state) {
    (void)state;
    static const char *const bad[][2] = {
        {"link-loss",                                                "tried=1 worked=1"             },
        {"/route-around",                                            "tried=1 worked=1"             },
        {"link-loss/",                                               "tried=1 worked=1"             },
        {"link-loss/reboot",                                         "tried=1 worked=1"             },
        {"link-lost/route-around",                                   "tried=1 worked=1"             },
        {"a-name-that-is-longer-than-any-slug-of-ours/route-around", "tried=1"                      },
        {"link-loss/route-around",                                   "tried=1 worked=2"             },
        {"link-loss/route-around",                                   "worked=1"                     },
        {"link-loss/route-around",                                   "tried=-1"                     },
        {"link-loss/route-around",                                   "tried=1 worked=1 mttr-sum=-3" },
        {"link-loss/route-around",                                   "tried=1 worked=1 mttr-sum=nan"},
        {"link-loss/route-around",                                   "tried=1 worked"               },
    };
    struct heal_strategies strategies = {0}, before;

    record(&strategies, first, 3, 2, 1);
    before = strategies;
    for (size_t i = 0; i < HEAL_COUNT(bad); i++) {
        print_message("%s: %s\n", bad[i][0], bad[i][1]);
        assert_int_equal(heal_strategy_parse(&strategies, bad[i][0], bad[i][1]), -EINVAL);
        assert_memory_equal(&strategies, &before, sizeof before);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_a_record_the_operators_order_leads),
        cmocka_unit_test(test_a_record_overrules_the_order),
        cmocka_unit_test(test_slow_repair_is_worth_less),
        cmocka_unit_test(test_risk_weighs_against_it),
        cmocka_unit_test(test_more_evidence_explores_less),
        cmocka_unit_test(test_failures_have_no_time_to_repair),
        cmocka_unit_test(test_record_and_back),
        cmocka_unit_test(test_refuses_bad_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
