/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/rtnetlink.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>

enum { AF_IPV4 = 2, AF_IPV6 = 10 }; /* AF_INET and AF_INET6 without the socket headers */

/* Attributes of one message, by type; the last of a type counts. */
struct attributes {
    const uint8_t *data[64];
    size_t size[64];
};

/* @return false where a length leads out of the message. */
static bool read_attributes(const uint8_t *bytes, size_t length, struct attributes *ret_attributes) {
    *ret_attributes = (struct attributes){0};
    while (length >= sizeof(struct rtattr)) {
        struct rtattr head;
        memcpy(&head, bytes, sizeof(head));
        if (head.rta_len < sizeof(head) || head.rta_len > length) {
            return false;
        }
        unsigned type = head.rta_type & (unsigned)NLA_TYPE_MASK;
        if (type < 64) {
            ret_attributes->data[type] = bytes + RTA_LENGTH(0);
            ret_attributes->size[type] = head.rta_len - RTA_LENGTH(0);
        }
        size_t step = RTA_ALIGN((size_t)head.rta_len);
        if (step >= length) {
            return true;
        }
        bytes += step;
        length -= step;
    }
    return length == 0;
}

static uint32_t read_u32(const struct attributes *attributes, unsigned type) {
    uint32_t value = 0;
    if (attributes->size[type] >= sizeof(value)) {
        memcpy(&value, attributes->data[type], sizeof(value));
    }
    return value;
}

/* Reads an address of the message's family; a family without one gives zero. */
static bool read_address(const uint8_t *data, size_t size, unsigned family,
                         struct heal_address *ret_address) {
    struct heal_address address = {0};
    if (family == AF_IPV6 && size == sizeof(address.byte)) {
        memcpy(address.byte, data, size);
    } else if (family == AF_IPV4 && size == 4) {
        address.byte[10] = address.byte[11] = 0xff;
        memcpy(address.byte + 12, data, size);
    } else {
        return false;
    }
    *ret_address = address;
    return true;
}

static int decode_link(const struct heal_netlink_frame *frame, struct heal_rtnetlink_message *message) {
    struct ifinfomsg info;
    struct attributes attributes;
    if (frame->size < sizeof(info)) {
        return -EBADMSG;
    }
    memcpy(&info, frame->body, sizeof(info));
    if (!read_attributes(frame->body + NLMSG_ALIGN(sizeof(info)), frame->size - sizeof(info), &attributes)) {
        return -EBADMSG;
    }
    size_t name = attributes.size[IFLA_IFNAME];
    /* A bridge's ports send messages of their own family, without counters; wireless events have no flags. */
    if (info.ifi_family != 0 || info.ifi_index <= 0 || name == 0 || name > HEAL_IFNAME_MAX ||
        attributes.data[IFLA_IFNAME][name - 1] != '\0') {
        return 0;
    }
    struct heal_reading_link *link = &message->link.reading;
    message->kind = HEAL_RTNETLINK_LINK;
    message->link = (struct heal_rtnetlink_link){.ifindex = (uint32_t)info.ifi_index,
                                                 .loopback = info.ifi_flags & IFF_LOOPBACK};
    memcpy(link->ifname, attributes.data[IFLA_IFNAME], name);
    link->present = frame->type == RTM_NEWLINK;
    link->up = info.ifi_flags & IFF_UP;
    link->carrier = info.ifi_flags & IFF_LOWER_UP;
    link->mtu = read_u32(&attributes, IFLA_MTU);
    uint64_t counters[4] = {0}; /* rtnl_link_stats64 begins with rx, tx packets and rx, tx bytes */
    if (attributes.size[IFLA_STATS64] >= sizeof(counters)) {
        memcpy(counters, attributes.data[IFLA_STATS64], sizeof(counters));
    }
    link->rx_packets = counters[0];
    link->tx_packets = counters[1];
    link->rx_bytes = counters[2];
    link->tx_bytes = counters[3];
    return 0;
}

