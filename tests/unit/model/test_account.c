/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The account of one direction of a link, on the hard cases. */
#include "base/random.h"
#include "model/account.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SMALL HEAL_PROBE_SMALL
#define FULL HEAL_PROBE_FULL

/* A sender: what it has sent so far. */
struct sender {
    uint32_t epoch, sent[HEAL_PROBE_SIZES];
};

static struct heal_account_probe next_probe(struct sender *sender, enum heal_probe_size size) {
    sender->sent[size]++;
    return (struct heal_account_probe){
        .epoch = sender->epoch, .size = size, .sent = {sender->sent[SMALL], sender->sent[FULL]}
    };
}

static heal_us ms(uint64_t value) {
    return value * HEAL_US_PER_MS;
}

static struct heal_link_account read_at(const struct heal_account *account, heal_us now) {
    struct heal_link_account totals;

    heal_account_read(account, now, &totals);
    return totals;
}

static void test_nothing_came(void **state) {
    (void)state;
    struct heal_account account;

    heal_account_init(&account, 1);
    struct heal_link_account totals = read_at(&account, ms(5000));
    assert_int_equal(totals.silence_ms, UINT32_MAX);
    assert_int_equal(totals.expected[SMALL], 0);
    assert_int_equal(totals.pair_sent, 0);
}

static void test_counts_from_the_first_heard(void **state) {
    (void)state;
    struct sender sender = {
        .epoch = 7, .sent = {1000, 500}
    };
    struct heal_account account;

    heal_account_init(&account, 1);
    for (unsigned i = 0; i < 100; i++) {
        struct heal_account_probe probe = next_probe(&sender, i % 2 ? FULL : SMALL);

        if (i % 10 != 3 || i % 2 == 0)
            assert_int_equal(heal_account_take(&account, ms(i * 50), &probe), HEAL_ACCOUNT_COUNTED);
    }
    struct heal_link_account totals = read_at(&account, ms(99 * 50 + 120));
    assert_int_equal(totals.expected[SMALL], 50);
    assert_int_equal(totals.received[SMALL], 50);
    assert_int_equal(totals.expected[FULL], 50);
    assert_int_equal(totals.received[FULL], 40);
    assert_int_equal(totals.outages, 0);
    assert_int_equal(totals.silence_ms, 120);
    assert_int_not_equal(totals.epoch, 0);
}

static void test_hole_for_large_ones(void **state) {
    (void)state;
    struct sender sender = {.epoch = 7};
    struct heal_account account;

    heal_account_init(&account, 1);
    for (unsigned i = 0; i < 40; i++) {
        struct heal_account_probe full = next_probe(&sender, FULL), small = next_probe(&sender, SMALL);

        (void)full;
        heal_account_take(&account, ms(i * 1000), &small);
    }
    struct heal_link_account totals = read_at(&account, ms(40000));
    assert_int_equal(totals.expected[FULL], 39);
    assert_int_equal(totals.received[FULL], 0);
    assert_int_equal(totals.expected[SMALL], 40);
    assert_int_equal(totals.received[SMALL], 40);
    assert_int_equal(totals.outages, 0);
}

static void test_out_of_order_and_duplicates(void **state) {
    (void)state;
    struct heal_account account;
    struct sender sender = {.epoch = 7};
    struct heal_account_probe probes[100];

    heal_account_init(&account, 1);
    for (unsigned i = 0; i < 100; i++)
        probes[i] = next_probe(&sender, SMALL);
    heal_account_take(&account, 0, &probes[0]);
    /* pairs swapped, each sent twice */
    for (unsigned i = 1; i + 1 < 100; i += 2) {
        assert_int_equal(heal_account_take(&account, ms(i), &probes[i + 1]), HEAL_ACCOUNT_COUNTED);
        assert_int_equal(heal_account_take(&account, ms(i), &probes[i + 1]), HEAL_ACCOUNT_DUPLICATE);
        assert_int_equal(heal_account_take(&account, ms(i), &probes[i]), HEAL_ACCOUNT_COUNTED);
        assert_int_equal(heal_account_take(&account, ms(i), &probes[i]), HEAL_ACCOUNT_DUPLICATE);
    }
    struct heal_link_account totals = read_at(&account, ms(100));
    assert_int_equal(totals.expected[SMALL], 99);
    assert_int_equal(totals.received[SMALL], 99);
    /* exactly at the edge of the window, and one behind it */
    assert_int_equal(heal_account_take(&account, ms(100), &probes[98 - 63]), HEAL_ACCOUNT_DUPLICATE);
    assert_int_equal(heal_account_take(&account, ms(100), &probes[98 - 64]), HEAL_ACCOUNT_OLD);
}

