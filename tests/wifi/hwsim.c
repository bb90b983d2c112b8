/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wifi/hwsim.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <math.h>
#include <string.h>
#include <sys/socket.h>

/* Of drivers/net/wireless/mac80211_hwsim.h. */
enum { CMD_REGISTER = 1, CMD_FRAME, CMD_TX_INFO_FRAME };
enum {
    ATTR_RECEIVER = 1,
    ATTR_TRANSMITTER,
    ATTR_FRAME,
    ATTR_FLAGS,
    ATTR_RX_RATE,
    ATTR_SIGNAL,
    ATTR_TX_INFO,
    ATTR_COOKIE,
    ATTR_FREQUENCY = 19,
    ATTRS,
};
enum { FLAG_ACKNOWLEDGED = 4 };
enum { BUFFER = 1 << 15, ADDRESS = 6, RATES_MAX = 4, WAITING_BYTES = 4 << 20 };
enum { FRAME_RECEIVER = 4, FRAME_LEAST = 10 /* IEEE 802.11: frame control, duration, first address */ };

/* One entry of ATTR_TX_INFO: a rate, and how often it may be tried; then how often it was. -1 ends the list.
 */
struct rate {
    int8_t index;
    uint8_t tries;
};

/* What a radio sends: the attributes of one CMD_FRAME, checked. */
struct sent {
    const struct nlattr *attr[ATTRS];
    const uint8_t *frame;
    size_t bytes;
    unsigned from;
    uint32_t flags;
    struct rate rate[RATES_MAX];
};

static int take_attr(const struct nlattr *attr, void *context) {
    const struct nlattr **attrs = context;

    if (mnl_attr_get_type(attr) < ATTRS)
        attrs[mnl_attr_get_type(attr)] = attr;
    return MNL_CB_OK;
}

static bool has_bytes(const struct nlattr *attr, size_t bytes) {
    return attr && mnl_attr_get_payload_len(attr) >= bytes;
}

/* The driver calls radio N 42:00:00:00:N:00 where it speaks of the hardware, and its interface
 * 02:00:00:00:N:00.
 * @return N, or -1. */
static int radio_of(const uint8_t *address, uint8_t first) {
    const uint8_t wanted[ADDRESS] = {first, 0, 0, 0, address[4], 0};

    return memcmp(address, wanted, ADDRESS) == 0 && address[4] < HEAL_MEDIUM_RADIOS_MAX ? address[4] : -1;
}

/* @return 0, or -EINVAL: it is no frame of a radio that can be told. */
static int read_sent(const struct nlmsghdr *head, struct sent *sent) {
    int from;

    *sent = (struct sent){0};
    mnl_attr_parse(head, sizeof(struct genlmsghdr), take_attr, sent->attr);
    if (!has_bytes(sent->attr[ATTR_TRANSMITTER], ADDRESS) ||
        !has_bytes(sent->attr[ATTR_FRAME], FRAME_LEAST) ||
        !has_bytes(sent->attr[ATTR_TX_INFO], sizeof sent->rate) ||
        !has_bytes(sent->attr[ATTR_COOKIE], sizeof(uint64_t)))
        return -EINVAL;
    from = radio_of(mnl_attr_get_payload(sent->attr[ATTR_TRANSMITTER]), 0x42);
    if (from < 0)
        return -EINVAL;
    sent->from = (unsigned)from;
    sent->frame = mnl_attr_get_payload(sent->attr[ATTR_FRAME]);
    sent->bytes = mnl_attr_get_payload_len(sent->attr[ATTR_FRAME]);
    sent->flags =
        has_bytes(sent->attr[ATTR_FLAGS], sizeof(uint32_t)) ? mnl_attr_get_u32(sent->attr[ATTR_FLAGS]) : 0;
    memcpy(sent->rate, mnl_attr_get_payload(sent->attr[ATTR_TX_INFO]), sizeof sent->rate);
    return 0;
}

static struct nlmsghdr *begin(void *buffer, uint16_t type, uint8_t command) {
    struct nlmsghdr *head = mnl_nlmsg_put_header(buffer);
    struct genlmsghdr *general;

