/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The two route tables: what replaces what, which route is found, and what happens when one is full. */
#include "model/rib.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct heal_prefix prefix(unsigned number) {
    struct heal_prefix made = {.length = 128};

    made.address.byte[0] = 0xfd;
    made.address.byte[14] = (uint8_t)(number >> 8);
    made.address.byte[15] = (uint8_t)number;
    return made;
}

static struct heal_port_key via(unsigned number) {
    struct heal_port_key key = {0};

    snprintf(key.ifname, sizeof key.ifname, "mesh%u", number);
    key.peer.byte[0] = 0xfe;
    return key;
}

static void take_route(struct heal_rib *rib, unsigned number, unsigned port, bool present, bool installed) {
    struct heal_reading_route route = {
        .prefix = prefix(number), .via = via(port), .present = present, .installed = installed, .metric = 96};

    heal_rib_take_route(rib, &route);
}

static void take_fib(struct heal_rib *rib, unsigned number, unsigned port, uint8_t protocol, uint32_t metric,
                     bool present) {
    struct heal_reading_fib fib = {.prefix = prefix(number),
                                   .via = via(port),
                                   .type = HEAL_FIB_UNICAST,
                                   .protocol = protocol,
                                   .metric = metric,
                                   .present = present};

    heal_rib_take_fib(rib, &fib);
}

static int make(void **state) {
    *state = calloc(1, sizeof(struct heal_rib));
    return *state == NULL;
}

static int unmake(void **state) {
    free(*state);
    return 0;
}

static void test_route_is_replaced_and_removed(void **state) {
    struct heal_rib *rib = *state;
    struct heal_prefix one = prefix(1);

    take_route(rib, 1, 0, true, true);
    take_route(rib, 1, 1, true, false);
    take_route(rib, 2, 0, true, true);
    assert_int_equal(rib->routes, 3);
    assert_string_equal(heal_rib_installed(rib, &one)->via.ifname, "mesh0");
    take_route(rib, 1, 0, true, false);
    take_route(rib, 1, 1, true, true);
    assert_int_equal(rib->routes, 3);
    assert_string_equal(heal_rib_installed(rib, &one)->via.ifname, "mesh1");
    take_route(rib, 1, 1, false, true);
    assert_null(heal_rib_installed(rib, &one));
    uint32_t revision = rib->revision;
    take_route(rib, 9, 0, false, false); /* was never there */
    assert_int_equal(rib->routes, 2);
    assert_int_not_equal(rib->revision, revision);
}

static void test_own_export_is_no_way(void **state) {
    struct heal_rib *rib = *state;
    struct heal_reading_route own = {.prefix = prefix(1), .present = true, .installed = true};

    heal_rib_take_route(rib, &own);
    assert_null(heal_rib_installed(rib, &own.prefix));
}

static void test_of_several_the_least_metric(void **state) {
    struct heal_rib *rib = *state;
    struct heal_prefix one = prefix(1), two = prefix(2);
    struct heal_port_key first = via(0);

    take_fib(rib, 1, 0, HEAL_BABEL_PROTOCOL, 1024, true);
    take_fib(rib, 1, 1, HEAL_ROUTE_PROTOCOL, HEAL_ROUTE_METRIC, true);
    assert_string_equal(heal_rib_unicast(rib, &one, NULL, 0)->via.ifname, "mesh1");
    assert_string_equal(heal_rib_unicast(rib, &one, &first, 0)->via.ifname, "mesh0");
    assert_string_equal(heal_rib_unicast(rib, &one, NULL, HEAL_BABEL_PROTOCOL)->via.ifname, "mesh0");
    assert_string_equal(heal_rib_foreign(rib, &one)->via.ifname, "mesh0");
    assert_null(heal_rib_unicast(rib, &two, NULL, 0));
    take_fib(rib, 2, 1, HEAL_ROUTE_PROTOCOL, HEAL_ROUTE_METRIC, true);
    take_fib(rib, 2, 0, HEAL_BABEL_PROTOCOL, 1024, true); /* nor does it matter which came first */
    assert_string_equal(heal_rib_unicast(rib, &two, NULL, 0)->via.ifname, "mesh1");
    take_fib(rib, 1, 0, HEAL_BABEL_PROTOCOL, 1024, false);
    assert_null(heal_rib_foreign(rib, &one));
    take_fib(rib, 1, 1, HEAL_ROUTE_PROTOCOL, HEAL_ROUTE_METRIC, false);
    assert_null(heal_rib_unicast(rib, &one, NULL, 0));
}

static void test_only_a_strange_route_that_drops_is_one(void **state) {
    struct heal_rib *rib = *state;
    struct heal_prefix one = prefix(1);
    struct heal_reading_fib drop = {
        .prefix = one, .type = HEAL_FIB_BLACKHOLE, .protocol = HEAL_BABEL_PROTOCOL, .present = true};

    heal_rib_take_fib(rib, &drop); /* babeld's own, while it looks for another way (RFC 8966, 2.8) */
    assert_null(heal_rib_blackhole(rib, &one));
    assert_null(heal_rib_unicast(rib, &one, NULL, 0));
    drop.protocol = 4;
    heal_rib_take_fib(rib, &drop);
    assert_non_null(heal_rib_blackhole(rib, &one));
    drop.present = false;
    heal_rib_take_fib(rib, &drop);
    assert_null(heal_rib_blackhole(rib, &one));
}

