/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The insides of heal_netlink, shared by netlink.c (the source) and netlink_orders.c.
 */
#ifndef HEAL_OS_NETLINK_PARTS_H
#define HEAL_OS_NETLINK_PARTS_H

#include "os/netlink.h"
#include "os/netlink_socket.h"
#include "os/seen.h"

enum { HEAL_NETLINK_LINKS_MAX = 256 };

/** What is remembered of an interface: routes name it by index only. */
struct heal_netlink_known {
    uint32_t ifindex;
    char ifname[HEAL_IFNAME_MAX];
    bool up, loopback, marked;
};

struct heal_netlink {
    struct heal_netlink_socket asking;
    struct mnl_socket *listening;
    struct event *event;
    struct heal_reading_sink sink;
    struct heal_seen seen; /**< kernel routes */
    size_t links;
    struct heal_netlink_known link[HEAL_NETLINK_LINKS_MAX];
    bool stale;   /**< routes may have gone without a word: read them again */
    bool overrun; /**< messages were dropped, and not all has been read again yet */
    uint64_t overruns;
    char buffer[HEAL_NETLINK_ANSWER_MAX] __attribute__((aligned(8)));
};

/** Fills in the name of the interface of a route. @return false where there is none of that index. */
bool heal_netlink_name_hop(const struct heal_netlink *netlink, uint32_t ifindex,
                           char ret_ifname[HEAL_IFNAME_MAX]);

#endif
