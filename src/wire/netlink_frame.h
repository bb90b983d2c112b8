/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Netlink's framing (netlink(7)), the same for every family: one message's head checked against the bytes
 * that are there, and the two kinds that end an answer. What is inside is for the family's own decoder. Pure:
 * a frame points into the caller's bytes and owns nothing.
 */
#ifndef HEAL_WIRE_NETLINK_FRAME_H
#define HEAL_WIRE_NETLINK_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum heal_netlink_frame_kind {
    HEAL_NETLINK_FRAME_DATA,
    HEAL_NETLINK_FRAME_DONE,  /**< ends a dump; it may come in a datagram of its own */
    HEAL_NETLINK_FRAME_ERROR, /**< `code` 0: an acknowledgement */
};

struct heal_netlink_frame {
    enum heal_netlink_frame_kind kind;
    uint16_t type, flags;
    uint32_t sequence;
    bool interrupted; /**< NLM_F_DUMP_INTR: the dump that this belongs to is inconsistent */
    int code;         /**< of ERROR and DONE: 0 or a negative errno */
    const uint8_t *body;
    size_t size; /**< of the body */
};

/**
 * Reads the first frame of @p bytes.
 * @param ret_used how many bytes it took, so that the next one begins after them.
 * @return 0; -ENODATA at the end; -EBADMSG for a frame that contradicts itself (nothing of @p bytes can be
 * trusted from there on), with the outputs untouched.
 */
int heal_netlink_frame_decode(const void *bytes, size_t length, struct heal_netlink_frame *ret_frame,
                              size_t *ret_used);

#endif
