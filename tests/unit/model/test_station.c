/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A radio's counters over a span, and what happens when they begin anew. */
#include "model/station.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void add(struct heal_station *station, unsigned at_s, uint32_t packets, uint32_t retries) {
    struct heal_reading_station reading = {.tx_packets = packets, .tx_retries = retries};
    heal_station_add(station, at_s * HEAL_US_PER_S, &reading);
}

static void test_a_span(void **state) {
    struct heal_station station = {0};
    (void)state;
    assert_int_equal(heal_station_window(&station, 0).span, 0);
    add(&station, 1, 100, 10);
    assert_int_equal(heal_station_window(&station, 0).span, 0); /* one total is no rate */
    add(&station, 2, 110, 15);
    add(&station, 3, 130, 45);
    struct heal_station_window window = heal_station_window(&station, 2 * HEAL_US_PER_S);
    assert_int_equal(window.span, HEAL_US_PER_S);
    assert_int_equal(window.packets, 20);
    assert_int_equal(window.retries, 30);
    window = heal_station_window(&station, 0);
    assert_int_equal(window.packets, 30);
    assert_true(heal_station_is_fresh(&station, 4 * HEAL_US_PER_S, HEAL_US_PER_S));
    assert_false(heal_station_is_fresh(&station, 5 * HEAL_US_PER_S, HEAL_US_PER_S));
}

static void test_met_anew(void **state) {
    struct heal_station station = {0};
    (void)state;
    add(&station, 1, 100, 10);
    add(&station, 2, 5, 0);
    assert_int_equal(heal_station_window(&station, 0).span, 0);
    add(&station, 3, 25, 20);
    assert_int_equal(heal_station_window(&station, 0).packets, 20);
    assert_int_equal(heal_station_window(&station, 0).retries, 20);
}

static void test_the_ring_goes_round(void **state) {
    struct heal_station station = {0};
    (void)state;
    for (unsigned i = 1; i <= 3 * HEAL_STATION_SAMPLES; i++)
        add(&station, i, 10 * i, i);
    struct heal_station_window window = heal_station_window(&station, 0);
    assert_int_equal(window.span, (HEAL_STATION_SAMPLES - 1) * HEAL_US_PER_S);
    assert_int_equal(window.packets, 10 * (HEAL_STATION_SAMPLES - 1));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_span),
        cmocka_unit_test(test_met_anew),
        cmocka_unit_test(test_the_ring_goes_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
