/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The ways that the nodes' kernels have for the mesh addresses, and the wait until they are the expected. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <limits.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "lab/clock.h"
#include "lab/lab_state.h"
#include "lab/note.h"
#include "lab/readable.h"

enum { DUMP_TIMEOUT_MS = 2000, RECHECK_MS = 500 };
static const unsigned NO_WAY = UINT_MAX; /* above what ISO C has for an enum */

/* babeld takes a link for bad until it has heard some hellos, says so, and leaves its neighbours with that
 * for up to 16 s. They are asked for news each second, the last time when ten hellos have come. */
static const heal_us ask_interval_us = HEAL_US_PER_S, settled_us = 10 * HEAL_US_PER_S;

/** One node's next hops, and the metrics by which they were chosen. */
struct ways {
    unsigned nodes;
    unsigned next[HEAL_LAB_NODES_MAX];
    uint32_t metric[HEAL_LAB_NODES_MAX];
    uint32_t sequence;
};

/* The node that has a mesh address or (by its last but one group) a link's address; NO_WAY: none. */
static unsigned node_of(const struct nlattr *attribute, unsigned nodes, bool mesh) {
    struct heal_address address, expected;
    unsigned number;

    if (!attribute || mnl_attr_get_payload_len(attribute) != sizeof address.byte)
        return NO_WAY;
    memcpy(address.byte, mnl_attr_get_payload(attribute), sizeof address.byte);
    number = mesh ? (unsigned)(address.byte[14] << 8 | address.byte[15])
                  : (unsigned)(address.byte[12] << 8 | address.byte[13]);
    if (number == 0 || number > nodes)
        return NO_WAY;
    expected = mesh ? heal_topology_address(number - 1) : address;
    return heal_address_equal(&address, &expected) ? number - 1 : NO_WAY;
}

static int take_attribute(const struct nlattr *attribute, void *data) {
    const struct nlattr **table = data;

    if (mnl_attr_type_valid(attribute, RTA_MAX) > 0)
        table[mnl_attr_get_type(attribute)] = attribute;
    return MNL_CB_OK;
}

static int take_route(const struct nlmsghdr *header, void *data) {
    const struct nlattr *table[RTA_MAX + 1] = {NULL};
    const struct rtmsg *route = mnl_nlmsg_get_payload(header);
    struct ways *ways = data;
    uint32_t metric;
    unsigned to;

    /* A news of the kernel's own, not part of the answer. */
    if (header->nlmsg_seq != ways->sequence || header->nlmsg_type != RTM_NEWROUTE)
        return MNL_CB_OK;
    if (route->rtm_family != AF_INET6 || route->rtm_dst_len != 128 || route->rtm_table != RT_TABLE_MAIN)
        return MNL_CB_OK;
    (void)mnl_attr_parse(header, sizeof *route, take_attribute, (void *)table);
    to = node_of(table[RTA_DST], ways->nodes, true);
    metric = table[RTA_PRIORITY] ? mnl_attr_get_u32(table[RTA_PRIORITY]) : 0;
    if (to == NO_WAY || metric >= ways->metric[to])
        return MNL_CB_OK;
    ways->metric[to] = metric;
    ways->next[to] =
        route->rtm_type == RTN_UNICAST ? node_of(table[RTA_GATEWAY], ways->nodes, false) : NO_WAY;
    return MNL_CB_OK;
}

/* Forgets what nobody has read: news of routes, the rest of an answer that was given up on. */
static void flush_socket(int fd) {
    char buffer[4096];

    while (recv(fd, buffer, sizeof buffer, MSG_DONTWAIT) >= 0 || errno == ENOBUFS)
        continue;
}