/* The gateway may stand as one of the family (RTA_GATEWAY) or of another (RTA_VIA). */
static void read_gateway(const struct attributes *attributes, unsigned family,
                         struct heal_address *ret_gateway) {
    const uint8_t *via = attributes->data[RTA_VIA];
    size_t size = attributes->size[RTA_VIA];
    if (attributes->data[RTA_GATEWAY]) {
        read_address(attributes->data[RTA_GATEWAY], attributes->size[RTA_GATEWAY], family, ret_gateway);
    } else if (size > sizeof(uint16_t)) {
        uint16_t via_family;
        memcpy(&via_family, via, sizeof(via_family));
        read_address(via + sizeof(via_family), size - sizeof(via_family), via_family, ret_gateway);
    }
}

/* Takes the first of several next hops. @return false where its length leads out of the attribute. */
static bool read_first_hop(const struct attributes *attributes, unsigned family,
                           struct heal_rtnetlink_route *route) {
    const uint8_t *data = attributes->data[RTA_MULTIPATH];
    size_t size = attributes->size[RTA_MULTIPATH];
    struct rtnexthop hop;
    struct attributes inner;
    if (!data) {
        return true;
    }
    if (size < sizeof(hop)) {
        return false;
    }
    memcpy(&hop, data, sizeof(hop));
    if (hop.rtnh_len < sizeof(hop) || hop.rtnh_len > size ||
        !read_attributes(data + sizeof(hop), hop.rtnh_len - sizeof(hop), &inner)) {
        return false;
    }
    route->ifindex = hop.rtnh_ifindex > 0 ? (uint32_t)hop.rtnh_ifindex : 0;
    read_gateway(&inner, family, &route->reading.via.peer);
    return true;
}

static bool read_type(unsigned rtm_type, enum heal_fib_type *ret_type) {
    switch (rtm_type) {
    case RTN_UNICAST:
        *ret_type = HEAL_FIB_UNICAST;
        return true;
    case RTN_BLACKHOLE:
    case RTN_UNREACHABLE:
    case RTN_PROHIBIT:
        *ret_type = HEAL_FIB_BLACKHOLE;
        return true;
    case RTN_LOCAL:
        *ret_type = HEAL_FIB_LOCAL;
        return true;
    default:
        return false;
    }
}

static bool read_prefix(const struct rtmsg *info, const struct attributes *attributes,
                        struct heal_prefix *ret_prefix) {
    bool ipv4 = info->rtm_family == AF_IPV4;
    struct heal_prefix prefix = {.length = (uint8_t)(info->rtm_dst_len + (ipv4 ? 96 : 0))};
    if (ipv4) {
        prefix.address.byte[10] = prefix.address.byte[11] = 0xff;
    }
    if (info->rtm_dst_len > (ipv4 ? 32 : 128) ||
        (attributes->data[RTA_DST] && !read_address(attributes->data[RTA_DST], attributes->size[RTA_DST],
                                                    info->rtm_family, &prefix.address))) {
        return false;
    }
    *ret_prefix = prefix;
    return true;
}

/* Loopback, link-local and multicast destinations: every host has them, and none says anything. */
static bool is_of_no_interest(const struct heal_prefix *prefix) {
    const uint8_t *byte = prefix->address.byte;
    static const uint8_t loopback[16] = {[15] = 1};
    if (heal_address_is_mapped(&prefix->address)) {
        return prefix->length > 96 && byte[12] == 127;
    }
    return prefix->length > 0 && (byte[0] == 0xff || heal_address_is_link_local(&prefix->address) ||
                                  memcmp(byte, loopback, 16) == 0);
}

