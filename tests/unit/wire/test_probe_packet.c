/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/probe_packet.h"
#include "wire/udp6_frame.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct heal_probe_packet link_packet(void) {
    struct heal_probe_packet packet;

    memset(&packet, 0, sizeof packet);
    packet.kind = HEAL_PROBE_LINK;
    packet.epoch = 0x01020304;
    packet.link.size = HEAL_PROBE_FULL;
    packet.link.sent[HEAL_PROBE_SMALL] = UINT32_MAX;
    packet.link.sent[HEAL_PROBE_FULL] = 7;
    packet.link.time = UINT64_MAX - 1;
    packet.link.has_echo = packet.link.has_pair = true;
    packet.link.echo_epoch = 0xfffffffe;
    packet.link.echo_time = 1;
    packet.link.echo_hold_us = 999;
    packet.link.pair_sent = UINT64_C(0x0102030405060708);
    return packet;
}

static void check_round_trip(const struct heal_probe_packet *packet, size_t length) {
    static uint8_t bytes[HEAL_PROBE_BYTES_MAX];
    struct heal_probe_packet back;

    memset(bytes, 0xa5, sizeof bytes);
    heal_probe_packet_encode(packet, bytes, length);
    if (length < sizeof bytes)
        assert_int_equal(bytes[length], 0xa5);
    memset(&back, 0, sizeof back);
    assert_int_equal(heal_probe_packet_decode(bytes, length, &back), 0);
    assert_memory_equal(&back, packet, sizeof back);
}

static void test_round_trips(void **state) {
    (void)state;
    struct heal_probe_packet packet = link_packet();

    check_round_trip(&packet, HEAL_PROBE_HEAD_BYTES);
    check_round_trip(&packet, 1452);
    check_round_trip(&packet, HEAL_PROBE_BYTES_MAX);
    memset(&packet, 0, sizeof packet);
    packet.kind = HEAL_PROBE_ANSWER;
    packet.epoch = 9;
    packet.transit.number = 10;
    packet.transit.arrived = 8;
    check_round_trip(&packet, HEAL_PROBE_HEAD_BYTES);
}

/* The layout is a protocol: it does not change by accident. */
static void test_layout(void **state) {
    (void)state;
    struct heal_probe_packet packet = link_packet();
    static const uint8_t head[] = {'H', 'E', 'A', 'L', 1, HEAL_PROBE_LINK, HEAL_PROBE_FULL, 3};
    static const uint8_t epoch[] = {1, 2, 3, 4}, pair[] = {1, 2, 3, 4, 5, 6, 7, 8};
    uint8_t bytes[HEAL_PROBE_HEAD_BYTES];

    heal_probe_packet_encode(&packet, bytes, sizeof bytes);
    assert_memory_equal(bytes, head, sizeof head);
    assert_memory_equal(bytes + 12, epoch, sizeof epoch);
    assert_memory_equal(bytes + 48, pair, sizeof pair);
}

static void test_every_flipped_bit_is_seen(void **state) {
    (void)state;
    struct heal_probe_packet packet = link_packet(), back;
    uint8_t bytes[128];

    heal_probe_packet_encode(&packet, bytes, sizeof bytes);
    for (size_t bit = 0; bit < sizeof bytes * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(heal_probe_packet_decode(bytes, sizeof bytes, &back), -EBADMSG);
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (size_t length = 0; length < sizeof bytes; length++)
        assert_int_equal(heal_probe_packet_decode(bytes, length, &back), -EBADMSG);
    assert_int_equal(heal_probe_packet_decode(bytes, sizeof bytes, &back), 0);
}

/* Against a check sum worked out by hand: from ::1 to ::2, port 1, payload "ab" and "abc". */
static void test_udp6_frame(void **state) {
    (void)state;
    struct heal_udp6_frame frame = {.port = 1, .hop_limit = 64};
    uint8_t bytes[HEAL_UDP6_HEAD_BYTES + 3] = {0};
    static const uint8_t head[] = {0x60, 0, 0, 0, 0, 10, 17, 64};

    frame.from.byte[15] = 1;
    frame.to.byte[15] = 2;
    memcpy(bytes + HEAL_UDP6_HEAD_BYTES, "abc", 3);
    assert_int_equal(heal_udp6_frame_encode(&frame, bytes, 2), 50);
    assert_memory_equal(bytes, head, sizeof head);
    /* 1 + 2 + 10 + 17 + 1 + 1 + 10 + 0x6162 = 0x618c, inverted 0x9e73 */
    assert_int_equal(bytes[46] << 8 | bytes[47], 0x9e73);
    /* 1 + 2 + 11 + 17 + 1 + 1 + 11 + 0x6162 + 0x6300 = 0xc48e, inverted 0x3b71 */
    assert_int_equal(heal_udp6_frame_encode(&frame, bytes, 3), 51);
    assert_int_equal(bytes[46] << 8 | bytes[47], 0x3b71);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_every_flipped_bit_is_seen),
        cmocka_unit_test(test_udp6_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
