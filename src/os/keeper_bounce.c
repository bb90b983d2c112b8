/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/keeper_parts.h"
#include "os/netlink_socket.h"
#include "os/process.h"

#include "base/text.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { KEPT_MAX = 1 << 15, TRIES = 20, RETRY_MS = 100 };

/* Addresses and routes as the kernel told them, to be told back. */
struct kept {
    size_t used;
    char bytes[KEPT_MAX] __attribute__((aligned(8)));
};

/* Whether a route goes out through this interface and nobody but its maker would put it there again. */
static bool is_worth_keeping(const struct nlmsghdr *head, unsigned ifindex) {
    const struct rtmsg *info = mnl_nlmsg_get_payload(head);
    const struct nlattr *attribute;
    if (head->nlmsg_type != RTM_NEWROUTE || info->rtm_table != RT_TABLE_MAIN ||
        (info->rtm_flags & RTM_F_CLONED) ||
        (info->rtm_protocol != RTPROT_STATIC && info->rtm_protocol != RTPROT_BOOT)) {
        return false;
    }
    const char *end = mnl_nlmsg_get_payload_tail(head);
    for (attribute = mnl_nlmsg_get_payload_offset(head, sizeof(*info));
         mnl_attr_ok(attribute, (int)(end - (const char *)attribute)); attribute = mnl_attr_next(attribute)) {
        if (mnl_attr_get_type(attribute) == RTA_OIF) {
            return mnl_attr_get_payload_len(attribute) >= sizeof(uint32_t) &&
                   mnl_attr_get_u32(attribute) == ifindex;
        }
    }
    return false;
}

/* A link-local address always goes with the link, and who has set it by hand is not there to set it again. */
static bool is_link_local_of(const struct nlmsghdr *head, unsigned ifindex) {
    const struct ifaddrmsg *info = mnl_nlmsg_get_payload(head);
    return head->nlmsg_type == RTM_NEWADDR && info->ifa_family == AF_INET6 &&
           info->ifa_scope == RT_SCOPE_LINK && info->ifa_index == ifindex;
}

static void keep_some(struct kept *kept, const char *bytes, int length, unsigned ifindex, bool *ret_done) {
    for (const struct nlmsghdr *head = (const struct nlmsghdr *)bytes; mnl_nlmsg_ok(head, length);
         head = mnl_nlmsg_next(head, &length)) {
        size_t size = (head->nlmsg_len + 3U) & ~(size_t)3;
        *ret_done |= head->nlmsg_type == NLMSG_DONE || head->nlmsg_type == NLMSG_ERROR;
        bool wanted = is_worth_keeping(head, ifindex) || is_link_local_of(head, ifindex);
        if (wanted && kept->used + size <= sizeof(kept->bytes)) {
            memcpy(kept->bytes + kept->used, head, head->nlmsg_len);
            kept->used += size;
        }
    }
}

/* @param type RTM_GETADDR or RTM_GETROUTE. Both headers begin with the family. */
static void keep_all(struct heal_netlink_socket *asking, struct kept *kept, unsigned ifindex, uint16_t type,
                     uint8_t family) {
    struct nlmsghdr *head = heal_netlink_request(asking, type, NLM_F_DUMP);
    struct rtmsg *message = mnl_nlmsg_put_extra_header(head, type == RTM_GETADDR ? sizeof(struct ifaddrmsg)
                                                                                 : sizeof(struct rtmsg));
    message->rtm_family = family;
    bool done = mnl_socket_sendto(asking->socket, head, head->nlmsg_len) < 0;
    while (!done) {
        ssize_t length = mnl_socket_recvfrom(asking->socket, asking->answer, sizeof(asking->answer));
        done = length <= 0;
        if (length > 0) {
            keep_some(kept, asking->answer, (int)length, ifindex, &done);
        }
    }
}

