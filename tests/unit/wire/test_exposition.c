/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The text exposition format, byte by byte. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the above first. */
#include <cmocka.h>

#include "wire/exposition.h"

static char buffer[4096];
static struct heal_exposition x;

static int set_up(void **state) {
    (void)state;
    heal_exposition_init(&x, buffer, sizeof buffer);
    return 0;
}

static void test_head_once(void **state) {
    const struct heal_exposition_label label[] = {
        {"kind", "a" },
        {"b",    "c" },
        {NULL,   NULL}
    };

    (void)state;
    heal_exposition_family(&x, "heald_x_total", HEAL_EXPOSITION_COUNTER, "What x\\is.\nTwice.");
    heal_exposition_sample(&x, 3, label);
    heal_exposition_sample(&x, 0.25, NULL);
    assert_string_equal(buffer, "# HELP heald_x_total What x\\\\is.\\nTwice.\n# TYPE heald_x_total counter\n"
                                "heald_x_total{kind=\"a\",b=\"c\"} 3\nheald_x_total 0.25\n");
    assert_int_equal(x.length, strlen(buffer));
}

static void test_family_without_samples_is_silent(void **state) {
    (void)state;
    heal_exposition_family(&x, "heald_a", HEAL_EXPOSITION_GAUGE, "A.");
    heal_exposition_family(&x, "heald_b", HEAL_EXPOSITION_GAUGE, "B.");
    heal_exposition_sample(&x, 1, NULL);
    assert_string_equal(buffer, "# HELP heald_b B.\n# TYPE heald_b gauge\nheald_b 1\n");
}

static void test_label_values_are_escaped(void **state) {
    static const struct {
        const char *value, *written;
    } row[] = {
        {"a\"b\\c\nd",                           "a\\\"b\\\\c\\nd"                     },
        {"\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80"},
        {"\xff.",                                "\xef\xbf\xbd."                       }, /* no byte of UTF-8 */
        {"\xc3",                                 "\xef\xbf\xbd"                        }, /* cut */
        {"\xc0\xaf",                             "\xef\xbf\xbd\xef\xbf\xbd"            }, /* overlong */
        {"\xed\xa0\x80",                         "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* a surrogate */
    };

    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        const struct heal_exposition_label label[] = {
            {"l",  row[i].value},
            {NULL, NULL        }
        };
        char want[200] = "# HELP f F.\n# TYPE f gauge\nf{l=\"";

        set_up(state);
        heal_exposition_family(&x, "f", HEAL_EXPOSITION_GAUGE, "F.");
        heal_exposition_sample(&x, 1, label);
        strcat(want, row[i].written);
        strcat(want, "\"} 1\n");
        assert_string_equal(buffer, want);
    }
}

static void test_numbers(void **state) {
    (void)state;
    heal_exposition_family(&x, "f", HEAL_EXPOSITION_GAUGE, "F.");
    heal_exposition_sample(&x, NAN, NULL);
    heal_exposition_sample(&x, INFINITY, NULL);
    heal_exposition_sample(&x, -INFINITY, NULL);
    heal_exposition_sample(&x, 18446744073709551615.0, NULL);
    heal_exposition_sample(&x, 123456789012, NULL);
    heal_exposition_sample(&x, -0.001, NULL);
    assert_string_equal(strstr(buffer, "gauge\n") + 6,
                        "f NaN\nf +Inf\nf -Inf\nf 1.84467441e+19\nf 123456789012\nf -0.001\n");
}

static void test_histogram_is_cumulative(void **state) {
    const struct heal_exposition_bucket bucket[] = {
        {0.001, 5},
        {0.5,   0},
        {2,     3}
    };

    (void)state;
    heal_exposition_family(&x, "h", HEAL_EXPOSITION_HISTOGRAM, "H.");
    heal_exposition_histogram(&x, bucket, 3, 9, 1.5);
    assert_string_equal(buffer,
                        "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"0.001\"} 5\nh_bucket{le=\"0.5\"} 5\n"
                        "h_bucket{le=\"2\"} 8\nh_bucket{le=\"+Inf\"} 9\nh_sum 1.5\nh_count 9\n");
}

static void test_summary(void **state) {
    (void)state;
    heal_exposition_family(&x, "s", HEAL_EXPOSITION_SUMMARY, "S.");
    heal_exposition_summary(&x, 4, 2.5);
    assert_string_equal(buffer, "# HELP s S.\n# TYPE s summary\ns_sum 2.5\ns_count 4\n");
}

static void test_what_does_not_fit_is_left_out_whole(void **state) {
    static const char whole[] = "# HELP f F.\n# TYPE f gauge\nf 1\nf 2\n";

    (void)state;
    for (size_t size = 1; size <= sizeof whole; size++) {
        heal_exposition_init(&x, buffer, size);
        heal_exposition_family(&x, "f", HEAL_EXPOSITION_GAUGE, "F.");
        heal_exposition_sample(&x, 1, NULL);
        heal_exposition_sample(&x, 2, NULL);
        assert_int_equal(x.cut, size < sizeof whole);
        assert_int_equal(x.length, strlen(buffer));
        assert_true(x.length == 0 || buffer[x.length - 1] == '\n');
        assert_memory_equal(buffer, whole, x.length < 31 ? x.length : 31);
    }
    assert_string_equal(buffer, whole);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_head_once, set_up),
        cmocka_unit_test_setup(test_family_without_samples_is_silent, set_up),
        cmocka_unit_test_setup(test_label_values_are_escaped, set_up),
        cmocka_unit_test_setup(test_numbers, set_up),
        cmocka_unit_test_setup(test_histogram_is_cumulative, set_up),
        cmocka_unit_test_setup(test_summary, set_up),
        cmocka_unit_test_setup(test_what_does_not_fit_is_left_out_whole, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
