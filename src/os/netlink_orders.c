/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/netlink_parts.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

static bool is_ipv4(const struct heal_prefix *prefix) {
    return prefix->length >= 96 && heal_address_is_mapped(&prefix->address);
}

static void put_gateway(struct nlmsghdr *head, const struct heal_prefix *prefix,
                        const struct heal_address *peer) {
    if (!is_ipv4(prefix)) {
        mnl_attr_put(head, RTA_GATEWAY, sizeof(peer->byte), peer->byte);
        return;
    }
    struct {
        uint16_t family;
        uint8_t address[16];
    } via = {.family = AF_INET6};
    memcpy(via.address, peer->byte, sizeof(via.address));
    mnl_attr_put(head, RTA_VIA, sizeof(via), &via);
}

static int order_route(struct heal_netlink *netlink, const struct heal_netlink_route *route, uint16_t type,
                       uint16_t flags) {
    bool ipv4 = is_ipv4(&route->prefix);
    unsigned ifindex = if_nametoindex(route->via.ifname);
    if (ifindex == 0) {
        return -ENODEV;
    }
    struct nlmsghdr *head = heal_netlink_request(&netlink->asking, type, (uint16_t)(NLM_F_ACK | flags));
    struct rtmsg *message = mnl_nlmsg_put_extra_header(head, sizeof(*message));
    message->rtm_family = ipv4 ? AF_INET : AF_INET6;
    message->rtm_dst_len = (uint8_t)(route->prefix.length - (ipv4 ? 96 : 0));
    message->rtm_table = RT_TABLE_MAIN;
    message->rtm_protocol = route->protocol;
    message->rtm_scope = RT_SCOPE_UNIVERSE;
    message->rtm_type = RTN_UNICAST;
    if (ipv4) {
        mnl_attr_put(head, RTA_DST, 4, route->prefix.address.byte + 12);
    } else {
        mnl_attr_put(head, RTA_DST, 16, route->prefix.address.byte);
    }
    put_gateway(head, &route->prefix, &route->via.peer);
    mnl_attr_put_u32(head, RTA_OIF, ifindex);
    mnl_attr_put_u32(head, RTA_PRIORITY, route->metric);
    return heal_netlink_ask(&netlink->asking, NULL, NULL);
}

/* A search among the routes of a protocol for one of the same prefix and metric. */
struct search {
    const struct heal_netlink_route *wanted;
    bool ours, same;
};

static void compare_route(void *context, const struct heal_reading *reading) {
    struct search *search = context;
    const struct heal_reading_fib *fib = &reading->fib;
    if (fib->type == HEAL_FIB_UNICAST && heal_prefix_equal(&fib->prefix, &search->wanted->prefix) &&
        fib->metric == search->wanted->metric) {
        search->ours = true;
        search->same |= heal_port_key_equal(&fib->via, &search->wanted->via);
    }
}

struct route_filter {
    const struct heal_netlink *netlink;
    const struct heal_reading_sink *sink;
    uint8_t protocol;
};

static void filter_route(void *context, const struct heal_rtnetlink_message *message) {
    const struct route_filter *filter = context;
    if (message->kind != HEAL_RTNETLINK_ROUTE || message->route.reading.protocol != filter->protocol) {
        return;
    }
    struct heal_reading reading = {.kind = HEAL_READING_FIB, .fib = message->route.reading};
    if (message->route.ifindex &&
        !heal_netlink_name_hop(filter->netlink, message->route.ifindex, reading.fib.via.ifname)) {
        return;
    }
    filter->sink->take(filter->sink->context, &reading);
}

/* Reports the routes of one protocol that are in the main table, without the source's own books. */
static int routes_of(struct heal_netlink *netlink, uint8_t protocol, const struct heal_reading_sink *sink) {
    static const uint8_t families[] = {AF_INET, AF_INET6};
    struct route_filter filter = {netlink, sink, protocol};
    for (size_t i = 0; i < sizeof(families); i++) {
        int r = heal_netlink_dump(&netlink->asking, RTM_GETROUTE, families[i], sizeof(struct rtmsg),
                                  filter_route, &filter);
        if (r < 0 && r != -EAGAIN) {
            return r;
        }
    }
    return 0;
}

