/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The recent past of one direction of a link: what a window of it says. */
#include "model/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const heal_us spacing = 250 * HEAL_US_PER_MS;

/* Adds an account every 250 ms: ten probes more, and so many of them lost. */
static void add(struct heal_history *history, heal_us *now, struct heal_link_account *account,
                uint32_t lost) {
    account->epoch = 1;
    account->expected[HEAL_PROBE_SMALL] += 10;
    account->received[HEAL_PROBE_SMALL] += 10 - lost;
    *now += spacing;
    heal_history_add(history, *now, account);
}

static void test_reports_that_tell_of_loss_are_counted(void **state) {
    static struct heal_history history;
    struct heal_link_account account = {0};
    struct heal_window window;
    heal_us now = 0;

    (void)state;
    add(&history, &now, &account, 0);
    for (int i = 0; i < 8; i++)
        add(&history, &now, &account, i == 3 ? 6 : 0);
    window = heal_history_window(&history, spacing);
    assert_int_equal(window.sent[HEAL_PROBE_SMALL], 80);
    assert_int_equal(window.lost[HEAL_PROBE_SMALL], 6);
    assert_int_equal(window.reports, 8);
    assert_int_equal(window.lossy, 1); /* a burst */
    for (int i = 0; i < 8; i++)
        add(&history, &now, &account, 1);
    window = heal_history_window(&history, now - 8 * spacing);
    assert_int_equal(window.lost[HEAL_PROBE_SMALL], 8);
    assert_int_equal(window.reports, 8);
    assert_int_equal(window.lossy, 8); /* loss that goes on */
}

static void test_what_an_outage_swallowed_is_no_loss(void **state) {
    static struct heal_history history;
    struct heal_link_account account = {0};
    struct heal_window window;
    heal_us now = 0;

    (void)state;
    add(&history, &now, &account, 0);
    account.outages = 1;
    account.outage_lost[HEAL_PROBE_SMALL] = 10;
    add(&history, &now, &account, 10);
    add(&history, &now, &account, 0);
    window = heal_history_window(&history, 0);
    assert_int_equal(window.swallowed, 10);
    assert_int_equal(window.lost[HEAL_PROBE_SMALL], 0);
    assert_int_equal(window.outages, 1);
    assert_int_equal(window.lossy, 0);
}

static void test_pairs_tell_of_loss_beyond_what_is_on_its_way(void **state) {
    static struct heal_history history;
    struct heal_link_account account = {0};
    heal_us now = 0;

    (void)state;
    account.pair_sent = account.pair_received = 100;
    add(&history, &now, &account, 0);
    account.pair_sent += 100;
    account.pair_received += 100 - HEAL_PAIRS_IN_FLIGHT;
    add(&history, &now, &account, 0);
    assert_int_equal(heal_history_window(&history, 0).lossy, 0);
    account.pair_sent += 100;
    account.pair_received += 90;
    add(&history, &now, &account, 0);
    assert_int_equal(heal_history_window(&history, 0).lossy, 1);
    assert_int_equal(heal_history_window(&history, 0).pair_lost, 10 + HEAL_PAIRS_IN_FLIGHT);
}

/* Ten seconds in which a second's worth of accounts tells of loss, and two packets are lost long before and
 * after. */
static void test_without_its_worst_stretch_a_burst_leaves_next_to_nothing(void **state) {
    static struct heal_history history;
    struct heal_link_account account = {0};
    heal_us now = 0;

    (void)state;
    add(&history, &now, &account, 0);
    for (int i = 0; i < 40; i++)
        add(&history, &now, &account, i >= 16 && i < 20 ? 4 : i == 2 || i == 38);
    struct heal_window rest = heal_history_window_without_worst(&history, spacing, 4 * spacing);
    assert_int_equal(heal_history_window(&history, spacing).lost[HEAL_PROBE_SMALL], 18);
    assert_int_equal(rest.sent[HEAL_PROBE_SMALL], 360);
    assert_int_equal(rest.lost[HEAL_PROBE_SMALL], 2);
    assert_int_equal(rest.span, 36 * spacing);
}

