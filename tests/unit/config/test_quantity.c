/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Durations, sizes and numbers: what is taken, what is not, and that what is written reads back. */
#include "config/quantity.h"

#include "base/cleanup.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void test_durations(void **state) {
    static const struct {
        const char *text;
        heal_us duration;
    } good[] = {
        {"0",          0           },
        {"0s",         0           },
        {"1us",        1           },
        {"250ms",      250000      },
        {"1s",         1000000     },
        {"1.5s",       1500000     },
        {"0.25s",      250000      },
        {"10min",      600000000   },
        {"1h",         3600000000  },
        {"2d",         172800000000},
        {"0.0000004s", 0           },
        {"007s",       7000000     },
    };

    (void)state;
    for (size_t i = 0; i < HEAL_COUNT(good); i++) {
        heal_us duration = UINT64_MAX;

        assert_int_equal(heal_duration_parse(good[i].text, &duration), 0);
        assert_int_equal(duration, good[i].duration);
    }
}

static void test_bad_durations(void **state) {
    static const char *const bad[] = {"",     "s",   "1",   "250", "1 s",   "-1s",    "+1s",  "1S",
                                      "1sec", "1m",  ".5s", "1.s", "1..5s", "1e3s",   "0x1s", "nan",
                                      "infs", "1s ", "1ss", " 1s", "1,5s",  "1h30min"};
    heal_us duration = 42;

    (void)state;
    for (size_t i = 0; i < HEAL_COUNT(bad); i++)
        if (heal_duration_parse(bad[i], &duration) != -EINVAL)
            fail_msg("'%s' was taken", bad[i]);
    assert_int_equal(heal_duration_parse("99999999999999999999d", &duration), -ERANGE);
    assert_int_equal(heal_duration_parse("1000000000000000001us", &duration), -ERANGE);
    assert_int_equal(duration, 42);
}

static void test_sizes(void **state) {
    static const struct {
        const char *text;
        uint64_t bytes;
    } good[] = {
        {"0",      0            },
        {"4096",   4096         },
        {"1B",     1            },
        {"1kB",    1000         },
        {"1KiB",   1024         },
        {"64MiB",  64 << 20     },
        {"1.5GiB", 1536ULL << 20},
        {"1GB",    1000000000   },
        {"2TiB",   2ULL << 40   },
        {"3MB",    3000000      },
        {"0.5KiB", 512          },
        {"1TB",    1000000000000},
    };
    static const char *const bad[] = {"", "MiB", "64mib", "64 MiB", "-1", "1KB", "64M", "0x10", "1e3"};
    uint64_t bytes = 42;

    (void)state;
    for (size_t i = 0; i < HEAL_COUNT(bad); i++)
        if (heal_size_parse(bad[i], &bytes) != -EINVAL)
            fail_msg("'%s' was taken", bad[i]);
    assert_int_equal(heal_size_parse("18446744073709551616", &bytes), -ERANGE);
    assert_int_equal(heal_size_parse("9999999TiB", &bytes), -ERANGE);
    assert_int_equal(bytes, 42);
    for (size_t i = 0; i < HEAL_COUNT(good); i++) {
        assert_int_equal(heal_size_parse(good[i].text, &bytes), 0);
        assert_int_equal(bytes, good[i].bytes);
    }
}

static void test_numbers(void **state) {
    static const char *const bad[] = {"",    "%",   ".",   "1.", ".5",  "-1",
                                      "1e3", "nan", "inf", "1 ", "1%%", "0x1"};
    double number = 42;

    (void)state;
    for (size_t i = 0; i < HEAL_COUNT(bad); i++)
        if (heal_number_parse(bad[i], &number) != -EINVAL)
            fail_msg("'%s' was taken", bad[i]);
    assert_int_equal(heal_number_parse("1000000000000001", &number), -ERANGE);
    assert_true(number == 42);
    assert_int_equal(heal_number_parse("0.03", &number), 0);
    assert_true(number == 0.03);
    assert_int_equal(heal_number_parse("5%", &number), 0);
    assert_true(number == 0.05);
    assert_int_equal(heal_number_parse("0.3333333333333333333333333333333333333333333", &number), 0);
    assert_true(number == 0.333333333333);
}

/* However fine a number is given, what was read is written so that it reads back. */
static void test_fine_numbers(void **state) {
    char text[HEAL_QUANTITY_MAX], given[64];

    (void)state;
    for (unsigned i = 1; i < 200000; i = i * 9 / 8 + 7)
        for (unsigned zeros = 0; zeros < 16; zeros++) {
            double number = -1, back = -1;

            snprintf(given, sizeof given, "0.%.*s%u%s", (int)zeros, "0000000000000000", i, i % 2 ? "%" : "");
            assert_int_equal(heal_number_parse(given, &number), 0);
            assert_int_equal(heal_number_parse(heal_number_format((float)number, text), &back), 0);
            if ((float)back != (float)number)
                fail_msg("%s became %s", given, text);
        }
}

static void test_what_is_written_reads_back(void **state) {
    static const heal_us durations[] = {0,      1,       999,      1000,       1500,
                                        250000, 1000000, 90000000, 3600000000, 86400000001};
    static const uint64_t sizes[] = {0, 1, 1000, 1024, 1536, 64 << 20, (64 << 20) + 1, 1ULL << 40};
    static const float numbers[] = {0.0F, 0.03F,   0.1F,     1.0F / 3, 8.0F,  0.98F,
                                    1e6F, 0.0001F, 123.456F, 4096.0F,  1e-7F, 16777216.0F};
    char text[HEAL_QUANTITY_MAX];

    (void)state;
    for (size_t i = 0; i < HEAL_COUNT(durations); i++) {
        heal_us back = UINT64_MAX;

        assert_int_equal(heal_duration_parse(heal_duration_format(durations[i], text), &back), 0);
        assert_int_equal(back, durations[i]);
    }
    for (size_t i = 0; i < HEAL_COUNT(sizes); i++) {
        uint64_t back = UINT64_MAX;

        assert_int_equal(heal_size_parse(heal_size_format(sizes[i], text), &back), 0);
        assert_int_equal(back, sizes[i]);
    }
    for (size_t i = 0; i < HEAL_COUNT(numbers); i++) {
        double back = -1;

        assert_int_equal(heal_number_parse(heal_number_format(numbers[i], text), &back), 0);
        assert_true((float)back == numbers[i]);
    }
    assert_string_equal(heal_duration_format(90000000, text), "90s");
    assert_string_equal(heal_duration_format(600000000, text), "10min");
    assert_string_equal(heal_size_format(64 << 20, text), "64MiB");
    assert_string_equal(heal_number_format(0.03F, text), "0.03");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durations),    cmocka_unit_test(test_bad_durations),
        cmocka_unit_test(test_sizes),        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_fine_numbers), cmocka_unit_test(test_what_is_written_reads_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
