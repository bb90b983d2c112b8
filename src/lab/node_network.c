/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/node_network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "lab/process.h"
#include "lab/sysctl.h"

enum { BABEL_PORT = 6696, RUNNING_CHECK_MS = 100, RUNNING_TIMEOUT_MS = 5000 };

int heal_node_network_prepare(void) {
    static const struct {
        const char *name;
        int value;
    } wanted[] = {
        {"net/ipv6/conf/all/forwarding",               1},
        {"net/ipv6/conf/default/forwarding",           1},
        {"net/ipv6/conf/all/accept_dad",               0},
        {"net/ipv6/conf/default/accept_dad",           0},
        {"net/ipv6/conf/all/addr_gen_mode",            1}, /* no link-local address but ours */
        {"net/ipv6/conf/default/addr_gen_mode",        1},
        {"net/ipv6/conf/default/router_solicitations", 0},
        {"net/ipv6/conf/default/accept_ra",            0},
    };
    int r = 0;

    for (size_t i = 0; r == 0 && i < HEAL_COUNT(wanted); i++)
        r = heal_sysctl_write(wanted[i].name, wanted[i].value);
    return r;
}

static int print_interface(FILE *out, const struct heal_topology *topology, unsigned node, unsigned link) {
    const struct heal_topology_link *ends = &topology->link[link];
    struct heal_address address = heal_topology_link_address(node, link);
    char text[HEAL_ADDRESS_TEXT];
    unsigned peer;

    if (ends->a != node && ends->b != node)
        return 0;
    peer = ends->a == node ? ends->b : ends->a;
    return fprintf(out, "addr add %s/64 dev %s nodad\nlink set dev %s up\n",
                   heal_address_format(&address, text), topology->node[peer].name, topology->node[peer].name);
}

/* Checksums are made here, not left for a device that is none; and no packet is larger than the link takes.
 */
static int switch_offloads_off(int control, const char *ifname) {
    static const __u32 offloads[] = {ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_STXCSUM};

    for (size_t i = 0; i < HEAL_COUNT(offloads); i++) {
        struct ethtool_value off = {.cmd = offloads[i], .data = 0};
        struct ifreq request = {.ifr_data = (char *)&off};

        snprintf(request.ifr_name, sizeof request.ifr_name, "%s", ifname);
        if (ioctl(control, SIOCETHTOOL, &request) < 0)
            return -errno;
    }
    return 0;
}

/* @return 1 if the interface can send and receive, 0 not yet, or negative errno. */
static int is_running(int control, const char *ifname) {
    struct ifreq request = {0};

    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", ifname);
    if (ioctl(control, SIOCGIFFLAGS, &request) < 0)
        return -errno;
    return request.ifr_flags & IFF_RUNNING ? 1 : 0;
}

/* For each interface of the node. @return the first result that is not @p good, else good. */
static int each_interface(const struct heal_topology *topology, unsigned node, int control, int good,
                          int (*ask)(int control, const char *ifname)) {
    int r = good;

    for (unsigned i = 0; r == good && i < topology->links; i++) {
        const struct heal_topology_link *ends = &topology->link[i];

        if (ends->a == node)
            r = ask(control, topology->node[ends->b].name);
        else if (ends->b == node)
            r = ask(control, topology->node[ends->a].name);
    }
    return r;
}

static int open_netlink(unsigned groups) {
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    int r;

    if (fd < 0)
        return -errno;
    if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    r = -errno;
    close(fd);
    return r;
}

/* The kernel may take a second to see that a link is there. Hellos sent before that are lost, and a routing
 * daemon that misses them prefers other paths for a long while. */
static int wait_running(const struct heal_topology *topology, unsigned node, int control) {
    struct pollfd wait = {.fd = open_netlink(RTMGRP_LINK), .events = POLLIN};
    int r = wait.fd < 0 ? wait.fd : 0;

    for (int waited = 0; r == 0; waited++) {
        char news[8192];

        r = each_interface(topology, node, control, 1, is_running);
        if (r != 0)
            break;
        if (waited == RUNNING_TIMEOUT_MS / RUNNING_CHECK_MS)
            r = -ETIMEDOUT;
        else if (poll(&wait, 1, RUNNING_CHECK_MS) > 0)
            (void)recv(wait.fd, news, sizeof news, MSG_DONTWAIT);
    }
    if (wait.fd >= 0)
        close(wait.fd);
    return r < 0 ? r : 0;
}

static int make_usable(const struct heal_topology *topology, unsigned node) {
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int r;

    if (control < 0)
        return -errno;
    r = each_interface(topology, node, control, 0, switch_offloads_off);
    if (r == 0)
        r = wait_running(topology, node, control);
    close(control);
    return r;
}

int heal_node_network_configure(const struct heal_topology *topology, unsigned node) {
    static const char *const ip[] = {"ip", "-6", "-batch", "-", NULL};
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    struct heal_address address = heal_topology_address(node);
    char shown[HEAL_ADDRESS_TEXT];
    size_t length;
    FILE *out = open_memstream(&text, &length);
    int r;

    if (!out)
        return -ENOMEM;
    fprintf(out, "link set dev lo up\naddr add %s/128 dev lo nodad\n", heal_address_format(&address, shown));
    for (unsigned i = 0; i < topology->links; i++)
        (void)print_interface(out, topology, node, i);
    if (fclose(out) != 0)
        return -ENOMEM;
    r = heal_process_run(ip, text);
    if (r != 0)
        return r < 0 ? r : -EIO;
    return make_usable(topology, node);
}

int heal_node_network_routes(void) {
    return open_netlink(0);
}

static int ask_on(int fd, const char *ifname) {
    /* Magic 42, version 2, a body of four bytes: type 9, two bytes, any address, prefix length 0. */
    static const uint8_t wildcard_request[] = {42, 2, 0, 4, 9, 2, 0, 0};
    struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_port = htons(BABEL_PORT)};

    to.sin6_scope_id = if_nametoindex(ifname);
    (void)inet_pton(AF_INET6, "ff02::1:6", &to.sin6_addr);
    return sendto(fd, wildcard_request, sizeof wildcard_request, 0, (struct sockaddr *)&to, sizeof to) < 0
               ? -errno
               : 0;
}

int heal_node_network_ask_routes(const struct heal_topology *topology, unsigned node) {
    /* Looped back, it would make the node's own routing daemon a neighbour of itself. */
    static const int loop = 0;
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int r;

    if (fd < 0)
        return -errno;
    r = setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, &loop, sizeof loop) < 0 ? -errno : 0;
    if (r == 0)
        r = each_interface(topology, node, fd, 0, ask_on);
    close(fd);
    return r;
}
