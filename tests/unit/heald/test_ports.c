/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The table of ports: each is made known once; those that left make room, those that are there never. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "heald/ports.h"
#include "net/channel.h"

static struct heal_port_key key_of(const char *ifname, unsigned number) {
    struct heal_port_key key = {0};
    char text[32];

    strcpy(key.ifname, ifname);
    snprintf(text, sizeof text, "fe80::%x", number);
    assert_int_equal(heal_address_parse(text, &key.peer), 0);
    return key;
}

/* A channel that only counts what it is told. */
struct fake_channel {
    struct heal_channel head;
    int added, removed, refuse;
};

static int add(struct heal_channel *channel, const struct heal_port_key *key) {
    struct fake_channel *fake = (struct fake_channel *)channel;

    (void)key;
    fake->added += fake->refuse == 0;
    return fake->refuse;
}

static int take_out(struct heal_channel *channel, const struct heal_port_key *key) {
    (void)key;
    ((struct fake_channel *)channel)->removed++;
    return 0;
}

static const struct heal_channel_operations FAKE = {.port_add = add, .port_remove = take_out};

static void test_known_once(void **state) {
    struct fake_channel fake = {.head.operations = &FAKE};
    struct heald_ports ports = {.most = 4, .channel = &fake.head};
    struct heal_port_key a = key_of("toB", 1), b = key_of("toB", 2);

    (void)state;
    assert_int_equal(heald_ports_add(&ports, &a, 1), 0);
    assert_int_equal(heald_ports_add(&ports, &a, 2), 0);
    assert_int_equal(heald_ports_add(&ports, &b, 3), 0);
    assert_int_equal(fake.added, 2);
    assert_int_equal(ports.count, 2);
}

static void test_room_is_made_by_those_that_left(void **state) {
    struct fake_channel fake = {.head.operations = &FAKE};
    struct heald_ports ports = {.most = 3, .channel = &fake.head};

    (void)state;
    for (unsigned i = 1; i <= 3; i++) {
        struct heal_port_key key = key_of("toB", i);
        assert_int_equal(heald_ports_add(&ports, &key, i), 0);
    }
    struct heal_port_key new = key_of("toC", 9), second = key_of("toB", 2), third = key_of("toB", 3);
    assert_int_equal(heald_ports_add(&ports, &new, 4), -ENOSPC);
    heald_ports_leave(&ports, &third);
    heald_ports_leave(&ports, &second);
    assert_int_equal(fake.removed, 0); /* it is still probed: its return must be seen */
    assert_int_equal(heald_ports_add(&ports, &new, 5), 0);
    assert_int_equal(fake.removed, 1);
    assert_int_equal(ports.count, 3);
    assert_int_equal(heald_ports_add(&ports, &third, 6), 0); /* was kept: the second had left longer */
    assert_int_equal(fake.added, 4);
}

static void test_interface_takes_its_ports_along(void **state) {
    struct fake_channel fake = {.head.operations = &FAKE};
    struct heald_ports ports = {.most = 8, .channel = &fake.head};

    (void)state;
    for (unsigned i = 1; i <= 6; i++) {
        struct heal_port_key key = key_of(i % 2 ? "toB" : "toC", i);
        assert_int_equal(heald_ports_add(&ports, &key, i), 0);
    }
    heald_ports_remove_interface(&ports, "toB");
    assert_int_equal(ports.count, 3);
    assert_int_equal(fake.removed, 3);
    for (size_t i = 0; i < ports.count; i++)
        assert_string_equal(ports.port[i].key.ifname, "toC");
}

static void test_refusal_is_passed_on(void **state) {
    struct fake_channel fake = {.head.operations = &FAKE, .refuse = -ENOMEM};
    struct heald_ports ports = {.most = 8, .channel = &fake.head};
    struct heal_port_key key = key_of("toB", 1);

    (void)state;
    assert_int_equal(heald_ports_add(&ports, &key, 1), -ENOMEM);
    assert_int_equal(ports.count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_once),
        cmocka_unit_test(test_room_is_made_by_those_that_left),
        cmocka_unit_test(test_interface_takes_its_ports_along),
        cmocka_unit_test(test_refusal_is_passed_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
