/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/proc_text.h"
#include "wire/radio_text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_cpu(void **state) {
    (void)state;
    static const char text[] = "cpu  100 1 50 800 40 5 4 30 9 0\ncpu0 1 2 3\ncpu1 4 5 6\nintr 1 2\n";
    struct heal_proc_cpu cpu;
    assert_int_equal(heal_proc_cpu_parse(text, strlen(text), &cpu), 0);
    assert_int_equal(cpu.busy, 160);
    assert_int_equal(cpu.total, 1000);
    assert_int_equal(cpu.cpus, 2);
    assert_int_equal(heal_proc_cpu_parse("cpu  1 2 3", 10, &cpu), -EINVAL);
    assert_int_equal(heal_proc_cpu_parse("", 0, &cpu), -EINVAL);
    assert_int_equal(cpu.total, 1000); /* untouched */
}

static void test_memory(void **state) {
    (void)state;
    static const char text[] = "MemTotal:        1000 kB\nMemFree:  1 kB\nMemAvailable:    400 kB\n";
    struct heal_proc_memory memory;
    assert_int_equal(heal_proc_memory_parse(text, strlen(text), &memory), 0);
    assert_int_equal(memory.total_bytes, 1024000);
    assert_int_equal(memory.available_bytes, 409600);
    assert_int_equal(heal_proc_memory_parse(text, 30, &memory), -EINVAL);
    assert_int_equal(heal_proc_memory_parse("MemTotal: 99999999999999999999 kB\n", 34, &memory), -EINVAL);
}

static void test_pressure(void **state) {
    (void)state;
    static const char text[] = "some avg10=92.25 avg60=1.00 avg300=0.00 total=1\nfull avg10=0.00\n";
    float share = 0;
    assert_int_equal(heal_proc_pressure_parse(text, strlen(text), &share), 0);
    assert_true(share > 0.9224F && share < 0.9226F);
    assert_int_equal(heal_proc_pressure_parse(text, 12, &share), -EINVAL);
    assert_int_equal(heal_proc_pressure_parse("some avg10=101.00", 17, &share), -EINVAL);
}

static void test_process(void **state) {
    (void)state;
    static const char text[] =
        "4242 (a) evil) S 17 4242 4242 0 -1 4194304 100 0 0 0 11 22 33 44 20 0 1 0 987 1000000 "
        "250 18446744073709551615 1\n";
    struct heal_proc_process process;
    assert_int_equal(heal_proc_process_parse(text, strlen(text), &process), 0);
    assert_int_equal(process.pid, 4242);
    assert_int_equal(process.parent, 17);
    assert_string_equal(process.name, "a) evil");
    assert_int_equal(process.state, 'S');
    assert_int_equal(process.ticks, 33);
    assert_int_equal(process.children_ticks, 77);
    assert_int_equal(process.start_ticks, 987);
    assert_int_equal(process.rss_pages, 250);
    for (size_t length = 0; length < (size_t)(strstr(text, " 250") - text); length++) {
        assert_int_equal(heal_proc_process_parse(text, length, &process), -EINVAL);
    }
}

static void test_number(void **state) {
    (void)state;
    uint64_t number = 7;
    assert_int_equal(heal_proc_number_parse(" 123\n", 5, 200, &number), 0);
    assert_int_equal(number, 123);
    assert_int_equal(heal_proc_number_parse("201", 3, 200, &number), -EINVAL);
    assert_int_equal(heal_proc_number_parse("12x", 3, 200, &number), -EINVAL);
    assert_int_equal(heal_proc_number_parse("", 0, 200, &number), -EINVAL);
    assert_int_equal(heal_proc_number_parse("-1", 2, 200, &number), -EINVAL);
    assert_int_equal(number, 123);
}

static int quota(const char *text, struct heal_proc_quota *ret_quota) {
    return heal_proc_quota_parse(text, strlen(text), ret_quota);
}

static void test_quota(void **state) {
    (void)state;
    struct heal_proc_quota seen = {7, 7};
    static const char *const bad[] = {"",
                                      "max",
                                      "max 0",
                                      "20000",
                                      "0 100000",
                                      "-1 10",
                                      "20000 100 1",
                                      "20000 1x",
                                      "20000 99999999999",
                                      "maximum 1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(quota(bad[i], &seen), -EINVAL);
    }
    assert_int_equal(seen.quota_us, 7);
    assert_int_equal(quota("max 100000\n", &seen), 0);
    assert_true(seen.quota_us == 0 && seen.period_us == 100000);
    assert_int_equal(quota("20000 50000\n", &seen), 0);
    assert_true(seen.quota_us == 20000 && seen.period_us == 50000);
}

static int radio(const char *line, struct heal_reading_radio *ret_radio, int *ret_column) {
    struct heal_error error = {0};
    int r = heal_radio_line_parse(line, strlen(line), ret_radio, &error);
    *ret_column = error.column;
    return r;
}

static void test_radio(void **state) {
    (void)state;
    struct heal_reading_radio reading = {0};
    int column;
    assert_int_equal(radio("v0 fe80::1 -61.5 -95\n", &reading, &column), 0);
    assert_string_equal(reading.port.ifname, "v0");
    assert_true(reading.rssi_dbm == -61.5F && reading.noise_dbm == -95.0F && reading.has_noise);
    assert_int_equal(radio("v0 fe80::1 -61 -", &reading, &column), 0);
    assert_false(reading.has_noise);
    assert_int_equal(radio("  \n", &reading, &column), 1);
    assert_int_equal(radio("# v0", &reading, &column), 1);
    assert_int_equal(radio("v0 fe80::1 nan -", &reading, &column), -EINVAL);
    assert_int_equal(column, 12);
    assert_int_equal(radio("v0 fe80::1 -61", &reading, &column), -EINVAL);
    assert_int_equal(column, 15);
    assert_int_equal(radio("v0 fe80::1 -61 - more", &reading, &column), -EINVAL);
    assert_int_equal(column, 18);
    assert_int_equal(radio("abcdefghijklmnop fe80::1 -61 -", &reading, &column), -EINVAL);
    assert_int_equal(column, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cpu),     cmocka_unit_test(test_memory), cmocka_unit_test(test_pressure),
        cmocka_unit_test(test_process), cmocka_unit_test(test_number), cmocka_unit_test(test_radio),
        cmocka_unit_test(test_quota),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
