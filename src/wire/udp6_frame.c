/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/udp6_frame.h"

#include <string.h>

enum { NEXT_UDP = 17, UDP_BYTES = 8, IP_BYTES = 40 };

static void put16(uint8_t *at, size_t value) {
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* Adds 16-bit words to a sum of which the carries are folded in later (RFC 1071). */
static uint64_t sum_of(uint64_t sum, const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i++)
        sum += i % 2 ? bytes[i] : (uint64_t)bytes[i] << 8;
    return sum;
}

static uint16_t folded(uint64_t sum) {
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

size_t heal_udp6_frame_encode(const struct heal_udp6_frame *frame, uint8_t *buffer, size_t length) {
    uint8_t *udp = buffer + IP_BYTES;
    size_t udp_length = UDP_BYTES + length;

    memset(buffer, 0, HEAL_UDP6_HEAD_BYTES);
    buffer[0] = 6 << 4;
    put16(buffer + 4, udp_length);
    buffer[6] = NEXT_UDP;
    buffer[7] = frame->hop_limit;
    memcpy(buffer + 8, frame->from.byte, sizeof frame->from.byte);
    memcpy(buffer + 24, frame->to.byte, sizeof frame->to.byte);
    put16(udp, frame->port);
    put16(udp + 2, frame->port);
    put16(udp + 4, udp_length);
    /* The pseudo-head: both addresses, the length and the next head. */
    uint64_t sum = sum_of(udp_length + NEXT_UDP, buffer + 8, 32);
    uint16_t check = folded(sum_of(sum, udp, udp_length));
    /* 0 would say "none", which IPv6 does not allow. */
    put16(udp + 6, check ? check : 0xffff);
    return IP_BYTES + udp_length;
}