static void test_full_tables_refuse_and_count(void **state) {
    struct heal_rib *rib = *state;
    struct heal_prefix late = prefix(2000);

    for (unsigned i = 0; i < HEAL_ROUTES_MAX; i++)
        take_route(rib, i, 0, true, true);
    for (unsigned i = 0; i < HEAL_FIB_MAX; i++)
        take_fib(rib, i, 0, HEAL_BABEL_PROTOCOL, 1024, true);
    assert_false(rib->fib_incomplete);
    take_route(rib, 2000, 0, true, true);
    take_fib(rib, 2000, 0, HEAL_BABEL_PROTOCOL, 1024, true);
    assert_true(rib->fib_incomplete);
    assert_int_equal(rib->routes, HEAL_ROUTES_MAX);
    assert_int_equal(rib->fibs, HEAL_FIB_MAX);
    take_route(rib, 5, 0, true, false); /* what is in the table can still change, and go */
    take_fib(rib, 5, 0, HEAL_BABEL_PROTOCOL, 1024, false);
    take_route(rib, 6, 0, false, false);
    assert_true(rib->fib_incomplete);
    take_route(rib, 2000, 0, true, true);
    take_fib(rib, 2000, 0, HEAL_BABEL_PROTOCOL, 1024, true);
    assert_non_null(heal_rib_installed(rib, &late));
    assert_non_null(heal_rib_unicast(rib, &late, NULL, 0));
}

/* A node with many neighbours is offered more ways than there is room for. */
static void test_ways_in_use_make_room(void **state) {
    struct heal_rib *rib = *state;
    struct heal_prefix late = prefix(2000), used = prefix(1);

    for (unsigned i = 0; i < HEAL_ROUTES_MAX; i++)
        take_route(rib, i % 8, i / 8, true, i < 8);
    take_route(rib, 2001, 0, true, false);
    assert_null(heal_rib_installed(rib, &late));
    take_route(rib, 2000, 0, true, true);
    assert_int_equal(rib->routes, HEAL_ROUTES_MAX);
    assert_non_null(heal_rib_installed(rib, &late));
    assert_non_null(heal_rib_installed(rib, &used));
}

/* A node that is a router in other nets, too: their routes must not crowd out those of the mesh. */
static void test_other_nets_make_room(void **state) {
    struct heal_rib *rib = *state;
    struct heal_prefix last = prefix(3099), own = prefix(7);

    take_route(rib, 7, 0, true, true);
    take_fib(rib, 7, 0, 4, 100, true); /* somebody's, to where the daemon has one: it matters */
    for (unsigned i = 100; i < 100 + 2 * HEAL_FIB_MAX; i++)
        take_fib(rib, i, 0, 4, 100, true);
    assert_int_equal(rib->fibs, HEAL_FIB_MAX);
    for (unsigned i = 3000; i < 3100; i++)
        take_fib(rib, i, 0, HEAL_BABEL_PROTOCOL, 1024, true);
    assert_false(rib->fib_incomplete);
    assert_non_null(heal_rib_foreign(rib, &last));
    assert_non_null(heal_rib_foreign(rib, &own));
}

#define RIB(test) cmocka_unit_test_setup_teardown(test, make, unmake)

static void take_default(struct heal_rib *rib, const char *text, const char *ifname, bool present) {
    struct heal_reading_fib fib = {.type = HEAL_FIB_UNICAST, .protocol = 16, .present = present};

    assert_int_equal(heal_prefix_parse(text, &fib.prefix), 0);
    strcpy(fib.via.ifname, ifname);
    heal_rib_take_fib(rib, &fib);
}

/* A way out of the mesh, which one into it is not. */
static void test_default_routes(void **state) {
    struct heal_rib *rib = calloc(1, sizeof *rib);

    (void)state;
    assert_non_null(rib);
    take_default(rib, "::/0", "bat0", true);
    take_default(rib, "10.0.0.0/8", "eth0", true);
    assert_false(heal_rib_has_default(rib, "bat0"));
    take_default(rib, "0.0.0.0/0", "eth0", true);
    assert_true(heal_rib_has_default(rib, "bat0"));
    take_default(rib, "0.0.0.0/0", "eth0", false);
    assert_false(heal_rib_has_default(rib, "bat0"));
    assert_true(heal_rib_has_default(rib, ""));
    free(rib);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_default_routes),
        RIB(test_route_is_replaced_and_removed),
        RIB(test_own_export_is_no_way),
        RIB(test_of_several_the_least_metric),
        RIB(test_only_a_strange_route_that_drops_is_one),
        RIB(test_full_tables_refuse_and_count),
        RIB(test_ways_in_use_make_room),
        RIB(test_other_nets_make_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