static void test_probes_from_before_the_beginning(void **state) {
    (void)state;
    struct heal_account account;
    struct sender sender = {.epoch = 7};
    struct heal_account_probe early = next_probe(&sender, SMALL), large = next_probe(&sender, FULL),
                              first = next_probe(&sender, SMALL);

    heal_account_init(&account, 1);
    assert_int_equal(heal_account_take(&account, 0, &first), HEAL_ACCOUNT_COUNTED);
    assert_int_equal(heal_account_take(&account, 0, &early), HEAL_ACCOUNT_OLD);
    assert_int_equal(heal_account_take(&account, 0, &large), HEAL_ACCOUNT_OLD);
    struct heal_link_account totals = read_at(&account, 0);
    assert_int_equal(totals.expected[SMALL], 1);
    assert_int_equal(totals.received[SMALL], 1);
    assert_int_equal(totals.expected[FULL], 0);
    assert_int_equal(totals.received[FULL], 0);
}

static void test_numbers_wrap(void **state) {
    (void)state;
    struct heal_account account;
    struct sender sender = {
        .epoch = 7, .sent = {UINT32_MAX - 10, UINT32_MAX - 3}
    };

    heal_account_init(&account, 1);
    for (unsigned i = 0; i < 40; i++) {
        struct heal_account_probe probe = next_probe(&sender, i % 2 ? FULL : SMALL);

        if (i % 4 != 2)
            assert_int_equal(heal_account_take(&account, ms(i * 50), &probe), HEAL_ACCOUNT_COUNTED);
    }
    struct heal_link_account totals = read_at(&account, ms(2000));
    assert_int_equal(totals.expected[SMALL], 20);
    assert_int_equal(totals.received[SMALL], 10);
    assert_int_equal(totals.expected[FULL], 20);
    assert_int_equal(totals.received[FULL], 20);
}

static void test_sender_starts_anew(void **state) {
    (void)state;
    struct heal_account account;
    struct sender before =
                      {
                          .epoch = 7, .sent = {900, 0}
    },
                  after = {.epoch = 8};
    struct heal_account_probe old = next_probe(&before, SMALL), late = next_probe(&before, SMALL);

    heal_account_init(&account, 1);
    heal_account_take(&account, 0, &old);
    uint32_t epoch = read_at(&account, 0).epoch;
    for (int i = 1; i <= HEAL_ACCOUNT_BELIEVED; i++) {
        struct heal_account_probe fresh = next_probe(&after, SMALL);
        assert_int_equal(heal_account_take(&account, ms(9000), &fresh),
                         i < HEAL_ACCOUNT_BELIEVED ? HEAL_ACCOUNT_OLD : HEAL_ACCOUNT_COUNTED);
    }
    /* what is still under way from before the restart does not bring the old account back */
    assert_int_equal(heal_account_take(&account, ms(9001), &late), HEAL_ACCOUNT_OLD);
    struct heal_account_probe next = next_probe(&after, SMALL);
    assert_int_equal(heal_account_take(&account, ms(9002), &next), HEAL_ACCOUNT_COUNTED);
    struct heal_link_account totals = read_at(&account, ms(9002));
    assert_int_not_equal(totals.epoch, epoch);
    assert_int_equal(totals.expected[SMALL], 2);
    assert_int_equal(totals.received[SMALL], 2);
    assert_int_equal(totals.outages, 0);
}

/* One packet that anybody can send must not make an end of the account; and if many have, the true sender has
 * it back as soon. */
static void test_forged_epoch(void **state) {
    (void)state;
    struct heal_account account;
    struct sender sender = {.epoch = 7}, forger = {.epoch = 99};

    heal_account_init(&account, 1);
    for (unsigned i = 0; i < 20; i++) {
        struct heal_account_probe probe = next_probe(&sender, SMALL), forged = next_probe(&forger, SMALL);
        assert_int_equal(heal_account_take(&account, ms(i * 100), &probe), HEAL_ACCOUNT_COUNTED);
        assert_int_equal(heal_account_take(&account, ms(i * 100 + 1), &forged), HEAL_ACCOUNT_OLD);
    }
    assert_int_equal(read_at(&account, ms(2000)).received[SMALL], 20);
    for (int i = 0; i < HEAL_ACCOUNT_BELIEVED; i++) {
        struct heal_account_probe forged = next_probe(&forger, SMALL);
        heal_account_take(&account, ms(2000), &forged);
    }
    enum heal_account_result result = HEAL_ACCOUNT_OLD;
    for (int i = 0; i < HEAL_ACCOUNT_BELIEVED; i++) {
        struct heal_account_probe probe = next_probe(&sender, SMALL);
        result = heal_account_take(&account, ms(2001), &probe);
    }
    assert_int_equal(result, HEAL_ACCOUNT_COUNTED);
}