    head->nlmsg_type = type;
    head->nlmsg_flags = NLM_F_REQUEST;
    general = mnl_nlmsg_put_extra_header(head, sizeof *general);
    general->cmd = command;
    general->version = 1;
    return head;
}

static void copy_attr(struct nlmsghdr *head, const struct nlattr *attr) {
    if (attr)
        mnl_attr_put(head, mnl_attr_get_type(attr), mnl_attr_get_payload_len(attr),
                     mnl_attr_get_payload(attr));
}

static int send_message(const struct heal_hwsim *hwsim, const struct nlmsghdr *head) {
    return mnl_socket_sendto(hwsim->socket, head, head->nlmsg_len) < 0 ? -errno : 0;
}

static uint32_t signal_between(const struct heal_medium *medium, unsigned from, unsigned to) {
    return (uint32_t)(int32_t)lround(heal_medium_signal(medium, from, to));
}

/* Whether the receiver takes it is its own affair: it may be down, or on another channel. */
static void deliver(const struct heal_hwsim *hwsim, const struct heal_medium *medium, const struct sent *sent,
                    unsigned to, int rate) {
    const uint8_t receiver[ADDRESS] = {0x42, 0, 0, 0, (uint8_t)to, 0};
    char buffer[BUFFER] __attribute__((aligned(8)));
    struct nlmsghdr *head = begin(buffer, hwsim->family, CMD_FRAME);

    mnl_attr_put(head, ATTR_RECEIVER, sizeof receiver, receiver);
    copy_attr(head, sent->attr[ATTR_FRAME]);
    mnl_attr_put_u32(head, ATTR_RX_RATE, (uint32_t)rate);
    mnl_attr_put_u32(head, ATTR_SIGNAL, signal_between(medium, sent->from, to));
    copy_attr(head, sent->attr[ATTR_FREQUENCY]);
    (void)send_message(hwsim, head);
}

/* To all: one attempt, which nobody acknowledges. */
static void carry_to_all(struct heal_hwsim *hwsim, const struct heal_medium *medium, struct sent *sent) {
    int rate = sent->rate[0].index < 0 ? 0 : sent->rate[0].index;

    for (unsigned to = 0; to < HEAL_MEDIUM_RADIOS_MAX; to++)
        if (heal_medium_has_path(medium, sent->from, to) &&
            heal_medium_attempt(medium, &hwsim->random, sent->from, to, (unsigned)rate, sent->bytes))
            deliver(hwsim, medium, sent, to, rate);
    sent->rate[0].tries = 1;
}

/* To one: until it is acknowledged, or all tries of all rates are used up. */
static void carry_to_one(struct heal_hwsim *hwsim, const struct heal_medium *medium, struct sent *sent,
                         unsigned to) {
    for (size_t i = 0; i < RATES_MAX && sent->rate[i].index >= 0; i++)
        for (uint8_t tries = 1; tries <= sent->rate[i].tries; tries++) {
            if (!heal_medium_attempt(medium, &hwsim->random, sent->from, to, (unsigned)sent->rate[i].index,
                                     sent->bytes))
                continue;
            sent->flags |= FLAG_ACKNOWLEDGED;
            sent->rate[i].tries = tries;
            for (size_t unused = i + 1; unused < RATES_MAX; unused++)
                sent->rate[unused] = (struct rate){.index = -1};
            deliver(hwsim, medium, sent, to, sent->rate[i].index);
            return;
        }
}

/* Tells the sender what became of it. */
static void answer(const struct heal_hwsim *hwsim, const struct heal_medium *medium, const struct sent *sent,
                   int to) {
    char buffer[512] __attribute__((aligned(8)));
    struct nlmsghdr *head = begin(buffer, hwsim->family, CMD_TX_INFO_FRAME);

    copy_attr(head, sent->attr[ATTR_TRANSMITTER]);
    mnl_attr_put_u32(head, ATTR_FLAGS, sent->flags);
    mnl_attr_put_u32(head, ATTR_SIGNAL, to < 0 ? 0 : signal_between(medium, (unsigned)to, sent->from));
    mnl_attr_put(head, ATTR_TX_INFO, sizeof sent->rate, sent->rate);
    copy_attr(head, sent->attr[ATTR_COOKIE]);
    (void)send_message(hwsim, head);
}

