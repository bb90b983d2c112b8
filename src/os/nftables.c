/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/nftables.h"

#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

enum { BUFFER = 4096, FAMILY_NETDEV = 5 };

/* A chain's name for a port: FNV-1a over the interface's name and the neighbour's address. */
static uint64_t port_hash(const struct heal_port_key *port) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < sizeof(port->ifname) && port->ifname[i]; i++) {
        hash = (hash ^ (uint8_t)port->ifname[i]) * UINT64_C(1099511628211);
    }
    for (size_t i = 0; i < sizeof(port->peer.byte); i++) {
        hash = (hash ^ port->peer.byte[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

static bool is_plain_name(const char *ifname) {
    for (const char *at = ifname; *at; at++) {
        if (!isalnum((unsigned char)*at) && !strchr("_.-@:", *at)) {
            return false;
        }
    }
    return ifname[0] != '\0';
}

int heal_nftables_write(const struct heal_nftables_quarantine *quarantine, char *buffer, size_t size) {
    struct heal_text text;
    const uint8_t *mac = quarantine->mac;
    unsigned long long chain = port_hash(quarantine->port);
    if (!is_plain_name(quarantine->port->ifname)) {
        return -EINVAL;
    }
    heal_text_init(&text, buffer, size);
    heal_text_add(&text, "add table netdev heald\nadd chain netdev heald p%016llx", chain);
    if (!mac) {
        heal_text_add(&text, "\nflush chain netdev heald p%016llx\ndelete chain netdev heald p%016llx\n",
                      chain, chain);
        return text.cut ? -ENOSPC : (int)text.length;
    }
    heal_text_add(&text,
                  " { type filter hook ingress device \"%.15s\" priority -10; policy accept; }\n"
                  "flush chain netdev heald p%016llx\n",
                  quarantine->port->ifname, chain);
    char ports[64];
    snprintf(ports, sizeof(ports), "udp dport { %u, %u } accept", quarantine->allowed_port[0],
             quarantine->allowed_port[1]);
    const char *const rules[] = {ports, "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
                                 "drop"};
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        heal_text_add(&text, "add rule netdev heald p%016llx ether saddr %02x:%02x:%02x:%02x:%02x:%02x %s\n",
                      chain, mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], rules[i]);
    }
    return text.cut ? -ENOSPC : (int)text.length;
}

static struct nlmsghdr *put_message(void *at, uint16_t type, uint16_t flags, uint8_t family,
                                    uint16_t resource) {
    struct nlmsghdr *head = mnl_nlmsg_put_header(at);
    head->nlmsg_type = type;
    head->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    struct nfgenmsg *message = mnl_nlmsg_put_extra_header(head, sizeof(*message));
    message->nfgen_family = family;
    message->version = NFNETLINK_V0;
    message->res_id = (uint16_t)((resource >> 8) | (resource << 8)); /* network order */
    return head;
}

static uint16_t type_of(unsigned message) {
    return (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | message);
}

/* Sends and takes the first answer. @return 0, or the kernel's negative errno. */
static int ask(const void *request, size_t length) {
    char answer[BUFFER] __attribute__((aligned(8)));
    struct timeval limit = {.tv_sec = 1};
    struct mnl_socket *socket = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
    if (!socket) {
        return -errno;
    }
    int r = 0;
    setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
        mnl_socket_sendto(socket, request, length) < 0) {
        r = -errno;
    } else {
        ssize_t size = mnl_socket_recvfrom(socket, answer, sizeof(answer));
        const struct nlmsghdr *head = (const struct nlmsghdr *)answer;
        if (size < 0) {
            r = -errno;
        } else if (mnl_nlmsg_ok(head, (int)size) && head->nlmsg_type == NLMSG_ERROR &&
                   mnl_nlmsg_get_payload_len(head) >= sizeof(struct nlmsgerr)) {
            r = ((const struct nlmsgerr *)mnl_nlmsg_get_payload(head))->error;
        }
    }
    mnl_socket_close(socket);
    return r;
}

int heal_nftables_is_there(void) {
    char request[256] __attribute__((aligned(8)));
    struct nlmsghdr *head = put_message(request, type_of(NFT_MSG_GETTABLE), 0, FAMILY_NETDEV, 0);
    mnl_attr_put_strz(head, NFTA_TABLE_NAME, "heald");
    int r = ask(head, head->nlmsg_len);
    if (r == -ENOENT) {
        return 0;
    }
    return r < 0 ? r : 1;
}

int heal_nftables_delete(void) {
    char request[512] __attribute__((aligned(8)));
    size_t used = 0;
    used += put_message(request, NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES)->nlmsg_len;
    struct nlmsghdr *head =
        put_message(request + used, type_of(NFT_MSG_DELTABLE), NLM_F_ACK, FAMILY_NETDEV, 0);
    mnl_attr_put_strz(head, NFTA_TABLE_NAME, "heald");
    used += head->nlmsg_len;
    used += put_message(request + used, NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES)->nlmsg_len;
    int r = ask(request, used);
    return r == -ENOENT ? 0 : r;
}