static void test_without_its_worst_stretch_loss_that_goes_on_is_nearly_as_much(void **state) {
    static struct heal_history history;
    struct heal_link_account account = {0};
    heal_us now = 0;

    (void)state;
    account.pair_sent = account.pair_received = 100;
    add(&history, &now, &account, 0);
    for (int i = 0; i < 40; i++) {
        account.pair_sent += 10;
        account.pair_received += 8;
        add(&history, &now, &account, 2);
    }
    struct heal_window rest = heal_history_window_without_worst(&history, spacing, 4 * spacing);
    assert_int_equal(rest.sent[HEAL_PROBE_SMALL], 360);
    assert_int_equal(rest.lost[HEAL_PROBE_SMALL], 72);
    assert_int_equal(rest.pair_lost, 72);
    /* Accounts that are further apart than the stretch cannot be told apart within it. */
    rest = heal_history_window_without_worst(&history, spacing, spacing / 2);
    assert_int_equal(rest.lost[HEAL_PROBE_SMALL], 80);
}

/* A hostile or broken peer's totals: nothing was sent then, rather than four thousand millions. */
static void test_totals_that_run_backwards_count_as_nothing(void **state) {
    static struct heal_history history;
    struct heal_link_account account = {.outages = 9, .pair_sent = 1000, .pair_received = 1000};
    struct heal_window window;
    heal_us now = 0;

    (void)state;
    account.outage_lost[HEAL_PROBE_SMALL] = 90;
    for (int i = 0; i < 10; i++)
        add(&history, &now, &account, 1);
    account = (struct heal_link_account){.epoch = 1, .pair_sent = 2000, .pair_received = 1};
    heal_history_add(&history, now + spacing, &account);
    window = heal_history_window(&history, 0);
    for (int size = 0; size < HEAL_PROBE_SIZES; size++) {
        assert_int_equal(window.sent[size], 0);
        assert_int_equal(window.lost[size], 0);
    }
    assert_int_equal(window.swallowed, 0);
    assert_int_equal(window.outages, 0);
    assert_int_equal(window.pair_sent, 0);
    assert_int_equal(window.pair_lost, 0);
}

/* That is no running backwards: a total of 32 bits comes round. */
static void test_totals_that_come_round_go_on(void **state) {
    static struct heal_history history;
    struct heal_link_account account = {0};
    heal_us now = 0;

    (void)state;
    account.expected[HEAL_PROBE_SMALL] = account.received[HEAL_PROBE_SMALL] = UINT32_MAX - 15;
    for (int i = 0; i < 3; i++)
        add(&history, &now, &account, i == 2);
    assert_true(account.expected[HEAL_PROBE_SMALL] < 100);
    struct heal_window window = heal_history_window(&history, 0);
    assert_int_equal(window.sent[HEAL_PROBE_SMALL], 20);
    assert_int_equal(window.lost[HEAL_PROBE_SMALL], 1);
}

static void test_another_epoch_begins_anew(void **state) {
    static struct heal_history history;
    struct heal_link_account account = {0};
    heal_us now = 0;

    (void)state;
    add(&history, &now, &account, 0);
    add(&history, &now, &account, 5);
    account.epoch = 2;
    heal_history_add(&history, now + spacing, &account);
    assert_int_equal(heal_history_window(&history, 0).span, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reports_that_tell_of_loss_are_counted),
        cmocka_unit_test(test_what_an_outage_swallowed_is_no_loss),
        cmocka_unit_test(test_pairs_tell_of_loss_beyond_what_is_on_its_way),
        cmocka_unit_test(test_without_its_worst_stretch_a_burst_leaves_next_to_nothing),
        cmocka_unit_test(test_without_its_worst_stretch_loss_that_goes_on_is_nearly_as_much),
        cmocka_unit_test(test_totals_that_run_backwards_count_as_nothing),
        cmocka_unit_test(test_totals_that_come_round_go_on),
        cmocka_unit_test(test_another_epoch_begins_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
