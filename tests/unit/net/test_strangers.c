/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Who has probed for long enough to be made a port, however many others shout. */
#include "base/cleanup.h"
#include "net/strangers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S, ms = HEAL_US_PER_MS;

static struct heal_port_key key_of(const char *ifname, unsigned number) {
    struct heal_port_key key = {0};

    strcpy(key.ifname, ifname);
    key.peer.byte[0] = 0xfe;
    key.peer.byte[1] = 0x80;
    memcpy(&key.peer.byte[12], &number, sizeof number);
    return key;
}

static bool meet(struct heal_strangers *strangers, const char *ifname, unsigned number, heal_us now) {
    struct heal_port_key key = key_of(ifname, number);

    return heal_strangers_meet(strangers, &key, now);
}

static void test_it_takes_some_probes_over_some_time(void **state) {
    struct heal_strangers strangers = {0};

    (void)state;
    for (unsigned i = 0; i < 100; i++) /* many, but all at once */
        assert_false(meet(&strangers, "mesh0", 1, second + i * ms));
    assert_true(meet(&strangers, "mesh0", 1, 3 * second));
    assert_false(meet(&strangers, "mesh0", 2, second)); /* over some time, but few */
    for (unsigned i = 1; i < 4; i++)
        assert_false(meet(&strangers, "mesh0", 2, second + i * second));
    assert_true(meet(&strangers, "mesh0", 2, 5 * second));
}

static void test_who_was_refused_begins_anew(void **state) {
    struct heal_strangers strangers = {0};
    unsigned told = 0;

    (void)state;
    for (heal_us now = second; now < 61 * second; now += 100 * ms)
        told += meet(&strangers, "mesh0", 1, now);
    assert_in_range(told, 20, 30);
}

static void test_a_break_is_not_constancy(void **state) {
    struct heal_strangers strangers = {0};

    (void)state;
    for (unsigned i = 1; i < 50; i++)
        assert_false(meet(&strangers, "mesh0", 1, i * 6 * second));
}

static void test_the_least_makes_room(void **state) {
    struct heal_strangers strangers = {0};
    heal_us now = second;

    (void)state;
    for (unsigned i = 0; i < HEAL_STRANGERS_OF_INTERFACE; i++)
        for (unsigned probes = 0; probes <= i; probes++)
            assert_false(meet(&strangers, "mesh0", i, now += ms));
    for (unsigned i = 100; i < 600; i++) /* each only once: they take each other's place */
        assert_false(meet(&strangers, "mesh0", i, now += ms));
    for (unsigned i = 4; i < HEAL_STRANGERS_OF_INTERFACE; i++)
        assert_true(meet(&strangers, "mesh0", i, now + 2 * second));
}

static void test_no_link_takes_anothers_room(void **state) {
    struct heal_strangers strangers = {0};
    unsigned forged = 0;
    bool met = false;

    (void)state;
    for (heal_us now = second; now < 4 * second && !met; now += ms) {
        for (unsigned i = 0; i < 10; i++)
            assert_false(meet(&strangers, "mesh0", forged++, now));
        if (now % (400 * ms) == 0)
            met = meet(&strangers, "mesh1", 7, now);
    }
    assert_true(met);
}

static void test_more_links_than_room(void **state) {
    struct heal_strangers strangers = {0};
    heal_us now = second;

    (void)state;
    for (unsigned i = 0; i < 2 * HEAL_COUNT(strangers.place); i++) {
        char ifname[HEAL_IFNAME_MAX] = {'m', (char)('a' + i % 20), (char)('a' + i / 20 % 20), '\0'};

        assert_false(meet(&strangers, ifname, i, now += ms));
    }
    for (unsigned i = 0; i < 4; i++)
        assert_false(meet(&strangers, "last", 1, now += 400 * ms));
    assert_true(meet(&strangers, "last", 1, now + second));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_takes_some_probes_over_some_time),
        cmocka_unit_test(test_who_was_refused_begins_anew),
        cmocka_unit_test(test_a_break_is_not_constancy),
        cmocka_unit_test(test_the_least_makes_room),
        cmocka_unit_test(test_no_link_takes_anothers_room),
        cmocka_unit_test(test_more_links_than_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
