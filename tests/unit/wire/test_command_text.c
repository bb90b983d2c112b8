/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/command_text.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static char line[HEAL_COMMAND_LINE_MAX];

static void test_route(void **state) {
    (void)state;
    struct heal_command command = {.kind = HEAL_COMMAND_ROUTE_ADD, .ticket = 3, .incident = 5};

    assert_int_equal(heal_prefix_parse("fd00::7", &command.route.prefix), 0);
    assert_int_equal(heal_address_parse("fe80::1", &command.route.via.peer), 0);
    strcpy(command.route.via.ifname, "to-b");
    command.route.metric = HEAL_ROUTE_METRIC;
    assert_true(heal_command_format(&command, line, sizeof line) > 0);
    assert_string_equal(line, "route-add ticket=3 incident=5 prefix=fd00::7/128 via=fe80::1%to-b metric=512");
}

static void test_text_is_quoted(void **state) {
    (void)state;
    struct heal_command command = {.kind = HEAL_COMMAND_NOTIFY, .notify.incident = 9};

    strcpy(command.notify.text, "two\nlines");
    int length = heal_command_format(&command, line, sizeof line);
    assert_string_equal(line, "notify ticket=0 incident=0 about=9 text=\"two\\nlines\"");
    assert_int_equal(heal_command_format(&command, line, (size_t)length), -ENOSPC);
}

static void test_tune(void **state) {
    (void)state;
    struct heal_command command = {
        .kind = HEAL_COMMAND_TUNE,
        .tune = {.what = HEAL_TUNE_PENALTY, .ifname = "wlan0", .from = 15, .value = 200}
    };

    assert_true(heal_command_format(&command, line, sizeof line) > 0);
    assert_string_equal(line, "tune ticket=0 incident=0 what=penalty ifname=wlan0 from=15 value=200 back=0");
}

static void test_message_and_record(void **state) {
    (void)state;
    struct heal_command command = {.kind = HEAL_COMMAND_SEND, .message.kind = HEAL_MESSAGE_INCIDENT};

    assert_true(heal_command_format(&command, line, sizeof line) > 0);
    assert_non_null(strstr(line, "send ticket=0 incident=0 message=incident port=- from=0000000000000000"));
    command.message.incident.confidence = NAN;
    assert_int_equal(heal_command_format(&command, line, sizeof line), -EINVAL);
    command = (struct heal_command){.kind = HEAL_COMMAND_STORE, .ticket = 1};
    strcpy(command.record.key, "loss");
    strcpy(command.record.value, "value=1 start=2");
    assert_true(heal_command_format(&command, line, sizeof line) > 0);
    assert_string_equal(line, "store ticket=1 incident=0 record=incident key=loss value=\"value=1 start=2\"");
}

static void test_every_kind_has_a_line(void **state) {
    (void)state;
    for (unsigned kind = 0; kind < HEAL_COMMAND_KINDS; kind++) {
        struct heal_command command = {.kind = kind};

        assert_true(heal_command_format(&command, line, sizeof line) > 0);
        assert_memory_equal(line, heal_command_name(kind), strlen(heal_command_name(kind)));
    }
    assert_int_equal(heal_command_format(&(struct heal_command){.kind = HEAL_COMMAND_KINDS}, line, 99),
                     -EINVAL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_route),
        cmocka_unit_test(test_text_is_quoted),
        cmocka_unit_test(test_tune),
        cmocka_unit_test(test_message_and_record),
        cmocka_unit_test(test_every_kind_has_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
