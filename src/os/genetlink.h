/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Questions and orders to a family of generic netlink: its number is asked for once, then one request, its
 * whole answer, as frames for the family's own decoder. As in netlink_socket.h the kernel answers within the
 * call.
 */
#ifndef HEAL_OS_GENETLINK_H
#define HEAL_OS_GENETLINK_H

#include "os/netlink_socket.h"

struct heal_genetlink {
    struct heal_netlink_socket asking;
    uint16_t family;
};

/**
 * Opens a socket and finds the family. @param name e.g. "nl80211".
 * @return 0; -ENOENT where this kernel does not have it; or another negative errno.
 */
int heal_genetlink_init(struct heal_genetlink *genetlink, const char *name);
/** Harmless on one that is zero. */
void heal_genetlink_deinit(struct heal_genetlink *genetlink);

/** Begins a request. @param flags NLM_F_DUMP, NLM_F_ACK or both. @return its head, for mnl_attr_put_…. */
struct nlmsghdr *heal_genetlink_request(struct heal_genetlink *genetlink, uint8_t command, uint16_t flags);

/** Sends it and takes its answer, as heal_netlink_ask does. @param take may be NULL. */
int heal_genetlink_ask(struct heal_genetlink *genetlink, heal_netlink_take_frame *take, void *context);

#endif
