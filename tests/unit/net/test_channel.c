/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The plain mesh channel on real links: what is said arrives, and nothing else does. */
#include "base/clock.h"
#include "mesh.h"
#include "net/channel.h"
#include "net/link_socket.h"
#include "wire/message_codec.h"

#include <errno.h>
#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PORT = 6697, HEARD_MAX = 512, RATE = 20 };

static struct event_base *base;
static struct heal_channel *channel[2];
static struct heal_message heard[HEARD_MAX];
static unsigned hears, wanted;

static void on_message(void *context, const struct heal_message *message) {
    (void)context;
    if (hears < HEARD_MAX)
        heard[hears++] = *message;
}

static struct heal_channel_counters counters_of(enum mesh_node node) {
    struct heal_channel_counters counters;

    heal_channel_counters(channel[node], &counters);
    return counters;
}

static bool enough_heard(void) {
    return hears >= wanted;
}

static int set_up(void **state) {
    (void)state;
    static const char *const names[] = {"a", "b"};

    base = event_base_new();
    hears = 0;
    for (unsigned i = 0; i < 2; i++) {
        struct heal_channel_config config = {
            .base = base, .port = PORT, .ports_max = 2, .messages_per_s = RATE, .on_message = on_message};
        struct heal_port_key port = mesh_port(names[1 - i]);

        strcpy(config.node, names[i]);
        mesh_enter(i);
        if (heal_channel_udp_new(&config, &channel[i]) < 0 || heal_channel_port_add(channel[i], &port) < 0)
            return -1;
    }
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    for (unsigned i = 0; i < 2; i++)
        channel[i] = heal_channel_free(channel[i]);
    event_base_free(base);
    return 0;
}

static struct heal_message message_to_b(enum heal_message_kind kind) {
    struct heal_message message;

    memset(&message, 0, sizeof message);
    message.kind = kind;
    message.port = mesh_port("b");
    return message;
}

static void test_a_message_arrives(void **state) {
    (void)state;
    struct heal_message message = message_to_b(HEAL_MESSAGE_LINK);
    struct heal_port_key from_a = mesh_port("a");

    message.link.mtu = 1500;
    assert_int_equal(heal_channel_send(channel[MESH_A], &message), 0);
    wanted = 1;
    assert_true(mesh_wait(base, enough_heard));
    assert_true(heal_port_key_equal(&heard[0].port, &from_a));
    assert_true(heard[0].from == heal_node_id_of("a"));
    assert_string_equal(heard[0].from_name, "a");
    assert_int_equal(heard[0].link.mtu, 1500);
}

/* Paths too many for one datagram arrive all, in order, in several; only the last says that it is the last.
 */
static void test_long_paths_are_split(void **state) {
    (void)state;
    struct heal_message message = message_to_b(HEAL_MESSAGE_PATHS);
    heal_node_id node = 1;
    unsigned at = 0;

    message.paths.set = 7;
    message.paths.first = 48;
    message.paths.paths = HEAL_MESSAGE_PATHS_MAX;
    for (unsigned i = 0; i < HEAL_MESSAGE_PATHS_MAX; i++) {
        message.paths.path[i].metric = (uint16_t)i;
        message.paths.path[i].hops = HEAL_PATH_MAX;
        for (unsigned j = 0; j < HEAL_PATH_MAX; j++)
            message.paths.path[i].hop[j] = node++ * 0x0123456789abcdefULL;
    }
    assert_int_equal(heal_channel_send(channel[MESH_A], &message), 0);
    wanted = (unsigned)counters_of(MESH_A).sent;
    assert_in_range(wanted, 2, 8);
    assert_true(mesh_wait(base, enough_heard));
    for (unsigned i = 0; i < hears; i++) {
        assert_int_equal(heard[i].kind, HEAL_MESSAGE_PATHS);
        assert_int_equal(heard[i].paths.more, i + 1 < hears);
        assert_int_equal(heard[i].paths.set, 7);
        assert_int_equal(heard[i].paths.first, 48 + at);
        for (unsigned j = 0; j < heard[i].paths.paths; j++, at++)
            assert_memory_equal(&heard[i].paths.path[j], &message.paths.path[at], sizeof(struct heal_path));
    }
    assert_int_equal(at, HEAL_MESSAGE_PATHS_MAX);
}

