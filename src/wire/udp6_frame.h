/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * An IPv6 packet with a UDP datagram in it, as bytes: for packets that go out past the kernel's routes.
 */
#ifndef HEAL_WIRE_UDP6_FRAME_H
#define HEAL_WIRE_UDP6_FRAME_H

#include "heal/types.h"

enum { HEAL_UDP6_HEAD_BYTES = 48 };

struct heal_udp6_frame {
    struct heal_address from, to;
    uint16_t port; /**< of both ends */
    uint8_t hop_limit;
};

/**
 * Writes the two heads before a payload that already lies at buffer + HEAL_UDP6_HEAD_BYTES, with the UDP
 * check sum (RFC 8200, 8.1). @param length of the payload, at most 65000. @return the packet's length.
 */
size_t heal_udp6_frame_encode(const struct heal_udp6_frame *frame, uint8_t *buffer, size_t length);

#endif
