/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What the daemon says to its helper, which alone may change the system, and what the helper answers: one
 * datagram of a fixed size each way over a local socket. An order is a verb with arguments of fixed size that
 * name things, never a path or a command line. Decoding checks every byte that will be used: what comes out
 * is safe to look at, whoever sent it. Whether the things that it names are there, and the mesh's, only the
 * helper can tell (helper/right.h).
 *
 * A new act is one row of the table in helper_order.c.
 */
#ifndef HEAL_WIRE_HELPER_ORDER_H
#define HEAL_WIRE_HELPER_ORDER_H

#include "heal/event.h"
#include "heal/settings.h"

enum {
    HEAL_HELPER_VERSION = 1, /**< of the two structures below: both programs are of one build */
    HEAL_HELPER_LEFTOVERS_MAX = HEAL_SERVICES_MAX + 1,
};

enum heal_helper_verb {
    HEAL_HELPER_HELLO,        /**< the first: the helper says what it may do */
    HEAL_HELPER_SWEEP,        /**< takes back what an earlier run left */
    HEAL_HELPER_RELOAD,       /**< reads its own configuration anew */
    HEAL_HELPER_FRAME_SOCKET, /**< gives a socket that sends frames and receives none (net/frame_socket.h) */
    HEAL_HELPER_ROUTING_SOCKET, /**< gives a connection to the routing daemon's control socket */
    HEAL_HELPER_ACT,            /**< carries out an act on the world */
    HEAL_HELPER_VERBS,
};

struct heal_helper_order {
    uint32_t version;
    uint32_t number; /**< comes back in the answer */
    uint32_t verb;   /**< enum heal_helper_verb */
    uint32_t act;    /**< of ACT: enum heal_command_kind, one that has a row; else 0 */
    union {
        uint64_t network; /**< of HELLO: the inode of the daemon's network namespace */
        struct heal_command_route route;
        struct heal_command_link link;
        struct heal_command_service service;
        struct heal_command_quarantine quarantine;
        struct heal_command_tune tune;
        struct heal_command_notify notify;
    };
};

/** What a run may leave in the system that bears heald's mark (os/executor.h). */
enum heal_leftover_kind {
    HEAL_LEFTOVER_QUARANTINE, /**< all of nftables' table netdev heald */
    HEAL_LEFTOVER_THROTTLE,   /**< of service `name`: a cgroup of ours, or a note of its own cgroup's quota */
};
enum { HEAL_LEFTOVER_KINDS = HEAL_LEFTOVER_THROTTLE + 1 };

/** Something of an earlier run that SWEEP found, and what came of it. */
struct heal_helper_leftover {
    int32_t code;             /**< 0 or a negative errno: it is still there */
    uint32_t kind;            /**< enum heal_leftover_kind */
    char name[HEAL_NAME_MAX]; /**< of a service */
};

struct heal_helper_answer {
    uint32_t version;
    uint32_t number;
    int32_t code;                /**< 0 or a negative errno */
    uint32_t leftovers;          /**< of SWEEP */
    uint64_t capabilities;       /**< of HELLO: what the helper may do, a bit a capability */
    char text[HEAL_RESULT_TEXT]; /**< in words; terminated */
    struct heal_helper_leftover leftover[HEAL_HELPER_LEFTOVERS_MAX];
};

/**
 * Makes an order of a command, its unused bytes zero.
 * @return 0, or -ENOTSUP: no act of the helper's. It is not checked: the helper does that.
 */
int heal_helper_order_of(const struct heal_command *command, struct heal_helper_order *ret_order);

/**
 * Takes in a datagram.
 * @return 0; -EBADMSG: of another size; -EPROTO: of another version; -EINVAL: a verb, act or argument that
 * cannot be. @p ret_order is untouched then, but for the number after -EINVAL, so that it can be answered.
 */
int heal_helper_order_decode(const void *bytes, size_t length, struct heal_helper_order *ret_order);

/** @return the interface that an ACT is about, or NULL: about none. */
const char *heal_helper_order_ifname(const struct heal_helper_order *order);

/** Makes the command of an order that was decoded and is an ACT. */
void heal_helper_order_command(const struct heal_helper_order *order, struct heal_command *ret_command);

/** Takes in an answer. @return 0, -EBADMSG, -EPROTO or -EINVAL. @p ret_answer is untouched on failure. */
int heal_helper_answer_decode(const void *bytes, size_t length, struct heal_helper_answer *ret_answer);

/** @return whether this can be the name of an interface, and of nothing else in a path. */
bool heal_ifname_is_valid(const char ifname[static HEAL_IFNAME_MAX]);

#endif
