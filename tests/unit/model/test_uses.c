/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What the budgets count: by trouble, by remedy, within a window, and more than can be kept. */
#include "model/uses.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

static struct heal_element service(const char *name) {
    struct heal_element element = {.kind = HEAL_ELEMENT_SERVICE, .node = 7};
    strcpy(element.service, name);
    return element;
}

static void note(struct heal_uses *uses, const char *name, enum heal_diagnosis diagnosis,
                 enum heal_remedy remedy, heal_us at) {
    heal_uses_note(uses, &(struct heal_use){service(name), diagnosis, remedy, at});
}

static void test_counts_by_trouble_and_by_remedy(void **state) {
    (void)state;
    struct heal_uses uses = {0};
    struct heal_element worker = service("worker");

    note(&uses, "worker", HEAL_SERVICE_DOWN, HEAL_RESTART_SERVICE, 10 * second);
    note(&uses, "worker", HEAL_MEMORY_LEAK, HEAL_RESTART_SERVICE, 20 * second);
    note(&uses, "worker", HEAL_SERVICE_DOWN, HEAL_SHED_LOAD, 30 * second);
    note(&uses, "other", HEAL_SERVICE_DOWN, HEAL_RESTART_SERVICE, 30 * second);
    assert_int_equal(heal_uses_against(&uses, &worker, HEAL_SERVICE_DOWN, 10 * second), 2);
    assert_int_equal(heal_uses_against(&uses, &worker, HEAL_SERVICE_DOWN, 10 * second + 1), 1);
    assert_int_equal(heal_uses_of(&uses, &worker, HEAL_RESTART_SERVICE, 10 * second), 2);
    assert_int_equal(heal_uses_of(&uses, &worker, HEAL_RESTART_SERVICE, 21 * second), 0);
}

static void test_the_oldest_makes_room(void **state) {
    (void)state;
    struct heal_uses uses = {0};
    struct heal_element worker = service("worker");

    for (int i = 0; i < HEAL_USES_MAX; i++) {
        assert_false(heal_uses_overflow(&uses, 0));
        note(&uses, "worker", HEAL_SERVICE_DOWN, HEAL_RESTART_SERVICE, (heal_us)i * second);
    }
    assert_true(heal_uses_overflow(&uses, 0));
    assert_false(heal_uses_overflow(&uses, 1)); /* all of these are kept */
    note(&uses, "worker", HEAL_SERVICE_DOWN, HEAL_RESTART_SERVICE, HEAL_USES_MAX * second);
    assert_int_equal(heal_uses_against(&uses, &worker, HEAL_SERVICE_DOWN, 0), HEAL_USES_MAX);
    assert_true(heal_uses_overflow(&uses, second));
}

/* A disk that is full for long: what is begun and taken back again and again leaves no trace. */
static void test_what_is_withdrawn_takes_no_room(void **state) {
    (void)state;
    struct heal_uses uses = {0};
    struct heal_element worker = service("worker"), other = service("other");

    note(&uses, "other", HEAL_SERVICE_DOWN, HEAL_RESTART_SERVICE, second);
    for (int i = 2; i < 2 * HEAL_USES_MAX; i++) {
        note(&uses, "worker", HEAL_SERVICE_DOWN, HEAL_RESTART_SERVICE, (heal_us)i * second);
        note(&uses, "other", HEAL_MEMORY_LEAK, HEAL_NOTIFY, (heal_us)i * second);
        heal_uses_withdraw(&uses, &worker, HEAL_RESTART_SERVICE);
        heal_uses_withdraw(&uses, &other, HEAL_NOTIFY);
    }
    assert_false(heal_uses_overflow(&uses, 0));
    assert_int_equal(heal_uses_against(&uses, &worker, HEAL_SERVICE_DOWN, 0), 0);
    assert_int_equal(heal_uses_of(&uses, &other, HEAL_RESTART_SERVICE, 0), 1);
    heal_uses_withdraw(&uses, &worker, HEAL_RESTART_SERVICE); /* there is none */
    assert_int_equal(uses.count, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_by_trouble_and_by_remedy),
        cmocka_unit_test(test_the_oldest_makes_room),
        cmocka_unit_test(test_what_is_withdrawn_takes_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
