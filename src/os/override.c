/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/override.h"

#include "base/cleanup.h"
#include "os/netlink_socket.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 64, DUMPS_MAX = 8 };

/* As many as one dump has room for; the rest come with the next. */
struct batch {
    size_t count;
    struct heal_command_route route[BATCH];
};

static void note_route(void *context, const struct heal_rtnetlink_message *message) {
    struct batch *batch = context;
    const struct heal_reading_fib *fib = &message->route.reading;

    if (message->kind != HEAL_RTNETLINK_ROUTE || !fib->present || fib->type != HEAL_FIB_UNICAST ||
        fib->protocol != HEAL_ROUTE_PROTOCOL || batch->count == BATCH)
        return;
    struct heal_command_route *route = &batch->route[batch->count++];
    *route = (struct heal_command_route){.prefix = fib->prefix, .via = fib->via, .metric = fib->metric};
    /* Without a name the interface has just gone, and the route with it. */
    char ifname[IF_NAMESIZE];
    if (if_indextoname(message->route.ifindex, ifname))
        memcpy(route->via.ifname, ifname, sizeof route->via.ifname);
}

static int look(struct heal_netlink_socket *socket, uint8_t family, struct batch *batch) {
    int r = -EAGAIN;

    for (unsigned i = 0; r == -EAGAIN && i < DUMPS_MAX; i++) {
        batch->count = 0;
        r = heal_netlink_dump(socket, RTM_GETROUTE, family, sizeof(struct rtmsg), note_route, batch);
    }
    /* A table that never stands still was read all the same. */
    return r == -EAGAIN ? 0 : r;
}

/* By prefix, metric and protocol alone: whatever its next hops have become. */
static int delete_route(struct heal_netlink_socket *socket, uint8_t family,
                        const struct heal_command_route *route) {
    unsigned skipped = family == AF_INET ? 12 : 0; /* of an IPv4 address, mapped into IPv6 */
    struct nlmsghdr *head = heal_netlink_request(socket, RTM_DELROUTE, NLM_F_ACK);
    struct rtmsg *message = mnl_nlmsg_put_extra_header(head, sizeof *message);

    message->rtm_family = family;
    message->rtm_dst_len = (uint8_t)(route->prefix.length - 8 * skipped);
    message->rtm_table = RT_TABLE_MAIN;
    message->rtm_protocol = HEAL_ROUTE_PROTOCOL;
    message->rtm_scope = RT_SCOPE_NOWHERE; /* any */
    message->rtm_type = RTN_UNICAST;
    mnl_attr_put(head, RTA_DST, 16 - skipped, route->prefix.address.byte + skipped);
    mnl_attr_put_u32(head, RTA_PRIORITY, route->metric);
    return heal_netlink_ask(socket, NULL, NULL);
}

/* Until a look finds none. One that cannot be deleted would be found again and again. */
static int remove_family(struct heal_netlink_socket *socket, uint8_t family, heal_override_told *told,
                         void *context) {
    struct batch batch;
    unsigned idle = 0;

    for (;;) {
        int r = look(socket, family, &batch);
        size_t removed = 0;

        if (r < 0 || batch.count == 0)
            return r;
        for (size_t i = 0; i < batch.count; i++) {
            int code = delete_route(socket, family, &batch.route[i]);

            /* Gone meanwhile, perhaps; the next look tells. */
            if (code == -ESRCH)
                continue;
            told(context, &batch.route[i], code);
            removed += code == 0;
            r = r < 0 ? r : code;
        }
        idle = removed > 0 ? 0 : idle + 1;
        if (r < 0 || idle == 2)
            return r < 0 ? r : -ESRCH;
    }
}

int heal_overrides_remove(heal_override_told *told, void *context) {
    static const uint8_t FAMILY[] = {AF_INET, AF_INET6};
    struct heal_netlink_socket socket;
    int r = heal_netlink_socket_init(&socket, NETLINK_ROUTE);

    if (r < 0)
        return r;
    for (size_t i = 0; i < HEAL_COUNT(FAMILY); i++) {
        int code = remove_family(&socket, FAMILY[i], told, context);

        r = r < 0 ? r : code;
    }
    heal_netlink_socket_deinit(&socket);
    return r;
}
