/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The messages were recorded from a kernel (6.18), in a network namespace with two veth ends. */
#include "wire/rtnetlink.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char unicast[] =
    "880000001800020007000000544900000a800000fe2a00010000000008000f00fe00000014000100fd000000"
    "000000000000000000000005080006000004000014000500fe80000000000000000000000000000908000400"
    "0300000024000c00000000000000000000000000000000000000000000000000000000000000000005001400"
    "00000000";
static const char multipath[] =
    "a80000001800020007000000544900000a800000fe6300010000000008000f00fe00000014000100fd000000"
    "00000000000000000000000608000600000200003c0009001c0000000300000014000500fe80000000000000"
    "00000000000000091c0000000200000014000500fe80000000000000000000000000000a24000c0000000000"
    "000000000000000000000000000000000000000000000000000000000500140000000000";
static const char blackhole[] =
    "740000001800020007000000544900000a800000fe0300060000000008000f00fe00000014000100fd000000"
    "0000000000000000000000070800060007000000080004000100000024000c00000000000000000000000000"
    "00000000000000000000000000000000000000000500140000000000";
static const char unreachable[] =
    "740000001800020007000000544900000a200000fe0300070000000008000f00fe00000014000100fd000001"
    "0000000000000000000000000800060000040000080004000100000024000c00000000000000000000000000"
    "00000000000000000000000000000000000000000500140000000000";
static const char local[] =
    "740000001800020007000000544900000a800000ff0200020000000008000f00ff00000014000100fd000000"
    "0000000000000000000000010800060000000000080004000100000024000c00000000000000000000000000"
    "00000000000000000000000000000000000000000500140000000000";
static const char multicast[] =
    "740000001800020007000000544900000a080000ff0200050000000008000f00ff00000014000100ff000000"
    "0000000000000000000000000800060000010000080004000200000024000c00000000000000000000000000"
    "00000000000000000000000000000000000000000500140000000000";
static const char prohibit4[] =
    "2c00000018000200070000005449000002100000fe0300080000000008000f00fe000000080001000a080000";
static const char via6[] =
    "5400000018000200070000005449000002200000fe6300010000000008000f00fe000000080001000a090005"
    "0800060000020000160012000a00fe80000000000000000000000000000900000800040003000000";
static const char neighbour[] =
    "580000001c00020007000000544900000a000000030000008000000114000100fe8000000000000000000000"
    "000000090a000200020000000011000008000400000000001400030010000000100000001000000000000000";

enum { BYTES_MAX = 512 };