static void carry(struct heal_hwsim *hwsim, const struct heal_medium *medium, const struct nlmsghdr *head) {
    struct sent sent;
    int to = -1;

    if (read_sent(head, &sent) < 0)
        return;
    if (sent.frame[FRAME_RECEIVER] & 1)
        carry_to_all(hwsim, medium, &sent);
    else
        to = radio_of(sent.frame + FRAME_RECEIVER, 0x02);
    if (to >= 0)
        carry_to_one(hwsim, medium, &sent, (unsigned)to);
    answer(hwsim, medium, &sent, to);
}

static int family_of(const struct nlmsghdr *head, void *context) {
    const struct nlattr *attr[ATTRS] = {NULL};
    uint16_t *family = context;

    mnl_attr_parse(head, sizeof(struct genlmsghdr), take_attr, attr);
    if (has_bytes(attr[CTRL_ATTR_FAMILY_ID], sizeof *family))
        *family = mnl_attr_get_u16(attr[CTRL_ATTR_FAMILY_ID]);
    return MNL_CB_OK;
}

/* Generic netlink numbers its families as they come. */
static int find_family(struct heal_hwsim *hwsim) {
    char buffer[BUFFER] __attribute__((aligned(8)));
    struct nlmsghdr *head = begin(buffer, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
    ssize_t received;
    int r;

    mnl_attr_put_strz(head, CTRL_ATTR_FAMILY_NAME, "MAC80211_HWSIM");
    r = send_message(hwsim, head);
    if (r < 0)
        return r;
    received = mnl_socket_recvfrom(hwsim->socket, buffer, sizeof buffer);
    if (received < 0 || mnl_cb_run(buffer, (size_t)received, 0, 0, family_of, &hwsim->family) < 0)
        return -errno;
    return hwsim->family ? 0 : -ENOENT;
}

int heal_hwsim_init(struct heal_hwsim *hwsim, uint64_t seed) {
    char buffer[512] __attribute__((aligned(8)));
    int waiting = WAITING_BYTES, r;

    *hwsim = (struct heal_hwsim){.socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC)};
    heal_random_init(&hwsim->random, seed);
    if (!hwsim->socket)
        return -errno;
    (void)setsockopt(mnl_socket_get_fd(hwsim->socket), SOL_SOCKET, SO_RCVBUFFORCE, &waiting, sizeof waiting);
    r = mnl_socket_bind(hwsim->socket, 0, MNL_SOCKET_AUTOPID) < 0 ? -errno : find_family(hwsim);
    if (r == 0)
        r = send_message(hwsim, begin(buffer, hwsim->family, CMD_REGISTER));
    if (r < 0)
        heal_hwsim_deinit(hwsim);
    return r;
}

void heal_hwsim_deinit(struct heal_hwsim *hwsim) {
    if (hwsim->socket)
        mnl_socket_close(hwsim->socket);
    hwsim->socket = NULL;
}

int heal_hwsim_fd(const struct heal_hwsim *hwsim) {
    return mnl_socket_get_fd(hwsim->socket);
}

int heal_hwsim_serve(struct heal_hwsim *hwsim, const struct heal_medium *medium) {
    static char buffer[BUFFER] __attribute__((aligned(8)));
    ssize_t received;

    while ((received = recv(mnl_socket_get_fd(hwsim->socket), buffer, sizeof buffer, MSG_DONTWAIT)) > 0) {
        int left = (int)received;

        for (const struct nlmsghdr *head = (const struct nlmsghdr *)buffer; mnl_nlmsg_ok(head, left);
             head = mnl_nlmsg_next(head, &left)) {
            const struct genlmsghdr *general = mnl_nlmsg_get_payload(head);

            if (head->nlmsg_type == hwsim->family && general->cmd == CMD_FRAME)
                carry(hwsim, medium, head);
        }
    }
    /* ENOBUFS: frames were lost here, as on any air. */
    return received < 0 && errno != EAGAIN && errno != EINTR && errno != ENOBUFS ? -errno : 0;
}
