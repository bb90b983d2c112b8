/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/pairs.h"

#include <errno.h>
#include <float.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct heal_pairs pairs_of(const char *text, struct heal_error *error) {
    struct heal_pairs pairs;

    heal_pairs_init(&pairs, text, strlen(text), error);
    return pairs;
}

static void test_reads_words_and_quotes(void **state) {
    (void)state;
    struct heal_error error = {0};
    struct heal_pairs pairs = pairs_of("  a=1 b.c-d=\"two \\\"words\\\"\\n\\x07\" # c=3\n e= ", &error);
    uint64_t number = 0;
    char text[32];

    assert_int_equal(heal_pairs_next(&pairs), 1);
    assert_true(heal_pairs_is(&pairs, "a"));
    assert_int_equal(heal_pairs_u64(&pairs, 0, 9, &number), 0);
    assert_int_equal(number, 1);
    assert_int_equal(heal_pairs_next(&pairs), 1);
    assert_true(heal_pairs_is(&pairs, "b.c-d"));
    assert_int_equal(heal_pairs_text(&pairs, text, sizeof text), 0);
    assert_string_equal(text, "two \"words\"\n\x07");
    assert_int_equal(heal_pairs_next(&pairs), 1);
    assert_true(heal_pairs_is(&pairs, "e"));
    assert_int_equal(heal_pairs_text(&pairs, text, sizeof text), 0);
    assert_string_equal(text, "");
    assert_int_equal(heal_pairs_next(&pairs), 0);
}

static void test_refuses_with_the_place(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int line, column;
        const char *what;
    } cases[] = {
        {"a=1 b",                                                 1, 6, "name=value"        },
        {"a=1 =2",                                                1, 5, "name=value"        },
        {"a=1\n\n  B=2",                                          3, 3, "name=value"        },
        {"a=\"open",                                              1, 3, "never closed"      },
        {"a=\"open\nb=\"",                                        1, 3, "never closed"      },
        {"a=\"x\"y",                                              1, 6, "blank must follow" },
        {"a=x\"y\"",                                              1, 4, "inside a bare word"},
        {"a23456789012345678901234567890123456789012345678901=1", 1, 1, "too long"          },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct heal_error error = {0};
        struct heal_pairs pairs = pairs_of(cases[i].text, &error);
        int r;

        while ((r = heal_pairs_next(&pairs)) > 0)
            ;
        assert_int_equal(r, -EINVAL);
        assert_int_equal(error.line, cases[i].line);
        assert_int_equal(error.column, cases[i].column);
        assert_non_null(strstr(error.what, cases[i].what));
    }
}

static void test_refuses_values(void **state) {
    (void)state;
    static const char *const floats[] = {"nan", "inf", "0x1p3", "\"\"", "\" 1\"", "1e99", "1,5", "-", "1.5f"};
    static const char *const wholes[] = {"-1", "+1", "18446744073709551616", "1.0", "\"\"", "11", "0x1"};
    struct heal_error error = {0};
    char text[64];

    for (size_t i = 0; i < sizeof floats / sizeof floats[0]; i++) {
        float value = 42;

        snprintf(text, sizeof text, "x=%s", floats[i]);
        struct heal_pairs pairs = pairs_of(text, &error);
        assert_int_equal(heal_pairs_next(&pairs), 1);
        assert_int_equal(heal_pairs_float(&pairs, &value), -EINVAL);
        assert_true(value == 42.0f);
        assert_int_equal(error.column, 3);
    }
    for (size_t i = 0; i < sizeof wholes / sizeof wholes[0]; i++) {
        uint64_t value = 42;

        snprintf(text, sizeof text, "x=%s", wholes[i]);
        struct heal_pairs pairs = pairs_of(text, &error);
        assert_int_equal(heal_pairs_next(&pairs), 1);
        assert_int_equal(heal_pairs_u64(&pairs, 0, 10, &value), -EINVAL);
        assert_int_equal(value, 42);
    }
}

static void test_bad_escapes(void **state) {
    (void)state;
    static const char *const cases[] = {"\"\\q\"",   "\"\\x0\"", "\"\\xg1\"",
                                        "\"\\x00\"", "\"\\x1\"", "\"\\xA1\""};
    struct heal_error error = {0};
    char text[64], buffer[64];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(text, sizeof text, "x=%s", cases[i]);
        struct heal_pairs pairs = pairs_of(text, &error);
        assert_int_equal(heal_pairs_next(&pairs), 1);
        assert_int_equal(heal_pairs_text(&pairs, buffer, sizeof buffer), -EINVAL);
    }
}

