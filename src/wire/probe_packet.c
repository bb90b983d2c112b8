/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/probe_packet.h"

#include <errno.h>
#include <string.h>

enum { MAGIC = 0x4845414c /* "HEAL" */, VERSION = 1, HAS_ECHO = 1, HAS_PAIR = 2 };

/* Where each field lies. */
enum {
    AT_MAGIC = 0,
    AT_VERSION = 4,
    AT_KIND = 5,
    AT_SIZE = 6,
    AT_FLAGS = 7,
    AT_CHECK = 8,
    AT_EPOCH = 12,
    AT_SENT_SMALL = 16,
    AT_SENT_FULL = 20,
    AT_NUMBER = 16, /* transit probes and their answers, in place of the two above */
    AT_ARRIVED = 20,
    AT_TIME = 24,
    AT_ECHO_TIME = 32,
    AT_ECHO_HOLD = 40,
    AT_ECHO_EPOCH = 44,
    AT_PAIR_SENT = 48,
    AT_LENGTH = 56, /* of the whole; the rest up to 64 is spare: zero, and not looked at */
};

static void put32(uint8_t *at, uint32_t value) {
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void put64(uint8_t *at, uint64_t value) {
    put32(at, (uint32_t)(value >> 32));
    put32(at + 4, (uint32_t)value);
}

static uint32_t get32(const uint8_t *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint64_t get64(const uint8_t *at) {
    return (uint64_t)get32(at) << 32 | get32(at + 4);
}

/* 32-bit FNV-1a, with the check sum itself taken as zero. */
static uint32_t check_of(const uint8_t *bytes, size_t length) {
    uint32_t hash = 0x811c9dc5;

    for (size_t i = 0; i < length; i++) {
        uint8_t byte = i >= AT_CHECK && i < AT_CHECK + 4 ? 0 : bytes[i];
        hash = (hash ^ byte) * 0x01000193;
    }
    return hash;
}

static void put_link(const struct heal_probe_packet *packet, uint8_t *buffer) {
    buffer[AT_SIZE] = (uint8_t)packet->link.size;
    put32(buffer + AT_SENT_SMALL, packet->link.sent[HEAL_PROBE_SMALL]);
    put32(buffer + AT_SENT_FULL, packet->link.sent[HEAL_PROBE_FULL]);
    put64(buffer + AT_TIME, packet->link.time);
    if (packet->link.has_echo) {
        buffer[AT_FLAGS] |= HAS_ECHO;
        put64(buffer + AT_ECHO_TIME, packet->link.echo_time);
        put32(buffer + AT_ECHO_HOLD, packet->link.echo_hold_us);
        put32(buffer + AT_ECHO_EPOCH, packet->link.echo_epoch);
    }
    if (packet->link.has_pair) {
        buffer[AT_FLAGS] |= HAS_PAIR;
        put64(buffer + AT_PAIR_SENT, packet->link.pair_sent);
    }
}

void heal_probe_packet_encode(const struct heal_probe_packet *packet, uint8_t *buffer, size_t length) {
    memset(buffer, 0, length);
    put32(buffer + AT_MAGIC, MAGIC);
    buffer[AT_VERSION] = VERSION;
    buffer[AT_KIND] = (uint8_t)packet->kind;
    put32(buffer + AT_EPOCH, packet->epoch);
    put32(buffer + AT_LENGTH, (uint32_t)length);
    if (packet->kind == HEAL_PROBE_LINK) {
        put_link(packet, buffer);
    } else {
        put32(buffer + AT_NUMBER, packet->transit.number);
        put32(buffer + AT_ARRIVED, packet->transit.arrived);
    }
    put32(buffer + AT_CHECK, check_of(buffer, length));
}

static int get_link(const uint8_t *bytes, struct heal_probe_packet *packet) {
    if (bytes[AT_SIZE] >= HEAL_PROBE_SIZES)
        return -EBADMSG;
    packet->link.size = bytes[AT_SIZE];
    packet->link.sent[HEAL_PROBE_SMALL] = get32(bytes + AT_SENT_SMALL);
    packet->link.sent[HEAL_PROBE_FULL] = get32(bytes + AT_SENT_FULL);
    packet->link.time = get64(bytes + AT_TIME);
    packet->link.has_echo = (bytes[AT_FLAGS] & HAS_ECHO) != 0;
    packet->link.has_pair = (bytes[AT_FLAGS] & HAS_PAIR) != 0;
    packet->link.echo_time = get64(bytes + AT_ECHO_TIME);
    packet->link.echo_hold_us = get32(bytes + AT_ECHO_HOLD);
    packet->link.echo_epoch = get32(bytes + AT_ECHO_EPOCH);
    packet->link.pair_sent = get64(bytes + AT_PAIR_SENT);
    return 0;
}

int heal_probe_packet_decode(const uint8_t *bytes, size_t length, struct heal_probe_packet *ret_packet) {
    struct heal_probe_packet packet;
    int r = 0;

    if (length < HEAL_PROBE_HEAD_BYTES || length > HEAL_PROBE_BYTES_MAX)
        return -EBADMSG;
    if (get32(bytes + AT_MAGIC) != MAGIC || bytes[AT_VERSION] != VERSION ||
        bytes[AT_KIND] >= HEAL_PROBE_KINDS || get32(bytes + AT_LENGTH) != length ||
        get32(bytes + AT_CHECK) != check_of(bytes, length))
        return -EBADMSG;
    memset(&packet, 0, sizeof packet);
    packet.kind = bytes[AT_KIND];
    packet.epoch = get32(bytes + AT_EPOCH);
    if (packet.kind == HEAL_PROBE_LINK) {
        r = get_link(bytes, &packet);
    } else {
        packet.transit.number = get32(bytes + AT_NUMBER);
        packet.transit.arrived = get32(bytes + AT_ARRIVED);
    }
    if (r == 0)
        *ret_packet = packet;
    return r;
}
