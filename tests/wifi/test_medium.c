/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The medium of the Wi-Fi lab: what its text means, where a wrong one is wrong, and what arrives. */
#include "wifi/medium.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { FRAMES = 20000, BYTES = 1000, SLOW = 4 /* 6 Mbit/s */, FAST = 11 /* 54 Mbit/s */ };

static void read_as(const char *text, struct heal_medium *medium) {
    struct heal_error error = {0};

    if (heal_medium_parse(text, strlen(text), medium, &error) < 0)
        fail_msg("%d:%d: %s", error.line, error.column, error.what);
}

static double share_that_arrives(const struct heal_medium *medium, unsigned from, unsigned to,
                                 unsigned rate) {
    struct heal_random random;
    int arrived = 0;

    heal_random_init(&random, 7);
    for (int i = 0; i < FRAMES; i++)
        arrived += heal_medium_attempt(medium, &random, from, to, rate, BYTES);
    return (double)arrived / FRAMES;
}

static void close_to(double value, double wanted, double tolerance) {
    if (!(value >= wanted - tolerance && value <= wanted + tolerance))
        fail_msg("%g is not within %g of %g", value, tolerance, wanted);
}

static void text_says_who_hears_whom(void **state) {
    static struct heal_medium medium;

    (void)state;
    read_as("# two rooms\nradio 0 at 0,0\n\n  radio 3 at 30,-40 power 10dBm # behind a wall\n"
            "radio 4 at 1,1\nloss 0>3 100%\nsilent 4\n",
            &medium);
    assert_true(heal_medium_has_path(&medium, 3, 0));
    assert_false(heal_medium_has_path(&medium, 0, 3));
    assert_false(heal_medium_has_path(&medium, 0, 4));
    assert_false(heal_medium_has_path(&medium, 4, 0));
    assert_false(heal_medium_has_path(&medium, 0, 1));
    assert_false(heal_medium_has_path(&medium, 0, 0));
    /* 40.1 dB over the first metre at 2412 MHz, 30 log10(50) = 50.97 beyond. */
    close_to(heal_medium_signal(&medium, 0, 3), 20 - 91.07, 0.05);
    close_to(heal_medium_signal(&medium, 3, 0), 10 - 91.07, 0.05);
}

static void loss_is_a_share_of_the_attempts(void **state) {
    static struct heal_medium medium;

    (void)state;
    read_as("radio 0 at 0,0\nradio 1 at 20,0\nloss 0>1 80%\n", &medium);
    close_to(share_that_arrives(&medium, 0, 1, SLOW), 0.2, 0.01);
    close_to(share_that_arrives(&medium, 1, 0, SLOW), 1, 0.001);
    read_as("radio 0 at 0,0\nradio 1 at 20,0\nloss 0-1 0.5\n", &medium);
    close_to(share_that_arrives(&medium, 0, 1, FAST), 0.5, 0.015);
    close_to(share_that_arrives(&medium, 1, 0, FAST), 0.5, 0.015);
}

/* What rate control lives on: far away the fast rates fail first. */
static void fast_rates_need_more_signal(void **state) {
    static struct heal_medium medium;
    double before = 0;

    (void)state;
    read_as("radio 0 at 0,0\nradio 1 at 20,0\nradio 2 at 160,0\nradio 3 at 400,0\n", &medium);
    assert_true(heal_medium_attempt_loss(&medium, 0, 1, FAST, BYTES) < 0.001);
    assert_true(heal_medium_attempt_loss(&medium, 0, 2, SLOW, BYTES) < 0.001);
    assert_true(heal_medium_attempt_loss(&medium, 0, 2, FAST, BYTES) > 0.999);
    assert_true(heal_medium_attempt_loss(&medium, 0, 3, SLOW, BYTES) > 0.999);
    assert_true(heal_medium_attempt_loss(&medium, 0, 2, 99, BYTES) > 0.999);
    for (unsigned rate = SLOW; rate <= FAST; rate++) {
        double loss = heal_medium_attempt_loss(&medium, 0, 2, rate, BYTES);

        assert_true(loss >= before && loss <= 1);
        before = loss;
    }
    assert_true(heal_medium_attempt_loss(&medium, 0, 2, 8, 1500) >=
                heal_medium_attempt_loss(&medium, 0, 2, 8, 100));
}

static void same_seed_same_losses(void **state) {
    static struct heal_medium medium;
    struct heal_random one, other;

    (void)state;
    read_as("radio 0 at 0,0\nradio 1 at 20,0\nloss 0-1 30%\n", &medium);
    heal_random_init(&one, 5);
    heal_random_init(&other, 5);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(heal_medium_attempt(&medium, &one, 0, 1, SLOW, BYTES),
                         heal_medium_attempt(&medium, &other, 0, 1, SLOW, BYTES));
}

static void wrong_text_is_told_with_its_place(void **state) {
    static const struct {
        const char *text;
        int line, column;
        const char *what;
    } wrong[] = {
        {"radio 0 at 0,0\nwall 0",                                        2, 1,  "'radio', 'loss' or 'silent' is wanted, not 'wall'"     },
        {"radio",                                                         1, 6,  "the number of a radio, 0 to 31, is wanted, not nothing"},
        {"radio 32 at 0,0",                                               1, 7,  "the number of a radio, 0 to 31, is wanted, not '32'"   },
        {"radio 0 in 0,0",                                                1, 9,  "'at' is wanted, not 'in'"                              },
        {"radio 0 at 0;0",                                                1, 12, "a place in metres, X,Y, is wanted, not '0;0'"          },
        {"radio 0 at 0,nan",                                              1, 12, "a place in metres, X,Y, is wanted, not '0,nan'"        },
        {"radio 0 at 0,0 power 20",                                       1, 22, "a power such as 20dBm, -50 to 50, is wanted, not '20'" },
        {"radio 0 at 0,0 power 20dBm high",                               1, 28, "the end of the line is wanted, not 'high'"             },
        {"radio 0 at 0,0\nradio 0 at 1,1",                                2, 7,  "a radio that has no place yet is wanted, not '0'"      },
        {"radio 0 at 0,0\nloss 0-1 5%",                                   2, 6,
         "two radios that have a place above, A-B or A>B, is wanted, not '0-1'"                                                          },
        {"radio 0 at 0,0\nloss 0-0 5%",                                   2, 6,
         "two radios that have a place above, A-B or A>B, is wanted, not '0-0'"                                                          },
        {"radio 0 at 0,0\nradio 1 at 0,0\nloss 0>1 101%",                 3, 10, "a share such as 80% is wanted, not '101%'"             },
        {"silent 0",                                                      1, 8,  "a radio that has a place above is wanted, not '0'"     },
        {"radio 000000000000000000000000000000000000000000000000 at 0,0", 1, 7,
         "a word of text, of at most 47 bytes, is wanted, not nothing"                                                                   },
    };
    static struct heal_medium medium, before;

    (void)state;
    read_as("radio 0 at 3,4\n", &medium);
    before = medium;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct heal_error error = {0};

        assert_true(heal_medium_parse(wrong[i].text, strlen(wrong[i].text), &medium, &error) < 0);
        assert_string_equal(error.what, wrong[i].what);
        assert_int_equal(error.line, wrong[i].line);
        assert_int_equal(error.column, wrong[i].column);
        assert_memory_equal(&medium, &before, sizeof medium);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_says_who_hears_whom),
        cmocka_unit_test(loss_is_a_share_of_the_attempts),
        cmocka_unit_test(fast_rates_need_more_signal),
        cmocka_unit_test(same_seed_same_losses),
        cmocka_unit_test(wrong_text_is_told_with_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