/* Nor does one with the sender's own epoch and a number far ahead. */
static void test_forged_number(void **state) {
    (void)state;
    struct heal_account account;
    struct sender sender = {.epoch = 7};

    heal_account_init(&account, 1);
    for (unsigned i = 0; i < 20; i++) {
        struct heal_account_probe probe = next_probe(&sender, SMALL), forged = probe;

        forged.sent[SMALL] += 1U << 20;
        assert_int_equal(heal_account_take(&account, ms(i * 100), &probe), HEAL_ACCOUNT_COUNTED);
        assert_int_equal(heal_account_take(&account, ms(i * 100 + 1), &forged), HEAL_ACCOUNT_OLD);
    }
    assert_int_equal(read_at(&account, ms(2000)).received[SMALL], 20);
}

static void test_receiver_starts_anew(void **state) {
    (void)state;
    struct heal_account one, two;
    struct sender sender = {.epoch = 7};
    struct heal_account_probe probe = next_probe(&sender, SMALL);

    heal_account_init(&one, 1);
    heal_account_init(&two, 2);
    heal_account_take(&one, 0, &probe);
    heal_account_take(&two, 0, &probe);
    assert_int_not_equal(read_at(&one, 0).epoch, read_at(&two, 0).epoch);
}

static void test_numbers_that_jump_begin_a_new_epoch(void **state) {
    (void)state;
    struct heal_account account;
    struct sender sender = {.epoch = 7};
    struct heal_account_probe probe = next_probe(&sender, SMALL);

    heal_account_init(&account, 1);
    heal_account_take(&account, 0, &probe);
    uint32_t epoch = read_at(&account, 0).epoch;
    probe.sent[SMALL] += 1U << 30;
    for (int i = 1; i < HEAL_ACCOUNT_BELIEVED; i++, probe.sent[SMALL]++)
        assert_int_equal(heal_account_take(&account, ms(1), &probe), HEAL_ACCOUNT_OLD);
    assert_int_equal(heal_account_take(&account, ms(1), &probe), HEAL_ACCOUNT_COUNTED);
    struct heal_link_account totals = read_at(&account, ms(1));
    assert_int_not_equal(totals.epoch, epoch);
    assert_int_equal(totals.expected[SMALL], 1);
}

static void test_outage(void **state) {
    (void)state;
    struct heal_account account;
    struct sender sender = {.epoch = 7};

    heal_account_init(&account, 1);
    /* 20 a second of each size; nothing from 1000 to 3000 ms; one alone lost before and one after */
    for (unsigned i = 0; i < 100; i++) {
        struct heal_account_probe small = next_probe(&sender, SMALL), full = next_probe(&sender, FULL);
        bool away = i * 50 >= 1000 && i * 50 < 3000;

        if (!away && i != 5 && i != 90) {
            heal_account_take(&account, ms(i * 50), &small);
            heal_account_take(&account, ms(i * 50), &full);
        }
    }
    struct heal_link_account totals = read_at(&account, ms(5000));
    assert_int_equal(totals.outages, 1);
    assert_int_equal(totals.outage_lost[SMALL], 40);
    assert_int_equal(totals.outage_lost[FULL], 40);
    assert_int_equal(totals.expected[SMALL] - totals.received[SMALL], 42);
}

static void test_orderly_stop_is_no_outage(void **state) {
    (void)state;
    struct heal_account account;
    struct sender sender = {.epoch = 7};
    struct heal_account_probe probe = next_probe(&sender, SMALL);

    heal_account_init(&account, 1);
    heal_account_take(&account, 0, &probe);
    probe = next_probe(&sender, SMALL);
    heal_account_take(&account, ms(60000), &probe);
    assert_int_equal(read_at(&account, ms(60000)).outages, 0);
    /* at a slow pace, two lost in a row are a long gap, and still chance */
    next_probe(&sender, SMALL);
    next_probe(&sender, FULL);
    probe = next_probe(&sender, SMALL);
    heal_account_take(&account, ms(61500), &probe);
    assert_int_equal(read_at(&account, ms(61500)).outages, 0);
    assert_int_equal(read_at(&account, ms(61500)).outage_lost[SMALL], 0);
}

static void test_short_burst_is_loss_not_outage(void **state) {
    (void)state;
    struct heal_account account;
    struct sender sender = {.epoch = 7};
    struct heal_account_probe probe = next_probe(&sender, SMALL);

    heal_account_init(&account, 1);
    heal_account_take(&account, 0, &probe);
    for (unsigned i = 0; i < 10; i++)
        next_probe(&sender, SMALL);
    probe = next_probe(&sender, SMALL);
    heal_account_take(&account, ms(299), &probe);
    struct heal_link_account totals = read_at(&account, ms(299));
    assert_int_equal(totals.outages, 0);
    assert_int_equal(totals.expected[SMALL] - totals.received[SMALL], 10);
}

