/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What is in place is known, each thing once, with the command that takes it back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "heald/ledger.h"

static struct heal_command route(enum heal_command_kind kind, const char *prefix, const char *peer) {
    struct heal_command command = {.kind = kind};

    assert_int_equal(heal_prefix_parse(prefix, &command.route.prefix), 0);
    assert_int_equal(heal_address_parse(peer, &command.route.via.peer), 0);
    strcpy(command.route.via.ifname, "toB");
    command.route.metric = HEAL_ROUTE_METRIC;
    return command;
}

static struct heal_command link_of(enum heal_command_kind kind, const char *ifname, uint32_t value) {
    struct heal_command command = {.kind = kind, .link.value = value};

    strcpy(command.link.ifname, ifname);
    return command;
}

static enum heald_effect note(struct heald_ledger *ledger, struct heal_command command) {
    struct heald_ledger_entry undo;
    enum heald_effect effect = heald_ledger_effect(ledger, &command, &undo);

    if (effect == HEALD_EFFECT_PLACES)
        heald_ledger_place(ledger, &undo);
    else if (effect == HEALD_EFFECT_LIFTS)
        heald_ledger_lift(ledger, &undo);
    return effect;
}

static void test_routes(void **state) {
    struct heald_ledger ledger = {0};
    struct heal_command undo;

    (void)state;
    note(&ledger, route(HEAL_COMMAND_ROUTE_ADD, "fd00::1", "fe80::1"));
    note(&ledger, route(HEAL_COMMAND_ROUTE_ADD, "fd00::1", "fe80::1"));
    note(&ledger, route(HEAL_COMMAND_ROUTE_ADD, "fd00::2", "fe80::1"));
    note(&ledger, route(HEAL_COMMAND_ROUTE_ADD, "fd00::3", "fe80::1"));
    assert_int_equal(ledger.count, 3);
    note(&ledger, route(HEAL_COMMAND_ROUTE_DELETE, "fd00::2", "fe80::1"));
    note(&ledger, route(HEAL_COMMAND_ROUTE_DELETE, "fd00::3", "fe80::2"));
    assert_int_equal(ledger.count, 2);
    assert_true(heald_ledger_take(&ledger, &undo));
    assert_int_equal(undo.kind, HEAL_COMMAND_ROUTE_DELETE);
    struct heal_command third = route(HEAL_COMMAND_ROUTE_ADD, "fd00::3", "fe80::1");
    assert_memory_equal(&undo.route, &third.route, sizeof undo.route);
    assert_true(heald_ledger_take(&ledger, &undo));
    assert_false(heald_ledger_take(&ledger, &undo));
}

static void test_mtu_goes_back_to_what_it_was(void **state) {
    struct heald_ledger ledger = {0};
    struct heal_command undo;

    (void)state;
    heald_ledger_mtu(&ledger, "toB", 1500);
    note(&ledger, link_of(HEAL_COMMAND_LINK_MTU, "toB", 1400));
    heald_ledger_mtu(&ledger, "toB", 1400); /* the reading of what we did ourselves */
    note(&ledger, link_of(HEAL_COMMAND_LINK_MTU, "toB", 1280));
    assert_int_equal(ledger.count, 1);
    assert_true(heald_ledger_take(&ledger, &undo));
    assert_int_equal(undo.kind, HEAL_COMMAND_LINK_MTU);
    assert_int_equal(undo.link.value, 1500);
    assert_int_equal(undo.link.only_from, 1280);

    note(&ledger, link_of(HEAL_COMMAND_LINK_MTU, "toB", 1280));
    assert_int_equal(note(&ledger, link_of(HEAL_COMMAND_LINK_MTU, "toB", 1500)), HEALD_EFFECT_LIFTS);
    assert_int_equal(ledger.count, 0);
    /* Of an interface that was never seen nobody knows what it was. */
    note(&ledger, link_of(HEAL_COMMAND_LINK_MTU, "toX", 1280));
    assert_int_equal(ledger.count, 0);
}

