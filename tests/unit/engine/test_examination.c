/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* While a port is examined its baselines learn nothing: trouble must not become what is normal. */
#include "bench.h"
#include "engine/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct heal_port *west(const struct bench *bench) {
    assert_int_equal(bench->engine->world.ports, 1);
    return &bench->engine->world.port[0];
}

static void test_trouble_does_not_become_normal(void **state) {
    struct bench *bench = *state;

    bench_run(bench, 30 * HEAL_US_PER_S);
    struct heal_baseline normal[HEAL_QUANTITIES];
    memcpy(normal, west(bench)->normal, sizeof normal);
    assert_true(heal_baseline_is_warm(&normal[HEAL_QUANTITY_LOSS]));
    assert_true(heal_baseline_is_warm(&normal[HEAL_QUANTITY_RTT]));
    assert_int_equal(west(bench)->examined_since, 0);
    bench->lost_of_ten = 3;
    for (int i = 0; i < 60; i++) {
        bench_run(bench, HEAL_US_PER_S);
        assert_int_not_equal(west(bench)->examined_since, 0);
        assert_memory_equal(west(bench)->normal, normal, sizeof normal);
    }
}

static void test_when_it_is_over_they_go_on_learning(void **state) {
    struct bench *bench = *state;

    bench_run(bench, 30 * HEAL_US_PER_S);
    bench->lost_of_ten = 3;
    bench_run(bench, 30 * HEAL_US_PER_S);
    uint32_t samples = west(bench)->normal[HEAL_QUANTITY_LOSS].samples;
    bench->lost_of_ten = 0;
    bench_run(bench, 120 * HEAL_US_PER_S);
    assert_int_equal(west(bench)->examined_since, 0);
    assert_true(west(bench)->normal[HEAL_QUANTITY_LOSS].samples > samples + 30);
    assert_true(west(bench)->normal[HEAL_QUANTITY_LOSS].middle < 0.01F);
}

#define EXAMINATION(test) cmocka_unit_test_setup_teardown(test, bench_make, bench_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        EXAMINATION(test_trouble_does_not_become_normal),
        EXAMINATION(test_when_it_is_over_they_go_on_learning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
