/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/netlink.h"

#include "os/netlink_parts.h"

#include <errno.h>
#include <event2/event.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { DUMP_TRIES = 5 };

static struct heal_netlink_known *find_link(struct heal_netlink *netlink, uint32_t ifindex) {
    for (size_t i = 0; i < netlink->links; i++) {
        if (netlink->link[i].ifindex == ifindex) {
            return &netlink->link[i];
        }
    }
    return NULL;
}

bool heal_netlink_name_hop(const struct heal_netlink *netlink, uint32_t ifindex,
                           char ret_ifname[HEAL_IFNAME_MAX]) {
    for (size_t i = 0; i < netlink->links; i++) {
        if (netlink->link[i].ifindex == ifindex) {
            memcpy(ret_ifname, netlink->link[i].ifname, HEAL_IFNAME_MAX);
            return true;
        }
    }
    return if_indextoname(ifindex, ret_ifname) != NULL;
}

/* Says that an interface of this name is no more. */
static void report_gone(struct heal_netlink *netlink, const struct heal_netlink_known *known) {
    struct heal_reading reading = {.kind = HEAL_READING_LINK};
    memcpy(reading.link.ifname, known->ifname, HEAL_IFNAME_MAX);
    if (!known->loopback) {
        netlink->sink.take(netlink->sink.context, &reading);
    }
}

static void remove_link(struct heal_netlink *netlink, struct heal_netlink_known *known) {
    struct heal_netlink_known gone = *known;
    *known = netlink->link[--netlink->links];
    netlink->stale = true;
    report_gone(netlink, &gone);
}

static void take_link(struct heal_netlink *netlink, const struct heal_rtnetlink_link *link) {
    struct heal_netlink_known *known = find_link(netlink, link->ifindex);
    if (!link->reading.present) {
        if (known) {
            remove_link(netlink, known);
        }
        return;
    }
    if (known && strcmp(known->ifname, link->reading.ifname) != 0) {
        report_gone(netlink, known); /* it was renamed */
    }
    if (!known) {
        if (netlink->links == HEAL_NETLINK_LINKS_MAX) {
            return;
        }
        known = &netlink->link[netlink->links++];
        *known = (struct heal_netlink_known){.ifindex = link->ifindex};
    }
    /* The kernel drops the IPv4 routes of an interface that goes down without telling. */
    netlink->stale |= known->up && !link->reading.up;
    memcpy(known->ifname, link->reading.ifname, HEAL_IFNAME_MAX);
    known->up = link->reading.up;
    known->loopback = link->loopback;
    known->marked = true;
    if (!link->loopback) {
        struct heal_reading reading = {.kind = HEAL_READING_LINK, .link = link->reading};
        netlink->sink.take(netlink->sink.context, &reading);
    }
}

/* Whether a known route is what a new one, `argument`, has replaced. */
static bool is_replaced(const struct heal_reading *known, const void *argument) {
    const struct heal_reading_fib *fresh = argument;
    return known->kind == HEAL_READING_FIB && heal_prefix_equal(&known->fib.prefix, &fresh->prefix) &&
           known->fib.metric == fresh->metric &&
           (known->fib.type == HEAL_FIB_LOCAL) == (fresh->type == HEAL_FIB_LOCAL);
}

static void take_route(struct heal_netlink *netlink, const struct heal_rtnetlink_route *route) {
    struct heal_reading reading = {.kind = HEAL_READING_FIB, .fib = route->reading};
    if (route->reading.type == HEAL_FIB_UNICAST && !heal_address_is_zero(&route->reading.via.peer) &&
        !heal_netlink_name_hop(netlink, route->ifindex, reading.fib.via.ifname)) {
        /* The interface went between the message and now; its routes are read again. */
        netlink->stale = true;
        return;
    }
    if (route->replaces) {
        heal_seen_forget(&netlink->seen, is_replaced, &reading.fib, &netlink->sink);
    }
    heal_seen_report(&netlink->seen, &reading, &netlink->sink);
}

static void take_message(void *context, const struct heal_rtnetlink_message *message) {
    struct heal_netlink *netlink = context;
    if (message->kind == HEAL_RTNETLINK_LINK) {
        take_link(netlink, &message->link);
    } else if (message->kind == HEAL_RTNETLINK_ROUTE) {
        take_route(netlink, &message->route);
    }
}

int heal_netlink_read_links(struct heal_netlink *netlink) {
    for (size_t i = 0; i < netlink->links; i++) {
        netlink->link[i].marked = false;
    }
    int r = heal_netlink_dump(&netlink->asking, RTM_GETLINK, AF_UNSPEC, sizeof(struct ifinfomsg),
                              take_message, netlink);
    if (r < 0) {
        return r == -EAGAIN ? 0 : r; /* what was missed comes with the next round */
    }
    for (size_t i = netlink->links; i-- > 0;) {
        if (!netlink->link[i].marked) {
            remove_link(netlink, &netlink->link[i]);
        }
    }
    return 0;
}