static void give_back(struct heal_netlink_socket *asking, struct kept *kept) {
    int length = (int)kept->used;
    for (struct nlmsghdr *head = (struct nlmsghdr *)kept->bytes; mnl_nlmsg_ok(head, length);
         head = mnl_nlmsg_next(head, &length)) {
        if (head->nlmsg_len > sizeof(asking->request)) {
            continue;
        }
        memcpy(asking->request, head, head->nlmsg_len);
        struct nlmsghdr *request = (struct nlmsghdr *)asking->request;
        request->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE;
        request->nlmsg_seq = ++asking->sequence;
        request->nlmsg_pid = 0;
        if (request->nlmsg_type == RTM_NEWROUTE) {
            ((struct rtmsg *)mnl_nlmsg_get_payload(request))->rtm_flags &=
                (unsigned)~(RTNH_F_DEAD | RTNH_F_LINKDOWN);
        }
        heal_netlink_ask(asking, NULL, NULL);
    }
}

static int set_up(struct heal_netlink_socket *asking, unsigned ifindex, bool up) {
    struct nlmsghdr *head = heal_netlink_request(asking, RTM_NEWLINK, NLM_F_ACK);
    struct ifinfomsg *info = mnl_nlmsg_put_extra_header(head, sizeof(*info));
    info->ifi_index = (int)ifindex;
    info->ifi_flags = up ? IFF_UP : 0;
    info->ifi_change = IFF_UP;
    return heal_netlink_ask(asking, NULL, NULL);
}

static void wait_for(heal_us span) {
    struct timespec left = {.tv_sec = (time_t)(span / HEAL_US_PER_S),
                            .tv_nsec = (long)(span % HEAL_US_PER_S) * 1000};
    while (nanosleep(&left, &left) < 0 && errno == EINTR) {
    }
}

static int bring_up(struct heal_netlink_socket *asking, unsigned ifindex) {
    int r = set_up(asking, ifindex, true);
    for (int i = 0; r < 0 && r != -ENODEV && i < TRIES; i++) {
        wait_for(RETRY_MS * HEAL_US_PER_MS);
        r = set_up(asking, ifindex, true);
    }
    return r;
}

/* Takes the link down and up; what the kernel would drop with it is given back. */
static int bounce(const struct heal_keeper_work *work, unsigned ifindex, struct heal_netlink_socket *asking,
                  struct kept *kept) {
    char path[96], before[16] = "";
    keep_all(asking, kept, ifindex, RTM_GETADDR, AF_INET6); /* first: routes need them */
    keep_all(asking, kept, ifindex, RTM_GETROUTE, AF_INET);
    keep_all(asking, kept, ifindex, RTM_GETROUTE, AF_INET6);
    /* Else the kernel would take the interface's IPv6 addresses away, and nobody would give them back. */
    snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/keep_addr_on_down", work->ifname);
    bool keeps =
        heal_small_file_read(path, before, sizeof(before)) > 0 && heal_small_file_write(path, "1") == 0;
    int r = set_up(asking, ifindex, false);
    if (r == 0) {
        wait_for(work->down_us);
        r = bring_up(asking, ifindex);
        give_back(asking, kept);
    }
    if (keeps) {
        heal_small_file_write(path, before);
    }
    return r;
}

static int run_bounce(const struct heal_keeper_work *work, int lifeline) {
    unsigned ifindex = if_nametoindex(work->ifname);
    struct heal_netlink_socket *asking = calloc(1, sizeof(*asking));
    struct kept *kept = calloc(1, sizeof(*kept));
    (void)lifeline; /* it goes on to its end whatever becomes of heald */
    int r = !asking || !kept ? -ENOMEM
            : ifindex == 0   ? -ENODEV
                             : heal_netlink_socket_init(asking, NETLINK_ROUTE);
    if (r == 0) {
        r = bounce(work, ifindex, asking, kept);
        heal_netlink_socket_deinit(asking);
    }
    free(asking);
    free(kept);
    return r;
}

int heal_keeper_bounce(const struct heal_keeper_options *options, const char *ifname, heal_us down_us,
                       struct heal_keeper **ret_keeper) {
    struct heal_keeper_work work = {.name = "heald-bounce", .run = run_bounce, .down_us = down_us};
    heal_name_copy(work.ifname, sizeof(work.ifname), ifname);
    return heal_keeper_begin(options, &work, ret_keeper);
}