static size_t from_hex(const char *hex, uint8_t *bytes) {
    size_t length = strlen(hex) / 2;
    for (size_t i = 0; i < length; i++) {
        char pair[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    /* As long as it says: what the recording has beyond is not this message's. */
    uint32_t says;
    memcpy(&says, bytes, sizeof(says));
    assert_true(says <= length);
    return says;
}

static struct heal_rtnetlink_message decode(const char *hex) {
    uint8_t bytes[BYTES_MAX];
    struct heal_rtnetlink_message message;
    size_t used = 0, length = from_hex(hex, bytes);
    assert_int_equal(heal_rtnetlink_decode(bytes, length, &message, &used), 0);
    assert_int_equal(used, length);
    return message;
}

static void check_prefix(const struct heal_reading_fib *fib, const char *text) {
    char buffer[HEAL_ADDRESS_TEXT];
    assert_string_equal(heal_prefix_format(&fib->prefix, buffer), text);
}

static void check_peer(const struct heal_reading_fib *fib, const char *text) {
    char buffer[HEAL_ADDRESS_TEXT];
    assert_string_equal(heal_address_format(&fib->via.peer, buffer), text);
}

static void test_unicast(void **state) {
    (void)state;
    struct heal_rtnetlink_message message = decode(unicast);
    const struct heal_reading_fib *fib = &message.route.reading;
    assert_int_equal(message.kind, HEAL_RTNETLINK_ROUTE);
    assert_int_equal(message.sequence, 7);
    check_prefix(fib, "fd00::5/128");
    check_peer(fib, "fe80::9");
    assert_int_equal(message.route.ifindex, 3);
    assert_int_equal(fib->type, HEAL_FIB_UNICAST);
    assert_int_equal(fib->protocol, 42);
    assert_int_equal(fib->metric, 1024);
    assert_true(fib->present);
    assert_false(message.route.replaces);
}

static void test_first_of_several_hops(void **state) {
    (void)state;
    struct heal_rtnetlink_message message = decode(multipath);
    check_prefix(&message.route.reading, "fd00::6/128");
    check_peer(&message.route.reading, "fe80::9");
    assert_int_equal(message.route.ifindex, 3);
    assert_int_equal(message.route.reading.protocol, 99);
}

static void test_routes_that_drop(void **state) {
    (void)state;
    struct heal_rtnetlink_message message = decode(blackhole);
    assert_int_equal(message.route.reading.type, HEAL_FIB_BLACKHOLE);
    assert_int_equal(message.route.reading.metric, 7);
    check_prefix(&message.route.reading, "fd00::7/128");
    message = decode(unreachable);
    assert_int_equal(message.route.reading.type, HEAL_FIB_BLACKHOLE);
    check_prefix(&message.route.reading, "fd00:1::/32");
    message = decode(prohibit4);
    assert_int_equal(message.route.reading.type, HEAL_FIB_BLACKHOLE);
    check_prefix(&message.route.reading, "10.8.0.0/16");
}

static void test_ipv4_via_ipv6(void **state) {
    (void)state;
    struct heal_rtnetlink_message message = decode(via6);
    check_prefix(&message.route.reading, "10.9.0.5/32");
    check_peer(&message.route.reading, "fe80::9");
    assert_int_equal(message.route.ifindex, 3);
}

static void test_local_addresses_and_what_is_left_out(void **state) {
    (void)state;
    struct heal_rtnetlink_message message = decode(local);
    assert_int_equal(message.kind, HEAL_RTNETLINK_ROUTE);
    assert_int_equal(message.route.reading.type, HEAL_FIB_LOCAL);
    check_prefix(&message.route.reading, "fd00::1/128");
    assert_int_equal(decode(multicast).kind, HEAL_RTNETLINK_OTHER);
}

static void test_neighbour(void **state) {
    (void)state;
    static const uint8_t mac[6] = {2, 0, 0, 0, 0, 0x11};
    struct heal_rtnetlink_message message = decode(neighbour);
    assert_int_equal(message.kind, HEAL_RTNETLINK_NEIGHBOUR);
    assert_int_equal(message.neighbour.ifindex, 3);
    assert_memory_equal(message.neighbour.mac, mac, sizeof(mac));
}

static void test_deletion_and_replacement(void **state) {
    (void)state;
    uint8_t bytes[BYTES_MAX];
    struct heal_rtnetlink_message message;
    size_t used, length = from_hex(unicast, bytes);
    struct nlmsghdr head;
    memcpy(&head, bytes, sizeof(head));
    head.nlmsg_type = RTM_DELROUTE;
    memcpy(bytes, &head, sizeof(head));
    assert_int_equal(heal_rtnetlink_decode(bytes, length, &message, &used), 0);
    assert_false(message.route.reading.present);
    head.nlmsg_type = RTM_NEWROUTE;
    head.nlmsg_flags |= NLM_F_REPLACE;
    memcpy(bytes, &head, sizeof(head));
    assert_int_equal(heal_rtnetlink_decode(bytes, length, &message, &used), 0);
    assert_true(message.route.replaces);
}

static void test_truncated(void **state) {
    (void)state;
    static const char *const all[] = {unicast, multipath, blackhole, local, via6, neighbour};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        uint8_t bytes[BYTES_MAX];
        size_t used, length = from_hex(all[i], bytes);
        struct heal_rtnetlink_message message;
        for (size_t cut = 1; cut < length; cut++) {
            assert_int_equal(heal_rtnetlink_decode(bytes, cut, &message, &used), -EBADMSG);
            /* The head says it is whole, the inside is not: no read beyond it, whatever comes of it. */
            uint8_t *exact = malloc(cut);
            uint32_t says = (uint32_t)cut;
            assert_non_null(exact);
            memcpy(exact, bytes, cut);
            if (cut >= sizeof(says)) {
                memcpy(exact, &says, sizeof(says));
            }
            heal_rtnetlink_decode(exact, cut, &message, &used);
            free(exact);
        }
        assert_int_equal(heal_rtnetlink_decode(bytes, 0, &message, &used), -ENODATA);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unicast),
        cmocka_unit_test(test_first_of_several_hops),
        cmocka_unit_test(test_routes_that_drop),
        cmocka_unit_test(test_ipv4_via_ipv6),
        cmocka_unit_test(test_local_addresses_and_what_is_left_out),
        cmocka_unit_test(test_neighbour),
        cmocka_unit_test(test_deletion_and_replacement),
        cmocka_unit_test(test_truncated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
