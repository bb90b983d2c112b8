/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * rtnetlink messages (rtnetlink(7)), decoded: links with their 64-bit counters, routes of the main and local
 * tables. Pure: bytes in, plain data out. Interfaces are known by their index here; names are the caller's
 * business. Every length is checked against what is there, whoever sent it.
 */
#ifndef HEAL_WIRE_RTNETLINK_H
#define HEAL_WIRE_RTNETLINK_H

#include "heal/reading.h"
#include "wire/netlink_frame.h"

enum heal_rtnetlink_kind {
    HEAL_RTNETLINK_OTHER, /**< well-formed, of no use to heald */
    HEAL_RTNETLINK_LINK,
    HEAL_RTNETLINK_ROUTE,
    HEAL_RTNETLINK_NEIGHBOUR, /**< of the kernel: address and MAC */
    HEAL_RTNETLINK_DONE,      /**< ends a dump */
    HEAL_RTNETLINK_ERROR,     /**< `code` 0: an acknowledgement */
};

struct heal_rtnetlink_link {
    uint32_t ifindex;
    bool loopback;
    struct heal_reading_link reading;
};

struct heal_rtnetlink_route {
    uint32_t ifindex; /**< of the first next hop; 0: none */
    bool replaces;    /**< NLM_F_REPLACE: it took the place of what had the same prefix and metric */
    struct heal_reading_fib reading; /**< `via.ifname` is empty */
};

struct heal_rtnetlink_neighbour {
    uint32_t ifindex;
    struct heal_address address;
    uint8_t mac[6];
};

struct heal_rtnetlink_message {
    enum heal_rtnetlink_kind kind;
    uint32_t sequence;
    bool interrupted; /**< NLM_F_DUMP_INTR: the dump that this belongs to is inconsistent */
    int code;         /**< of ERROR and DONE: 0 or a negative errno */
    union {
        struct heal_rtnetlink_link link;
        struct heal_rtnetlink_route route;
        struct heal_rtnetlink_neighbour neighbour;
    };
};

/** Decodes a message whose frame has been read. @return 0; -EBADMSG with the output untouched. */
int heal_rtnetlink_frame_decode(const struct heal_netlink_frame *frame,
                                struct heal_rtnetlink_message *ret_message);

/**
 * Decodes the first message of @p bytes.
 * @param ret_used how many bytes it took, so that the next one begins after them.
 * @return 0; -ENODATA at the end; -EBADMSG for a message that contradicts itself (nothing of @p bytes can be
 * trusted from there on), with the outputs untouched.
 */
int heal_rtnetlink_decode(const void *bytes, size_t length, struct heal_rtnetlink_message *ret_message,
                          size_t *ret_used);

#endif
