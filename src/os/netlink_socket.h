/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A netlink socket for questions and orders: one request, its whole answer, decoded for rtnetlink. The kernel
 * answers within the call, so there is nothing to wait for; a limit of a second guards against surprises.
 */
#ifndef HEAL_OS_NETLINK_SOCKET_H
#define HEAL_OS_NETLINK_SOCKET_H

#include "wire/netlink_frame.h"
#include "wire/rtnetlink.h"

#include <libmnl/libmnl.h>

enum { HEAL_NETLINK_REQUEST_MAX = 512, HEAL_NETLINK_ANSWER_MAX = 1 << 15 };

struct heal_netlink_socket {
    struct mnl_socket *socket;
    uint32_t sequence;
    char request[HEAL_NETLINK_REQUEST_MAX] __attribute__((aligned(8)));
    char answer[HEAL_NETLINK_ANSWER_MAX] __attribute__((aligned(8)));
};

typedef void heal_netlink_take(void *context, const struct heal_rtnetlink_message *message);

typedef void heal_netlink_take_frame(void *context, const struct heal_netlink_frame *frame);

/** @param protocol NETLINK_ROUTE or NETLINK_GENERIC. @return 0 or a negative errno. */
int heal_netlink_socket_init(struct heal_netlink_socket *socket, int protocol);
void heal_netlink_socket_deinit(struct heal_netlink_socket *socket);

/** Begins a request in `request`. @return its head, to be completed with mnl_nlmsg_put_… and mnl_attr_put_….
 */
struct nlmsghdr *heal_netlink_request(struct heal_netlink_socket *socket, uint16_t type, uint16_t flags);

/** As heal_netlink_ask below, with the frames of the answer as they are: for any family. */
int heal_netlink_ask_frames(struct heal_netlink_socket *socket, heal_netlink_take_frame *take, void *context);

/**
 * Sends the request and takes its answer. @param take may be NULL.
 * @return 0; -EAGAIN for a dump that was inconsistent (ask again); or a negative errno, e.g. the kernel's.
 */
int heal_netlink_ask(struct heal_netlink_socket *socket, heal_netlink_take *take, void *context);

/** Asks for all of a kind. @param type e.g. RTM_GETROUTE. @param size of the family's own head. */
int heal_netlink_dump(struct heal_netlink_socket *socket, uint16_t type, uint8_t family, size_t size,
                      heal_netlink_take *take, void *context);

#endif