/* Reads all routes; what is not among them has vanished. */
static int read_routes(struct heal_netlink *netlink) {
    static const uint8_t families[] = {AF_INET, AF_INET6};
    int r = -EAGAIN;
    for (int tries = 0; tries < DUMP_TRIES && r == -EAGAIN; tries++) {
        netlink->stale = false;
        heal_seen_begin(&netlink->seen);
        for (size_t i = 0; i < sizeof(families); i++) {
            r = heal_netlink_dump(&netlink->asking, RTM_GETROUTE, families[i], sizeof(struct rtmsg),
                                  take_message, netlink);
            if (r < 0) {
                break;
            }
        }
    }
    if (r == 0) {
        heal_seen_end(&netlink->seen, &netlink->sink);
    }
    netlink->seen.syncing = false;
    return r;
}

/* Reads everything again; reports what changed or vanished. */
static int resync(struct heal_netlink *netlink) {
    int r = heal_netlink_read_links(netlink);
    return r < 0 ? r : read_routes(netlink);
}

static void take_datagram(struct heal_netlink *netlink, size_t length) {
    struct heal_rtnetlink_message message;
    size_t at = 0, used;
    while (heal_rtnetlink_decode(netlink->buffer + at, length - at, &message, &used) == 0) {
        at += used;
        take_message(netlink, &message);
    }
}

static void on_readable(evutil_socket_t fd, short what, void *context) {
    enum { AT_ONCE = 64 }; /* then the loop has its turn */
    struct heal_netlink *netlink = context;
    bool drained = false;
    (void)what;
    for (int i = 0; i < AT_ONCE && !drained; i++) {
        struct sockaddr_nl from = {0};
        socklen_t from_size = sizeof(from);
        ssize_t length = recvfrom(fd, netlink->buffer, sizeof(netlink->buffer), MSG_DONTWAIT,
                                  (struct sockaddr *)&from, &from_size);
        if (length < 0 && errno == ENOBUFS) {
            netlink->overruns++;
            netlink->overrun = true;
        } else if (length < 0) {
            drained = true;
        } else if (from.nl_pid == 0) { /* from the kernel, nobody else */
            take_datagram(netlink, (size_t)length);
        }
    }
    /*
     * An overrun is told before the messages that had come until then: reading all again must wait until
     * these old ones are through, or they would undo what was read.
     */
    if (drained && netlink->overrun) {
        netlink->overrun = resync(netlink) < 0;
    } else if (netlink->stale) {
        read_routes(netlink);
    }
}

static int listen_to_groups(struct heal_netlink *netlink, struct event_base *base) {
    unsigned groups = RTMGRP_LINK | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
    netlink->listening = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (!netlink->listening || mnl_socket_bind(netlink->listening, groups, MNL_SOCKET_AUTOPID) < 0) {
        return -errno;
    }
    netlink->event =
        event_new(base, mnl_socket_get_fd(netlink->listening), EV_READ | EV_PERSIST, on_readable, netlink);
    return netlink->event && event_add(netlink->event, NULL) == 0 ? 0 : -ENOMEM;
}

int heal_netlink_open(const struct heal_netlink_options *options, struct heal_netlink **ret_netlink) {
    struct heal_netlink *netlink = calloc(1, sizeof(*netlink));
    if (!netlink) {
        return -ENOMEM;
    }
    netlink->sink = options->sink;
    heal_seen_init(&netlink->seen);
    int r = heal_netlink_socket_init(&netlink->asking, NETLINK_ROUTE);
    /* Listen first, then read: what changes in between is heard twice, never missed. */
    if (r == 0) {
        r = listen_to_groups(netlink, options->base);
    }
    if (r == 0) {
        r = resync(netlink);
    }
    if (r < 0) {
        heal_netlink_close(netlink);
        return r;
    }
    *ret_netlink = netlink;
    return 0;
}

struct heal_netlink *heal_netlink_close(struct heal_netlink *netlink) {
    if (!netlink) {
        return NULL;
    }
    if (netlink->event) {
        event_free(netlink->event);
    }
    if (netlink->listening) {
        mnl_socket_close(netlink->listening);
    }
    heal_netlink_socket_deinit(&netlink->asking);
    heal_seen_deinit(&netlink->seen);
    free(netlink);
    return NULL;
}

uint64_t heal_netlink_overruns(const struct heal_netlink *netlink) {
    return netlink->overruns;
}
