/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/node_network.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "lab/process.h"
#include "lab/sysctl.h"

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

static int all_offloads_off(const struct heal_topology *topology, unsigned node) {
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int r = control < 0 ? -errno : 0;

    for (unsigned i = 0; r == 0 && i < topology->links; i++) {
        const struct heal_topology_link *ends = &topology->link[i];

        if (ends->a == node)
            r = switch_offloads_off(control, topology->node[ends->b].name);
        else if (ends->b == node)
            r = switch_offloads_off(control, topology->node[ends->a].name);
    }
    if (control >= 0)
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
    return all_offloads_off(topology, node);
}

int heal_node_network_routes(void) {
    struct sockaddr_nl address = {.nl_family = AF_NETLINK};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    if (fd < 0)
        return -errno;
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        int code = -errno;

        close(fd);
        return code;
    }
    return fd;
}