static void test_only_to_ports(void **state) {
    (void)state;
    struct heal_message message = message_to_b(HEAL_MESSAGE_LINK);
    struct heal_port_key b = mesh_port("b"), c = mesh_port("c"), a = mesh_port("a");

    message.port = c;
    assert_int_equal(heal_channel_send(channel[MESH_A], &message), -ENOENT);
    assert_int_equal(heal_channel_port_remove(channel[MESH_A], &c), -ENOENT);
    assert_int_equal(heal_channel_port_add(channel[MESH_A], &b), 0);
    assert_int_equal(heal_channel_port_add(channel[MESH_A], &c), 0);
    assert_int_equal(heal_channel_port_add(channel[MESH_A], &a), -ENOSPC);
}

static bool b_dropped_a_stranger(void) {
    return counters_of(MESH_B).stranger > 0;
}

static void test_strangers_are_not_heard(void **state) {
    (void)state;
    struct heal_message message = message_to_b(HEAL_MESSAGE_LINK);
    struct heal_port_key a = mesh_port("a");

    assert_int_equal(heal_channel_port_remove(channel[MESH_B], &a), 0);
    assert_int_equal(heal_channel_send(channel[MESH_A], &message), 0);
    assert_true(mesh_wait(base, b_dropped_a_stranger));
    assert_int_equal(hears, 0);
}

static bool b_dropped_all_kinds(void) {
    struct heal_channel_counters counters = counters_of(MESH_B);

    return counters.malformed == 1 && counters.too_long == 1 && counters.own == 1 &&
           counters.wrong_hop_limit == 1 && counters.wrong_port == 1;
}

static void test_bad_datagrams_are_counted_by_reason(void **state) {
    (void)state;
    struct heal_port_key b = mesh_port("b");
    struct heal_message own = message_to_b(HEAL_MESSAGE_LINK);
    struct heal_address from = mesh_address("a"), to = mesh_address("b");
    uint8_t bytes[HEAL_MESSAGE_BYTES_MAX + 1] = {0xff};

    /* Whoever on A may bind any port but heald's is not heald. */
    mesh_enter(MESH_A);
    int fd = heal_link_socket_open(0);
    assert_int_equal(heal_link_socket_send(fd, &b, PORT, bytes, 7), 0);
    close(fd);
    /* With heald's port, too, one is heard by what one says. */
    channel[MESH_A] = heal_channel_free(channel[MESH_A]);
    fd = heal_link_socket_open(PORT);
    assert_int_equal(heal_link_socket_send(fd, &b, PORT, bytes, 7), 0);
    assert_int_equal(heal_link_socket_send(fd, &b, PORT, bytes, sizeof bytes), 0);
    assert_int_equal(heal_link_socket_send_routed(fd, &from, &to, PORT, bytes, 7), 0);
    strcpy(own.from_name, "b");
    own.from = heal_node_id_of("b");
    int length = heal_message_encode(&own, bytes, sizeof bytes);
    assert_true(length > 0);
    assert_int_equal(heal_link_socket_send(fd, &b, PORT, bytes, (size_t)length), 0);
    close(fd);
    assert_true(mesh_wait(base, b_dropped_all_kinds));
    assert_int_equal(hears, 0);
}

static bool b_dropped_for_haste(void) {
    struct heal_channel_counters counters = counters_of(MESH_B);

    return counters.too_fast + counters.received == 10 * RATE;
}

static void test_a_flood_is_capped(void **state) {
    (void)state;
    struct heal_message message = message_to_b(HEAL_MESSAGE_LINK);

    for (unsigned i = 0; i < 10 * RATE; i++)
        assert_int_equal(heal_channel_send(channel[MESH_A], &message), 0);
    assert_true(mesh_wait(base, b_dropped_for_haste));
    /* a burst of two seconds' worth, and what the bucket got back meanwhile */
    assert_in_range(hears, 2 * RATE, 4 * RATE);
}

static void test_new_refuses(void **state) {
    (void)state;
    struct heal_channel_config config = {.base = base, .port = PORT, .ports_max = 2};
    struct heal_channel *none = NULL;

    assert_int_equal(heal_channel_udp_new(&config, &none), -EINVAL);
    strcpy(config.node, "x");
    assert_int_equal(heal_channel_udp_new(&config, &none), -EINVAL);
    config.on_message = on_message;
    mesh_enter(MESH_A);
    assert_int_equal(heal_channel_udp_new(&config, &none), -EADDRINUSE);
    assert_null(none);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_message_arrives, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_paths_are_split, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_only_to_ports, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_strangers_are_not_heard, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_datagrams_are_counted_by_reason, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_flood_is_capped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_new_refuses, set_up, tear_down),
    };
    const char *reason = mesh_open();

    if (reason) {
        printf("skipped: %s\n", reason);
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