static int read_ways(const struct heal_lab *lab, unsigned node, struct ways *ways) {
    char buffer[32768];
    int fd = lab->node[node].routes;
    struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
    struct rtmsg *route;
    int r = MNL_CB_OK;

    flush_socket(fd);
    ways->nodes = lab->topology.nodes;
    ways->sequence++;
    for (unsigned i = 0; i < HEAL_LAB_NODES_MAX; i++) {
        ways->next[i] = NO_WAY;
        ways->metric[i] = UINT32_MAX;
    }
    request->nlmsg_type = RTM_GETROUTE;
    request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request->nlmsg_seq = ways->sequence;
    route = mnl_nlmsg_put_extra_header(request, sizeof *route);
    route->rtm_family = AF_INET6;
    if (send(fd, request, request->nlmsg_len, 0) < 0)
        return -errno;
    while (r > MNL_CB_STOP) {
        int waited = heal_readable_wait(fd, DUMP_TIMEOUT_MS);
        ssize_t length;

        if (waited < 0)
            return waited;
        length = recv(fd, buffer, sizeof buffer, 0);
        if (length < 0)
            return -errno;
        r = mnl_cb_run(buffer, (size_t)length, 0, 0, take_route, ways);
    }
    return r < 0 ? -errno : 0;
}

static int read_all(const struct heal_lab *lab, struct ways *ways) {
    int r = 0;

    for (unsigned i = 0; r == 0 && i < lab->topology.nodes; i++) {
        ways[i].sequence = i << 16 | (unsigned)(heal_lab_now() & 0xffff);
        r = read_ways(lab, i, &ways[i]);
    }
    return r;
}

static int follow(const struct ways *ways, unsigned nodes, unsigned from, unsigned to, unsigned *ret_path) {
    unsigned at = from, count = 1;

    ret_path[0] = from;
    while (at != to) {
        at = ways[at].next[to];
        if (at == NO_WAY)
            return -EHOSTUNREACH;
        if (count == nodes)
            return -ELOOP;
        ret_path[count++] = at;
    }
    return (int)count;
}

static bool is_converged(const struct heal_lab *lab, const struct ways *ways, bool shortest) {
    for (unsigned from = 0; from < lab->topology.nodes; from++) {
        unsigned hops[HEAL_LAB_NODES_MAX], path[HEAL_LAB_NODES_MAX];

        heal_topology_hops(&lab->topology, from, hops);
        for (unsigned to = 0; to < lab->topology.nodes; to++) {
            int count;

            if (hops[to] == UINT_MAX)
                continue;
            count = follow(ways, lab->topology.nodes, from, to, path);
            if (count < 0 || (shortest && (unsigned)count != hops[to] + 1))
                return false;
        }
    }
    return true;
}

static void listen_to_routes(const struct heal_lab *lab, bool on) {
    static const int group = RTNLGRP_IPV6_ROUTE;

    for (unsigned i = 0; i < lab->topology.nodes; i++)
        (void)setsockopt(lab->node[i].routes, SOL_NETLINK,
                         on ? NETLINK_ADD_MEMBERSHIP : NETLINK_DROP_MEMBERSHIP, &group, sizeof group);
}

/* Waits for any change of routes, but looks again now and then: a dump swallows the news that come with it.
 */
static void wait_for_change(const struct heal_lab *lab) {
    struct pollfd wait[HEAL_LAB_NODES_MAX];

    for (unsigned i = 0; i < lab->topology.nodes; i++)
        wait[i] = (struct pollfd){.fd = lab->node[i].routes, .events = POLLIN};
    (void)poll(wait, lab->topology.nodes, RECHECK_MS);
}

int heal_lab_wait_converged(struct heal_lab *lab, heal_us timeout, heal_us *ret_took) {
    struct ways ways[HEAL_LAB_NODES_MAX];
    heal_us begin = heal_lab_now(), asked = 0;
    bool shortest = true, converged = false;

    for (unsigned i = 0; i < lab->topology.links; i++)
        shortest = shortest && !lab->topology.link[i].has_radio;
    listen_to_routes(lab, true);
    for (;;) {
        heal_us now = heal_lab_now();

        converged = asked >= lab->started + settled_us && read_all(lab, ways) == 0 &&
                    is_converged(lab, ways, shortest);
        if (converged || now - begin >= timeout)
            break;
        if (now - asked >= ask_interval_us && heal_lab_command_all(lab, HEAL_NOTE_ASK_ROUTES) == 0)
            asked = now;
        wait_for_change(lab);
    }
    listen_to_routes(lab, false);
    if (!converged)
        return -ETIMEDOUT;
    if (ret_took)
        *ret_took = heal_lab_now() - begin;
    return 0;
}