static void test_late_probes_take_back_an_outage_lost(void **state) {
    (void)state;
    struct heal_account account;
    struct sender sender = {.epoch = 7};
    struct heal_account_probe probe = next_probe(&sender, SMALL), held[5];

    heal_account_init(&account, 1);
    heal_account_take(&account, 0, &probe);
    for (unsigned i = 0; i < 5; i++)
        held[i] = next_probe(&sender, SMALL);
    probe = next_probe(&sender, SMALL);
    heal_account_take(&account, ms(400), &probe);
    assert_int_equal(read_at(&account, ms(400)).outage_lost[SMALL], 5);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(heal_account_take(&account, ms(401), &held[i]), HEAL_ACCOUNT_COUNTED);
    struct heal_link_account totals = read_at(&account, ms(401));
    assert_int_equal(totals.outage_lost[SMALL], 0);
    assert_int_equal(totals.received[SMALL], totals.expected[SMALL]);
}

/* Against the plain truth, over many random histories: loss, reordering within the window, duplicates. */
static void test_random_histories(void **state) {
    (void)state;
    enum { PROBES = 2000, DELAY = 8 };
    struct heal_random dice;

    for (uint64_t seed = 1; seed <= 50; seed++) {
        static struct heal_account_probe queue[PROBES * 2 + DELAY];
        struct sender sender = {
            .epoch = (uint32_t)seed, .sent = {UINT32_MAX - 50, 3}
        };
        struct heal_account account;
        uint32_t arrived[HEAL_PROBE_SIZES] = {0}, counted[HEAL_PROBE_SIZES] = {0};
        size_t length = 0;

        heal_random_init(&dice, seed);
        heal_account_init(&account, 1);
        for (unsigned i = 0; i < PROBES; i++) {
            struct heal_account_probe probe = next_probe(&sender, heal_random_next(&dice) % 2 ? FULL : SMALL);
            bool lost = i > 0 && i < PROBES - 1 && heal_random_uniform(&dice) < 0.3;

            if (lost)
                continue;
            arrived[probe.size]++;
            queue[length++] = probe;
            if (heal_random_uniform(&dice) < 0.1)
                queue[length++] = probe;
        }
        /* the first and the last keep their places, so that the account begins and ends with them */
        for (size_t i = 1; i + 2 < length; i++) {
            size_t rest = DELAY - i % DELAY, j = i + heal_random_next(&dice) % rest;

            if (j + 1 < length) {
                struct heal_account_probe swapped = queue[i];
                queue[i] = queue[j];
                queue[j] = swapped;
            }
        }
        for (size_t i = 0; i < length; i++) {
            if (heal_account_take(&account, ms(i * 10), &queue[i]) == HEAL_ACCOUNT_COUNTED)
                counted[queue[i].size]++;
        }
        struct heal_link_account totals = read_at(&account, ms(length * 10));
        for (unsigned size = 0; size < HEAL_PROBE_SIZES; size++) {
            assert_int_equal(totals.received[size], arrived[size]);
            assert_int_equal(counted[size], arrived[size]);
        }
        assert_int_equal(totals.expected[SMALL] + totals.expected[FULL], PROBES);
    }
}

static void test_pairs(void **state) {
    (void)state;
    struct heal_account account;

    heal_account_init(&account, 1);
    heal_account_pair(&account, 1000, 900);
    assert_int_equal(read_at(&account, 0).pair_sent, 1000);
    assert_int_equal(read_at(&account, 0).pair_received, 900);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_came),
        cmocka_unit_test(test_counts_from_the_first_heard),
        cmocka_unit_test(test_hole_for_large_ones),
        cmocka_unit_test(test_out_of_order_and_duplicates),
        cmocka_unit_test(test_probes_from_before_the_beginning),
        cmocka_unit_test(test_numbers_wrap),
        cmocka_unit_test(test_sender_starts_anew),
        cmocka_unit_test(test_forged_epoch),
        cmocka_unit_test(test_forged_number),
        cmocka_unit_test(test_receiver_starts_anew),
        cmocka_unit_test(test_numbers_that_jump_begin_a_new_epoch),
        cmocka_unit_test(test_outage),
        cmocka_unit_test(test_orderly_stop_is_no_outage),
        cmocka_unit_test(test_short_burst_is_loss_not_outage),
        cmocka_unit_test(test_late_probes_take_back_an_outage_lost),
        cmocka_unit_test(test_random_histories),
        cmocka_unit_test(test_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