static int decode_route(const struct heal_netlink_frame *frame, struct heal_rtnetlink_message *message) {
    struct rtmsg info;
    struct attributes attributes;
    struct heal_rtnetlink_route route = {0};
    struct heal_reading_fib *fib = &route.reading;
    if (frame->size < sizeof(info)) {
        return -EBADMSG;
    }
    memcpy(&info, frame->body, sizeof(info));
    if (!read_attributes(frame->body + NLMSG_ALIGN(sizeof(info)), frame->size - sizeof(info), &attributes)) {
        return -EBADMSG;
    }
    uint32_t table = attributes.data[RTA_TABLE] ? read_u32(&attributes, RTA_TABLE) : info.rtm_table;
    if ((info.rtm_family != AF_IPV4 && info.rtm_family != AF_IPV6) || (info.rtm_flags & RTM_F_CLONED) ||
        info.rtm_src_len != 0 || !read_type(info.rtm_type, &fib->type) ||
        table != (fib->type == HEAL_FIB_LOCAL ? RT_TABLE_LOCAL : RT_TABLE_MAIN)) {
        return 0;
    }
    if (!read_prefix(&info, &attributes, &fib->prefix)) {
        return -EBADMSG;
    }
    if (is_of_no_interest(&fib->prefix)) {
        return 0;
    }
    fib->present = frame->type == RTM_NEWROUTE;
    fib->protocol = info.rtm_protocol;
    fib->metric = read_u32(&attributes, RTA_PRIORITY);
    route.replaces = fib->present && (frame->flags & NLM_F_REPLACE);
    if (fib->type == HEAL_FIB_UNICAST) {
        route.ifindex = read_u32(&attributes, RTA_OIF);
        read_gateway(&attributes, info.rtm_family, &fib->via.peer);
        if (!read_first_hop(&attributes, info.rtm_family, &route)) {
            return -EBADMSG;
        }
    }
    message->kind = HEAL_RTNETLINK_ROUTE;
    message->route = route;
    return 0;
}

static int decode_neighbour(const struct heal_netlink_frame *frame, struct heal_rtnetlink_message *message) {
    struct ndmsg info;
    struct attributes attributes;
    struct heal_rtnetlink_neighbour neighbour = {0};
    if (frame->size < sizeof(info)) {
        return -EBADMSG;
    }
    memcpy(&info, frame->body, sizeof(info));
    if (!read_attributes(frame->body + NLMSG_ALIGN(sizeof(info)), frame->size - sizeof(info), &attributes)) {
        return -EBADMSG;
    }
    if (info.ndm_ifindex <= 0 || attributes.size[NDA_LLADDR] != sizeof(neighbour.mac) ||
        !read_address(attributes.data[NDA_DST], attributes.size[NDA_DST], info.ndm_family,
                      &neighbour.address)) {
        return 0;
    }
    neighbour.ifindex = (uint32_t)info.ndm_ifindex;
    memcpy(neighbour.mac, attributes.data[NDA_LLADDR], sizeof(neighbour.mac));
    message->kind = HEAL_RTNETLINK_NEIGHBOUR;
    message->neighbour = neighbour;
    return 0;
}

static int decode_body(const struct heal_netlink_frame *frame, struct heal_rtnetlink_message *message) {
    switch (frame->type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
        return decode_link(frame, message);
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
        return decode_route(frame, message);
    case RTM_NEWNEIGH:
        return decode_neighbour(frame, message);
    case NLMSG_DONE:
    case NLMSG_ERROR:
        message->kind = frame->type == NLMSG_DONE ? HEAL_RTNETLINK_DONE : HEAL_RTNETLINK_ERROR;
        message->code = frame->code;
        return 0;
    default:
        return 0;
    }
}

int heal_rtnetlink_frame_decode(const struct heal_netlink_frame *frame,
                                struct heal_rtnetlink_message *ret_message) {
    struct heal_rtnetlink_message message = {
        .kind = HEAL_RTNETLINK_OTHER,
        .sequence = frame->sequence,
        .interrupted = frame->interrupted,
    };
    int r = decode_body(frame, &message);
    if (r == 0) {
        *ret_message = message;
    }
    return r;
}

int heal_rtnetlink_decode(const void *bytes, size_t length, struct heal_rtnetlink_message *ret_message,
                          size_t *ret_used) {
    struct heal_netlink_frame frame;
    size_t used;
    int r = heal_netlink_frame_decode(bytes, length, &frame, &used);
    if (r < 0) {
        return r;
    }
    r = heal_rtnetlink_frame_decode(&frame, ret_message);
    if (r == 0) {
        *ret_used = used;
    }
    return r;
}
