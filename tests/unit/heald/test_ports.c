/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The table of ports: each is made known once; those that left make room, those that are there never;
 * strangers have their share, and are forgotten. */
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

/* ---- strangers ---- */

static struct heal_port_key forgotten[8];
static size_t forgets;

static void on_forgotten(void *context, const struct heal_port_key *key) {
    (void)context;
    assert_in_range(forgets, 0, 7);
    forgotten[forgets++] = *key;
}

static int meet(struct heald_ports *ports, const char *ifname, unsigned number, heal_us now) {
    struct heal_port_key key = key_of(ifname, number);

    return heald_ports_meet(ports, &key, now);
}

static void test_strangers_have_a_share_of_each_interface(void **state) {
    struct heald_ports ports = {.most = HEAL_PORTS_MAX};

    (void)state;
    for (unsigned i = 1; i <= 100; i++)
        assert_int_equal(meet(&ports, "toB", i, i), i <= 8 ? 0 : -EDQUOT);
    assert_int_equal(meet(&ports, "toB", 1, 101), 0); /* it is known */
    for (unsigned i = 1; i <= 100; i++)
        assert_int_equal(meet(&ports, "toC", i, i), i <= 8 ? 0 : -EDQUOT);
    assert_int_equal(ports.count, 16);
    ports = (struct heald_ports){.most = 6};
    for (unsigned i = 1; i <= 10; i++)
        assert_int_equal(meet(&ports, "toB", i, i), i <= 3 ? 0 : -EDQUOT);
    ports = (struct heald_ports){.most = 1};
    assert_int_equal(meet(&ports, "toB", 1, 1), 0);
    assert_int_equal(meet(&ports, "toC", 1, 1), -ENOSPC);
}

static void test_who_is_named_is_no_stranger(void **state) {
    struct heald_ports ports = {.most = 4, .on_forgotten = on_forgotten};
    struct heal_port_key key = key_of("toB", 1);

    (void)state;
    forgets = 0;
    assert_int_equal(meet(&ports, "toB", 1, 1), 0);
    assert_int_equal(heald_ports_add(&ports, &key, 2), 0);
    assert_int_equal(ports.count, 1);
    heald_ports_age(&ports, 3000 * HEAL_US_PER_S);
    heald_ports_leave(&ports, &key);
    heald_ports_age(&ports, 3000 * HEAL_US_PER_S); /* its return must be seen */
    assert_int_equal(meet(&ports, "toB", 1, 5), 0);
    assert_int_equal(forgets, 0);
    assert_int_equal(ports.count, 1);
    heald_ports_age(&ports, 3601 * HEAL_US_PER_S); /* but not for ever */
    assert_int_equal(forgets, 1);
    assert_int_equal(ports.count, 0);
}

static void test_strangers_give_way(void **state) {
    struct fake_channel fake = {.head.operations = &FAKE};
    struct heald_ports ports = {.most = 4, .channel = &fake.head, .on_forgotten = on_forgotten};
    struct heal_port_key away = key_of("toB", 1), key, quiet = key_of("toC", 4);

    (void)state;
    forgets = 0;
    assert_int_equal(heald_ports_add(&ports, &away, 1), 0);
    heald_ports_leave(&ports, &away);
    assert_int_equal(meet(&ports, "toB", 2, 2), 0);
    assert_int_equal(meet(&ports, "toC", 3, 3), 0);
    assert_int_equal(meet(&ports, "toC", 4, 4), 0);
    key = key_of("toB", 2);
    heald_ports_hear(&ports, &key, 10);
    key = key_of("toC", 3);
    heald_ports_hear(&ports, &key, 11);
    for (unsigned i = 11; i <= 14; i++) {
        key = key_of("toB", i);
        assert_int_equal(heald_ports_add(&ports, &key, i), 0);
    }
    assert_int_equal(forgets, 4); /* the strangers, the most silent first; then the one that is away */
    assert_true(heal_port_key_equal(&forgotten[0], &quiet));
    assert_true(heal_port_key_equal(&forgotten[3], &away));
    assert_int_equal(fake.removed, 4);
    key = key_of("toB", 15);
    assert_int_equal(heald_ports_add(&ports, &key, 15), -ENOSPC);
    assert_int_equal(meet(&ports, "toB", 16, 16), -ENOSPC);
}

static void test_a_silent_stranger_is_forgotten(void **state) {
    struct fake_channel fake = {.head.operations = &FAKE};
    struct heald_ports ports = {.most = 8, .channel = &fake.head, .on_forgotten = on_forgotten};
    struct heal_port_key spoke = key_of("toB", 2);

    (void)state;
    forgets = 0;
    for (unsigned i = 1; i <= 3; i++)
        assert_int_equal(meet(&ports, "toB", i, HEAL_US_PER_S), 0);
    heald_ports_hear(&ports, &spoke, 30 * HEAL_US_PER_S);
    heald_ports_age(&ports, 60 * HEAL_US_PER_S);
    assert_int_equal(forgets, 0);
    heald_ports_age(&ports, 61 * HEAL_US_PER_S);
    assert_int_equal(forgets, 2);
    assert_int_equal(fake.removed, 2);
    assert_int_equal(ports.count, 1);
    heald_ports_age(&ports, 90 * HEAL_US_PER_S);
    assert_int_equal(forgets, 3);
    assert_int_equal(meet(&ports, "toB", 1, 91 * HEAL_US_PER_S), 0); /* it may come back */
    heald_ports_remove_interface(&ports, "toB");
    assert_int_equal(forgets, 4);
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
        cmocka_unit_test(test_strangers_have_a_share_of_each_interface),
        cmocka_unit_test(test_who_is_named_is_no_stranger),
        cmocka_unit_test(test_strangers_give_way),
        cmocka_unit_test(test_a_silent_stranger_is_forgotten),
        cmocka_unit_test(test_refusal_is_passed_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
