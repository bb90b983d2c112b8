/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "net/kernel.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

enum { BUFFER_BYTES = 8192 };

int heal_kernel_open(void) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

    return fd < 0 ? -errno : fd;
}

/* The answer to a question about one thing lies ready when sending returns. */
static int ask(int netlink, struct nlmsghdr *question, char *buffer, const struct nlmsghdr **ret_answer) {
    uint32_t number = question->nlmsg_seq;

    if (send(netlink, question, question->nlmsg_len, 0) < 0)
        return -errno;
    for (;;) {
        ssize_t length = recv(netlink, buffer, BUFFER_BYTES, 0);
        const struct nlmsghdr *answer = (const struct nlmsghdr *)buffer;

        if (length < 0)
            return -errno;
        if (!mnl_nlmsg_ok(answer, (int)length) || answer->nlmsg_seq != number)
            continue;
        if (answer->nlmsg_type == NLMSG_ERROR) {
            const struct nlmsgerr *error = mnl_nlmsg_get_payload(answer);

            return mnl_nlmsg_get_payload_len(answer) < sizeof *error || error->error == 0 ? -EPROTO
                                                                                          : error->error;
        }
        *ret_answer = answer;
        return 0;
    }
}

static struct nlmsghdr *begin(char *buffer, uint16_t type) {
    struct nlmsghdr *question = mnl_nlmsg_put_header(buffer);

    question->nlmsg_type = type;
    question->nlmsg_flags = NLM_F_REQUEST;
    question->nlmsg_seq = type;
    return question;
}

static const struct nlattr *find_attribute(const struct nlmsghdr *answer, size_t head, unsigned type) {
    const char *tail = mnl_nlmsg_get_payload_tail(answer);
    const struct nlattr *at = mnl_nlmsg_get_payload_offset(answer, head);

    while (mnl_attr_ok(at, (int)(tail - (const char *)at))) {
        if (mnl_attr_get_type(at) == type)
            return at;
        at = mnl_attr_next(at);
    }
    return NULL;
}

int heal_kernel_counters(int netlink, int ifindex, uint64_t *ret_sent, uint64_t *ret_received) {
    _Alignas(struct nlmsghdr) char buffer[BUFFER_BYTES];
    struct nlmsghdr *question = begin(buffer, RTM_GETSTATS);
    struct if_stats_msg *head = mnl_nlmsg_put_extra_header(question, sizeof *head);
    const struct nlmsghdr *answer = NULL;
    const struct nlattr *attribute;

    head->ifindex = (uint32_t)ifindex;
    head->filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64);
    int r = ask(netlink, question, buffer, &answer);
    if (r < 0)
        return r;
    attribute = find_attribute(answer, sizeof *head, IFLA_STATS_LINK_64);
    size_t needed = offsetof(struct rtnl_link_stats64, rx_bytes);
    struct rtnl_link_stats64 stats;
    if (!attribute || mnl_attr_get_payload_len(attribute) < needed)
        return -EPROTO;
    memcpy(&stats, mnl_attr_get_payload(attribute), needed);
    *ret_sent = stats.tx_packets;
    *ret_received = stats.rx_packets;
    return 0;
}

int heal_kernel_mac(int netlink, int ifindex, const struct heal_address *neighbour,
                    struct heal_mac *ret_mac) {
    _Alignas(struct nlmsghdr) char buffer[BUFFER_BYTES];
    struct nlmsghdr *question = begin(buffer, RTM_GETNEIGH);
    struct ndmsg *head = mnl_nlmsg_put_extra_header(question, sizeof *head);
    const struct nlmsghdr *answer = NULL;
    const struct nlattr *attribute;

    head->ndm_family = AF_INET6;
    head->ndm_ifindex = ifindex;
    mnl_attr_put(question, NDA_DST, sizeof neighbour->byte, neighbour->byte);
    int r = ask(netlink, question, buffer, &answer);
    if (r < 0)
        return r;
    attribute = find_attribute(answer, sizeof *head, NDA_LLADDR);
    size_t length = attribute ? mnl_attr_get_payload_len(attribute) : 0;
    if (length == 0 || length > HEAL_MAC_MAX)
        return -ENOENT;
    *ret_mac = (struct heal_mac){.length = (uint8_t)length};
    memcpy(ret_mac->byte, mnl_attr_get_payload(attribute), length);
    return 0;
}
