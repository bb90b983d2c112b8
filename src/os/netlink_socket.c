/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/netlink_socket.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

int heal_netlink_socket_init(struct heal_netlink_socket *socket, int protocol) {
    struct timeval limit = {.tv_sec = 1};
    socket->socket = mnl_socket_open2(protocol, SOCK_CLOEXEC);
    if (!socket->socket) {
        return -errno;
    }
    socket->sequence = (uint32_t)time(NULL);
    if (mnl_socket_bind(socket->socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
        setsockopt(mnl_socket_get_fd(socket->socket), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) < 0) {
        int r = -errno;
        heal_netlink_socket_deinit(socket);
        return r;
    }
    return 0;
}

void heal_netlink_socket_deinit(struct heal_netlink_socket *socket) {
    if (socket->socket) {
        mnl_socket_close(socket->socket);
        socket->socket = NULL;
    }
}

struct nlmsghdr *heal_netlink_request(struct heal_netlink_socket *socket, uint16_t type, uint16_t flags) {
    struct nlmsghdr *head = mnl_nlmsg_put_header(socket->request);
    head->nlmsg_type = type;
    head->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    head->nlmsg_seq = ++socket->sequence;
    return head;
}

/* Takes one datagram. @return 1: more to come; 0: the end; or a negative errno. */
static int take_datagram(struct heal_netlink_socket *socket, size_t length, bool *interrupted,
                         heal_netlink_take_frame *take, void *context) {
    struct heal_netlink_frame frame;
    size_t at = 0, used;
    int r;
    while ((r = heal_netlink_frame_decode(socket->answer + at, length - at, &frame, &used)) == 0) {
        at += used;
        if (frame.sequence != socket->sequence) {
            continue; /* the rest of an answer that was given up */
        }
        *interrupted |= frame.interrupted;
        if (frame.kind != HEAL_NETLINK_FRAME_DATA) {
            return frame.code;
        }
        if (take) {
            take(context, &frame);
        }
    }
    return r == -ENODATA ? 1 : r;
}

int heal_netlink_ask_frames(struct heal_netlink_socket *socket, heal_netlink_take_frame *take,
                            void *context) {
    bool interrupted = false;
    const struct nlmsghdr *head = (const struct nlmsghdr *)socket->request;
    if (mnl_socket_sendto(socket->socket, head, head->nlmsg_len) < 0) {
        return -errno;
    }
    for (;;) {
        ssize_t length = mnl_socket_recvfrom(socket->socket, socket->answer, sizeof(socket->answer));
        if (length < 0 && errno == EINTR) {
            continue;
        }
        if (length < 0) {
            return errno == EAGAIN ? -ETIMEDOUT : -errno;
        }
        int r = take_datagram(socket, (size_t)length, &interrupted, take, context);
        if (r <= 0) {
            return r == 0 && interrupted ? -EAGAIN : r;
        }
    }
}

struct taker {
    heal_netlink_take *take;
    void *context;
    int code; /* of the first message that contradicts itself */
};

static void take_frame(void *context, const struct heal_netlink_frame *frame) {
    struct taker *taker = context;
    struct heal_rtnetlink_message message;
    int r = heal_rtnetlink_frame_decode(frame, &message);
    if (r < 0) {
        taker->code = taker->code < 0 ? taker->code : r;
    } else if (taker->take) {
        taker->take(taker->context, &message);
    }
}

int heal_netlink_ask(struct heal_netlink_socket *socket, heal_netlink_take *take, void *context) {
    struct taker taker = {take, context, 0};
    int r = heal_netlink_ask_frames(socket, take_frame, &taker);
    return r < 0 ? r : taker.code;
}

int heal_netlink_dump(struct heal_netlink_socket *socket, uint16_t type, uint8_t family, size_t size,
                      heal_netlink_take *take, void *context) {
    struct nlmsghdr *head = heal_netlink_request(socket, type, NLM_F_DUMP);
    uint8_t *extra = mnl_nlmsg_put_extra_header(head, size);
    extra[0] = family; /* the first byte of ifinfomsg, rtmsg and ndmsg */
    return heal_netlink_ask(socket, take, context);
}