static void test_costs_throttles_and_quarantines(void **state) {
    struct heald_ledger ledger = {0};
    struct heal_command command = {
        .kind = HEAL_COMMAND_SERVICE_SHED, .service = {"worker", 0.2f}
    };

    (void)state;
    note(&ledger, link_of(HEAL_COMMAND_LINK_COST, "toB", 2048));
    note(&ledger, command);
    command = (struct heal_command){.kind = HEAL_COMMAND_QUARANTINE, .quarantine = {.on = true}};
    note(&ledger, command);
    assert_int_equal(ledger.count, 3);
    struct heal_command undo;
    assert_true(heald_ledger_take(&ledger, &undo));
    assert_int_equal(undo.kind, HEAL_COMMAND_QUARANTINE);
    assert_false(undo.quarantine.on);
    assert_true(heald_ledger_take(&ledger, &undo));
    assert_string_equal(undo.service.name, "worker");
    assert_true(undo.service.share == 0);
    note(&ledger, link_of(HEAL_COMMAND_LINK_COST, "toB", 0));
    assert_int_equal(ledger.count, 0);
}

static void test_what_leaves_nothing(void **state) {
    static const enum heal_command_kind KIND[] = {HEAL_COMMAND_LINK_BOUNCE, HEAL_COMMAND_SERVICE_RESTART,
                                                  HEAL_COMMAND_FORWARDING,  HEAL_COMMAND_ROUTES_REFRESH,
                                                  HEAL_COMMAND_NOTIFY,      HEAL_COMMAND_SEND};
    struct heald_ledger ledger = {0};

    (void)state;
    for (size_t i = 0; i < sizeof KIND / sizeof *KIND; i++)
        assert_int_equal(note(&ledger, (struct heal_command){.kind = KIND[i]}), HEALD_EFFECT_NONE);
    assert_int_equal(ledger.count, 0);
}

static struct heal_command tune(enum heal_tuning what, uint32_t from, uint32_t value, bool back) {
    struct heal_command command = {
        .kind = HEAL_COMMAND_TUNE, .tune = {.what = what, .from = from, .value = value, .back = back}
    };

    strcpy(command.tune.ifname, "wlan0");
    return command;
}

static void test_tuning_goes_back_to_what_it_was(void **state) {
    struct heald_ledger ledger = {0};
    struct heal_command undo;

    (void)state;
    assert_int_equal(note(&ledger, tune(HEAL_TUNE_PENALTY, 15, 200, false)), HEALD_EFFECT_PLACES);
    assert_int_equal(note(&ledger, tune(HEAL_TUNE_ELP, 500, 100, false)), HEALD_EFFECT_PLACES);
    assert_int_equal(note(&ledger, tune(HEAL_TUNE_CHANNEL, 2412, 2437, false)), HEALD_EFFECT_NONE);
    assert_int_equal(ledger.count, 2);
    assert_int_equal(note(&ledger, tune(HEAL_TUNE_ELP, 100, 500, true)), HEALD_EFFECT_LIFTS);
    assert_true(heald_ledger_take(&ledger, &undo));
    assert_int_equal(undo.tune.what, HEAL_TUNE_PENALTY);
    assert_string_equal(undo.tune.ifname, "wlan0");
    assert_int_equal(undo.tune.from, 200);
    assert_int_equal(undo.tune.value, 15);
    assert_true(undo.tune.back);
    assert_false(heald_ledger_take(&ledger, &undo));
}

static void test_full_ledger_is_counted(void **state) {
    struct heald_ledger ledger = {0};

    (void)state;
    for (unsigned i = 0; i <= HEALD_LEDGER_MAX; i++) {
        char name[HEAL_IFNAME_MAX];
        snprintf(name, sizeof name, "if%u", i);
        note(&ledger, link_of(HEAL_COMMAND_LINK_COST, name, 9));
    }
    assert_int_equal(ledger.count, HEALD_LEDGER_MAX);
    assert_int_equal(ledger.lost, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_routes),
        cmocka_unit_test(test_mtu_goes_back_to_what_it_was),
        cmocka_unit_test(test_costs_throttles_and_quarantines),
        cmocka_unit_test(test_tuning_goes_back_to_what_it_was),
        cmocka_unit_test(test_what_leaves_nothing),
        cmocka_unit_test(test_full_ledger_is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