int heal_netlink_route_add(struct heal_netlink *netlink, const struct heal_netlink_route *route) {
    int r = order_route(netlink, route, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
    if (r != -EEXIST) {
        return r;
    }
    struct search search = {.wanted = route};
    struct heal_reading_sink sink = {compare_route, &search};
    r = routes_of(netlink, route->protocol, &sink);
    if (r < 0 || search.same) {
        return r;
    }
    /* Somebody else's route of that very metric stays as it is. */
    return search.ours ? order_route(netlink, route, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE) : -EEXIST;
}

int heal_netlink_route_delete(struct heal_netlink *netlink, const struct heal_netlink_route *route) {
    int r = order_route(netlink, route, RTM_DELROUTE, 0);
    /* Where the interface is gone or down, so is the route. */
    return r == -ESRCH || r == -ENODEV || r == -ENETDOWN ? 0 : r;
}

static struct nlmsghdr *begin_link(struct heal_netlink *netlink, const char *ifname, unsigned flags,
                                   unsigned change) {
    unsigned ifindex = if_nametoindex(ifname);
    if (ifindex == 0) {
        return NULL;
    }
    struct nlmsghdr *head = heal_netlink_request(&netlink->asking, RTM_NEWLINK, NLM_F_ACK);
    struct ifinfomsg *info = mnl_nlmsg_put_extra_header(head, sizeof(*info));
    info->ifi_index = (int)ifindex;
    info->ifi_flags = flags;
    info->ifi_change = change;
    return head;
}

int heal_netlink_link_up(struct heal_netlink *netlink, const char *ifname, bool up) {
    return begin_link(netlink, ifname, up ? IFF_UP : 0, IFF_UP)
               ? heal_netlink_ask(&netlink->asking, NULL, NULL)
               : -ENODEV;
}

int heal_netlink_link_mtu(struct heal_netlink *netlink, const char *ifname, uint32_t mtu) {
    struct nlmsghdr *head = begin_link(netlink, ifname, 0, 0);
    if (!head) {
        return -ENODEV;
    }
    mnl_attr_put_u32(head, IFLA_MTU, mtu);
    return heal_netlink_ask(&netlink->asking, NULL, NULL);
}

int heal_netlink_link_master(struct heal_netlink *netlink, const char *ifname, const char *master) {
    uint32_t index = master[0] ? if_nametoindex(master) : 0;
    struct nlmsghdr *head = begin_link(netlink, ifname, 0, 0);
    if (!head || (master[0] && index == 0)) {
        return -ENODEV;
    }
    mnl_attr_put_u32(head, IFLA_MASTER, index);
    return heal_netlink_ask(&netlink->asking, NULL, NULL);
}

struct mtu_search {
    uint32_t ifindex, mtu; /* 0: not found */
};

static void compare_link(void *context, const struct heal_rtnetlink_message *message) {
    struct mtu_search *search = context;
    if (message->kind == HEAL_RTNETLINK_LINK && message->link.ifindex == search->ifindex) {
        search->mtu = message->link.reading.mtu;
    }
}

int heal_netlink_link_mtu_now(struct heal_netlink *netlink, const char *ifname, uint32_t *ret_mtu) {
    struct mtu_search search = {.ifindex = if_nametoindex(ifname)};
    if (search.ifindex == 0) {
        return -ENODEV;
    }
    int r = heal_netlink_dump(&netlink->asking, RTM_GETLINK, AF_UNSPEC, sizeof(struct ifinfomsg),
                              compare_link, &search);
    if (r < 0 && r != -EAGAIN) {
        return r;
    }
    if (search.mtu == 0) {
        return -ENODEV;
    }
    *ret_mtu = search.mtu;
    return 0;
}

struct mac_search {
    uint32_t ifindex;
    const struct heal_address *address;
    bool found;
    uint8_t mac[6];
};

static void compare_neighbour(void *context, const struct heal_rtnetlink_message *message) {
    struct mac_search *search = context;
    if (message->kind == HEAL_RTNETLINK_NEIGHBOUR && message->neighbour.ifindex == search->ifindex &&
        heal_address_equal(&message->neighbour.address, search->address)) {
        search->found = true;
        memcpy(search->mac, message->neighbour.mac, sizeof(search->mac));
    }
}

int heal_netlink_neighbour_mac(struct heal_netlink *netlink, const struct heal_port_key *port,
                               uint8_t ret_mac[static 6]) {
    struct mac_search search = {.ifindex = if_nametoindex(port->ifname), .address = &port->peer};
    if (search.ifindex == 0) {
        return -ENODEV;
    }
    int r = heal_netlink_dump(&netlink->asking, RTM_GETNEIGH, AF_INET6, sizeof(struct ndmsg),
                              compare_neighbour, &search);
    if (r < 0 && r != -EAGAIN) {
        return r;
    }
    if (!search.found) {
        return -ENOENT;
    }
    memcpy(ret_mac, search.mac, sizeof(search.mac));
    return 0;
}
