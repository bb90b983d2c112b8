/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The kernel's links and routes (rtnetlink) as a source and the few orders that heald gives to them. Changes
 * come from the event loop as they happen; when the kernel had to drop messages, all is read again and what
 * vanished meanwhile is reported as gone. Link counters are read by heal_netlink_read_links, once a round.
 */
#ifndef HEAL_OS_NETLINK_H
#define HEAL_OS_NETLINK_H

#include "os/source.h"

struct event_base;
struct heal_netlink;

struct heal_netlink_options {
    struct event_base *base;
    struct heal_reading_sink sink;
};

/** Opens and reports all links and routes. @return 0 or a negative errno. */
int heal_netlink_open(const struct heal_netlink_options *options, struct heal_netlink **ret_netlink);

/** Takes NULL. @return NULL. */
struct heal_netlink *heal_netlink_close(struct heal_netlink *netlink);

/** Reports every link with its counters (loopback excepted). @return 0 or a negative errno. */
int heal_netlink_read_links(struct heal_netlink *netlink);

/** How often the kernel had to drop messages, so that all was read again. */
uint64_t heal_netlink_overruns(const struct heal_netlink *netlink);

/** A route of ours: through a neighbour's link-local address, also for IPv4 (RFC 5549, RTA_VIA). */
struct heal_netlink_route {
    struct heal_prefix prefix;
    struct heal_port_key via;
    uint32_t metric;
    uint8_t protocol;
};

/** Each asks the kernel and has its answer at once. @return 0 or a negative errno, e.g. -EPERM, -ENODEV. */
/** Adding what is there already is a success. */
int heal_netlink_route_add(struct heal_netlink *netlink, const struct heal_netlink_route *route);
/** Deleting what is not there is a success. */
int heal_netlink_route_delete(struct heal_netlink *netlink, const struct heal_netlink_route *route);
int heal_netlink_link_up(struct heal_netlink *netlink, const char *ifname, bool up);
int heal_netlink_link_mtu(struct heal_netlink *netlink, const char *ifname, uint32_t mtu);
/** Puts an interface into another (a mesh, a bridge), or, with "", out of it. */
int heal_netlink_link_master(struct heal_netlink *netlink, const char *ifname, const char *master);
/** Reads the MTU that the interface has at this moment. */
int heal_netlink_link_mtu_now(struct heal_netlink *netlink, const char *ifname, uint32_t *ret_mtu);
/** Looks up the MAC address of a neighbour. @return 0, -ENOENT or another negative errno. */
int heal_netlink_neighbour_mac(struct heal_netlink *netlink, const struct heal_port_key *port,
                               uint8_t ret_mac[static 6]);

#endif