static void test_text_must_fit(void **state) {
    (void)state;
    struct heal_error error = {0};
    struct heal_pairs pairs = pairs_of("x=12345678", &error);
    char small[8] = "old", exact[9];

    assert_int_equal(heal_pairs_next(&pairs), 1);
    assert_int_equal(heal_pairs_text(&pairs, small, sizeof small), -EINVAL);
    assert_string_equal(small, "old");
    assert_int_equal(heal_pairs_text(&pairs, exact, sizeof exact), 0);
    assert_string_equal(exact, "12345678");
}

static void test_word_must_fit(void **state) {
    (void)state;
    struct heal_error error = {0};
    struct heal_pairs pairs = pairs_of("  12345678 x", &error);
    char small[8] = "old", exact[9];

    assert_int_equal(heal_pairs_word(&pairs, small, sizeof small), -EINVAL);
    assert_string_equal(small, "old");
    assert_int_equal(error.column, 3);
    assert_int_equal(heal_pairs_word(&pairs, exact, sizeof exact), 1);
    assert_string_equal(exact, "12345678");
}

static void test_suggests_the_nearest(void **state) {
    (void)state;
    static const char *const names[] = {"metric", "prefix", NULL};
    struct heal_error error = {0};
    struct heal_pairs pairs = pairs_of("metrik=prefx", &error);
    unsigned index = 7;

    assert_int_equal(heal_pairs_next(&pairs), 1);
    assert_int_equal(heal_pairs_unknown(&pairs, names), -EINVAL);
    assert_non_null(strstr(error.what, "do you mean \"metric\"?"));
    assert_int_equal(error.column, 1);
    assert_int_equal(heal_pairs_choice(&pairs, names, &index), -EINVAL);
    assert_non_null(strstr(error.what, "do you mean \"prefix\"?"));
    assert_int_equal(error.column, 8);
    assert_int_equal(index, 7);
}

static void test_what_is_written_is_read_back(void **state) {
    (void)state;
    static const float floats[] = {0, -0.0f, 1.0f / 3, FLT_MAX, FLT_MIN, -FLT_TRUE_MIN, 16777215};
    char buffer[512], every[256], back[256];
    struct heal_text text;

    for (int i = 1; i < 256; i++)
        every[i - 1] = (char)i;
    every[255] = '\0';
    for (size_t i = 0; i < sizeof floats / sizeof floats[0]; i++) {
        float value = 42;

        heal_text_init(&text, buffer, sizeof buffer);
        heal_text_pair_float(&text, "f", floats[i]);
        struct heal_pairs pairs = pairs_of(buffer, NULL);
        assert_int_equal(heal_pairs_next(&pairs), 1);
        assert_int_equal(heal_pairs_float(&pairs, &value), 0);
        assert_memory_equal(&value, &floats[i], sizeof value);
    }
    heal_text_init(&text, buffer, sizeof buffer);
    heal_text_pair_text(&text, "t", every, sizeof every);
    heal_text_pair_i64(&text, "least", INT64_MIN);
    heal_text_pair_hex(&text, "hex", UINT64_MAX);
    assert_false(text.cut);
    struct heal_pairs pairs = pairs_of(buffer, NULL);
    int64_t least = 0;
    uint64_t hex = 0;
    assert_int_equal(heal_pairs_next(&pairs), 1);
    assert_int_equal(heal_pairs_text(&pairs, back, sizeof back), 0);
    assert_string_equal(back, every);
    assert_int_equal(heal_pairs_next(&pairs), 1);
    assert_int_equal(heal_pairs_i64(&pairs, INT64_MIN, INT64_MAX, &least), 0);
    assert_true(least == INT64_MIN);
    assert_int_equal(heal_pairs_next(&pairs), 1);
    assert_int_equal(heal_pairs_hex(&pairs, &hex), 0);
    assert_true(hex == UINT64_MAX);
    assert_int_equal(heal_pairs_next(&pairs), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_words_and_quotes), cmocka_unit_test(test_refuses_with_the_place),
        cmocka_unit_test(test_refuses_values),         cmocka_unit_test(test_bad_escapes),
        cmocka_unit_test(test_text_must_fit),          cmocka_unit_test(test_word_must_fit),
        cmocka_unit_test(test_suggests_the_nearest),   cmocka_unit_test(test_what_is_written_is_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
