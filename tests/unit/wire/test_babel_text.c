/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/babel_text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct heal_babel_line parse(const char *text) {
    struct heal_babel_line line;
    struct heal_error error;
    memset(&line, 0, sizeof(line));
    if (heal_babel_line_parse(text, strlen(text), &line, &error) < 0) {
        fail_msg("%d: %s", error.column, error.what);
    }
    return line;
}

static int column_of(const char *text) {
    struct heal_babel_line line;
    struct heal_error error = {0};
    assert_int_equal(heal_babel_line_parse(text, strlen(text), &line, &error), -EINVAL);
    return error.column;
}

static struct heal_address address(const char *text) {
    struct heal_address result;
    assert_int_equal(heal_address_parse(text, &result), 0);
    return result;
}

static void test_neighbour(void **state) {
    (void)state;
    struct heal_babel_line line =
        parse("change neighbour 55df5f157ee0 address fe80::b896:c9ff:fe6e:e5c0 if toB reach fe00 ureach 0000 "
              "rxcost 260 txcost 258 rtt 0.267 rttcost 0 cost 262\n");
    struct heal_address peer = address("fe80::b896:c9ff:fe6e:e5c0");
    assert_int_equal(line.kind, HEAL_BABEL_NEIGHBOUR);
    assert_int_equal(line.verb, HEAL_BABEL_CHANGE);
    assert_string_equal(line.id, "55df5f157ee0");
    assert_true(line.neighbour.present);
    assert_true(heal_address_equal(&line.neighbour.port.peer, &peer));
    assert_string_equal(line.neighbour.port.ifname, "toB");
    assert_int_equal(line.neighbour.reach, 0xfe00);
    assert_int_equal(line.neighbour.rxcost, 260);
    assert_int_equal(line.neighbour.txcost, 258);
    assert_int_equal(line.neighbour.cost, 262);
    assert_false(parse("flush neighbour 1 address fe80::1 if a reach 0 rxcost 1 txcost 1 cost 65535")
                     .neighbour.present);
}

static void test_routes(void **state) {
    (void)state;
    struct heal_prefix prefix;
    struct heal_babel_line line = parse(
        "add route 55df5f158660 prefix 10.9.0.2/32 from 0.0.0.0/0 installed yes id 94:d4:cd:19:2b:7f:ea:e0 "
        "metric 282 refmetric 7 via fe80::1 if toB");
    heal_prefix_parse("10.9.0.2/32", &prefix);
    assert_int_equal(line.kind, HEAL_BABEL_ROUTE);
    assert_true(heal_prefix_equal(&line.route.prefix, &prefix));
    assert_true(line.route.present && line.route.installed);
    assert_int_equal(line.route.metric, 282);
    assert_int_equal(line.route.refmetric, 7);
    assert_string_equal(line.route.via.ifname, "toB");
    line =
        parse("flush route 1 prefix fd00::b/128 from ::/0 installed no id 9 metric 65535 refmetric 65535 via "
              "fe80::1 if toB");
    assert_false(line.route.present);
    assert_false(line.route.installed);
    line = parse("add xroute fd00::a/128-::/0 prefix fd00::a/128 from ::/0 metric 0");
    assert_int_equal(line.kind, HEAL_BABEL_ROUTE);
    assert_true(heal_address_is_zero(&line.route.via.peer));
    assert_string_equal(line.route.via.ifname, "");
}

static void test_source_specific_routes_are_left_alone(void **state) {
    (void)state;
    assert_int_equal(
        parse("add route 1 prefix ::/0 from fd01::/16 installed yes id 9 metric 1 refmetric 0 via "
              "fe80::1 if toB")
            .kind,
        HEAL_BABEL_OTHER);
}

static void test_interfaces_and_replies(void **state) {
    (void)state;
    struct heal_babel_line line = parse("add interface toB up true ipv6 fe80::1");
    assert_int_equal(line.kind, HEAL_BABEL_INTERFACE);
    assert_string_equal(line.interface.ifname, "toB");
    assert_true(line.interface.up);
    assert_false(parse("change interface toB up false").interface.up);
    assert_int_equal(parse("ok\n").kind, HEAL_BABEL_OK);
    assert_int_equal(parse("bad").kind, HEAL_BABEL_BAD);
    line = parse("no such interface");
    assert_true(heal_babel_line_is_reply(&line));
    assert_string_equal(line.text, "such interface");
    assert_string_equal(parse("version babeld-1.12.1").text, "version babeld-1.12.1");
    assert_int_equal(parse("").kind, HEAL_BABEL_OTHER);
    assert_int_equal(parse("add comet 1 tail long").kind, HEAL_BABEL_OTHER);
}

static void test_fields_of_other_versions_are_passed_over(void **state) {
    (void)state;
    assert_int_equal(
        parse("add neighbour 1 colour red address fe80::1 if a reach 1 rxcost 1 txcost 2 cost 3 new x")
            .neighbour.cost,
        3);
}

static void test_errors_have_their_column(void **state) {
    (void)state;
    assert_int_equal(column_of("add neighbour 1 address fe80:::1 if a"), 25);
    assert_int_equal(column_of("add neighbour 1 address fe80::1 if"), 35);
    assert_int_equal(column_of("add neighbour 1 address fe80::1 if a reach 10000"), 44);
    assert_int_equal(column_of("add neighbour 1 address fe80::1 if abcdefghijklmnop"), 36);
    assert_int_equal(column_of("add interface a up maybe"), 20);
    assert_int_equal(column_of("add neighbour 1 address fe80::1 if a reach 1"), 45);
    assert_int_equal(column_of("flush"), 6);
    assert_int_equal(column_of("add route 1 prefix fd00::/129"), 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_neighbour),
        cmocka_unit_test(test_routes),
        cmocka_unit_test(test_source_specific_routes_are_left_alone),
        cmocka_unit_test(test_interfaces_and_replies),
        cmocka_unit_test(test_fields_of_other_versions_are_passed_over),
        cmocka_unit_test(test_errors_have_their_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
