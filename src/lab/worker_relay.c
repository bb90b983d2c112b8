/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The relay's process: a heap of packets by the time at which they go on. */
#include "lab/worker_relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/random.h"

enum {
    FRAME_MAX = 2048,
    AT_ONCE = 64, /* packets taken before those due are looked after again */
    RECEIVE_BUFFER = 4 << 20,
    RUNNING_TIMEOUT_MS = 5000,
    OWNER = 0,                       /* the descriptor of the socket to the owner */
    SLOTS = HEAL_RELAY_HELD_MAX + 1, /* one is always free to read into */
};

static const uint64_t ns_per_s = 1000000000;

struct held {
    uint64_t arrived_ns, due_ns; /* CLOCK_MONOTONIC */
    size_t length;
    uint8_t frame[FRAME_MAX];
};

struct relay {
    struct heal_relay_share *share;
    struct heal_random random;
    int input, output;
    unsigned held;
    unsigned heap[SLOTS]; /* slots: those held, as a heap with the first due on top, then the free ones */
    struct held slot[SLOTS];
};

static uint64_t clock_ns(clockid_t clock) {
    struct timespec now;

    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * ns_per_s + (uint64_t)now.tv_nsec;
}

static bool is_before(const struct relay *relay, unsigned a, unsigned b) {
    return relay->slot[relay->heap[a]].due_ns < relay->slot[relay->heap[b]].due_ns;
}

static void swap(struct relay *relay, unsigned a, unsigned b) {
    unsigned slot = relay->heap[a];

    relay->heap[a] = relay->heap[b];
    relay->heap[b] = slot;
}

/* Holds what was read into the first free slot. */
static void hold(struct relay *relay) {
    for (unsigned i = relay->held++; i > 0 && is_before(relay, i, (i - 1) / 2); i = (i - 1) / 2)
        swap(relay, i, (i - 1) / 2);
}

/* Takes the top off, which becomes the first free slot. */
static void release(struct relay *relay) {
    unsigned i = 0;

    swap(relay, 0, --relay->held);
    for (;;) {
        unsigned first = i, left = 2 * i + 1;

        if (left < relay->held && is_before(relay, left, first))
            first = left;
        if (left + 1 < relay->held && is_before(relay, left + 1, first))
            first = left + 1;
        if (first == i)
            return;
        swap(relay, i, first);
        i = first;
    }
}

static void count(struct heal_relay_share *share, heal_us given) {
    heal_us index = given / share->step;

    if (share->passed == 0 || given < share->least)
        share->least = given;
    if (given > share->most)
        share->most = given;
    share->count[index < HEAL_RELAY_COUNTS ? index : HEAL_RELAY_COUNTS - 1]++;
    share->passed++;
}

/* How long ago the kernel took the packet in: it stamps by the wall clock, which may be set meanwhile. */
static uint64_t age_ns(struct msghdr *message) {
    uint64_t now = clock_ns(CLOCK_REALTIME), then = now;
    const struct cmsghdr *header = CMSG_FIRSTHDR(message);
    struct timespec stamp;

    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_TIMESTAMPNS) {
        memcpy(&stamp, CMSG_DATA(header), sizeof stamp);
        then = (uint64_t)stamp.tv_sec * ns_per_s + (uint64_t)stamp.tv_nsec;
    }
    return then < now && now - then < ns_per_s ? now - then : 0;
}

/* @return whether there was a packet. */
static bool take_one(struct relay *relay) {
    struct held *held = &relay->slot[relay->heap[relay->held]];
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(struct timespec))];
    } control;
    struct iovec part = {.iov_base = held->frame, .iov_len = sizeof held->frame};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t length = recvmsg(relay->input, &message, MSG_DONTWAIT);
    double wanted_us;

    if (length < 0)
        return false;
    if (message.msg_flags & MSG_TRUNC || relay->held == HEAL_RELAY_HELD_MAX) {
        relay->share->dropped++;
        return true;
    }
    wanted_us =
        (double)relay->share->time + (double)relay->share->spread * heal_random_uniform(&relay->random);
    held->length = (size_t)length;
    held->arrived_ns = clock_ns(CLOCK_MONOTONIC) - age_ns(&message);
    held->due_ns = held->arrived_ns + (uint64_t)(wanted_us * 1000);
    hold(relay);
    return true;
}

/* What the kernel does not take (the link is down, a limit's queue is full) is lost there, as without us. */
static void send_due(struct relay *relay) {
    while (relay->held > 0) {
        const struct held *first = &relay->slot[relay->heap[0]];
        uint64_t now = clock_ns(CLOCK_MONOTONIC);

        if (first->due_ns > now)
            return;
        (void)send(relay->output, first->frame, first->length, MSG_DONTWAIT);
        count(relay->share, (now - first->arrived_ns) / 1000);
        release(relay);
    }
}

/* Until the owner lets go, and then what is held. */
static void run(struct relay *relay) {
    struct pollfd wait[2] = {
        {.fd = relay->input, .events = POLLIN},
        {.fd = OWNER,        .events = POLLIN}
    };

    while (wait[1].fd >= 0 || relay->held > 0) {
        const struct held *first = &relay->slot[relay->heap[0]];
        uint64_t now = clock_ns(CLOCK_MONOTONIC), left = 0;
        struct timespec timeout;

        if (relay->held > 0 && first->due_ns > now)
            left = first->due_ns - now;
        timeout = (struct timespec){.tv_sec = (time_t)(left / ns_per_s), .tv_nsec = (long)(left % ns_per_s)};
        (void)ppoll(wait, 2, relay->held > 0 ? &timeout : NULL, NULL);
        for (unsigned i = 0; i < AT_ONCE && take_one(relay); i++)
            continue;
        send_due(relay);
        if (wait[1].revents)
            wait[1].fd = -1;
    }
}

/* Before that the kernel drops what is sent into the pair. */
static int wait_running(const struct heal_relay_share *share) {
    const char *const names[] = {share->entrance, share->from};
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int r = control < 0 ? -errno : 0;
    unsigned i = 0;

    for (int waited = 0; r == 0 && i < 2; waited++) {
        struct ifreq request = {0};

        snprintf(request.ifr_name, sizeof request.ifr_name, "%s", names[i]);
        if (ioctl(control, SIOCGIFFLAGS, &request) < 0)
            r = -errno;
        else if (request.ifr_flags & IFF_RUNNING)
            i++;
        else if (waited == RUNNING_TIMEOUT_MS)
            r = -ETIMEDOUT;
        else
            (void)poll(NULL, 0, 1);
    }
    if (control >= 0)
        close(control);
    return r;
}

static int open_device(const char *name, int protocol) {
    struct sockaddr_ll device = {.sll_family = AF_PACKET, .sll_protocol = htons((uint16_t)protocol)};
    int size = RECEIVE_BUFFER, one = 1;
    int fd;

    device.sll_ifindex = (int)if_nametoindex(name);
    if (device.sll_ifindex == 0)
        return -ENODEV;
    fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0); /* takes nothing before it is bound */
    if (fd < 0)
        return -errno;
    /* Not past the qdisc: a limit to the rate may be there. */
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    (void)setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
    (void)setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&device, sizeof device) < 0) {
        int r = -errno;

        close(fd);
        return r;
    }
    return fd;
}

static int prepare(struct relay *relay) {
    int r = wait_running(relay->share);

    if (r < 0)
        return r;
    relay->input = open_device(relay->share->from, ETH_P_ALL);
    relay->output = open_device(relay->share->to, 0);
    for (unsigned i = 0; i < SLOTS; i++)
        relay->heap[i] = i;
    heal_random_init(&relay->random, relay->share->seed);
    (void)prctl(PR_SET_TIMERSLACK, 1); /* ns; by default sleeps may be 50 us too long */
    return relay->input < 0 ? relay->input : relay->output < 0 ? relay->output : 0;
}

int heal_worker_relay(int memory) {
    struct relay *relay = calloc(1, sizeof *relay);
    struct stat about;
    int r;

    if (!relay || fstat(memory, &about) < 0 || (size_t)about.st_size < sizeof *relay->share) {
        free(relay);
        return 1;
    }
    relay->share = mmap(NULL, sizeof *relay->share, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (relay->share == MAP_FAILED) {
        free(relay);
        return 1;
    }
    r = prepare(relay);
    if (write(OWNER, &r, sizeof r) == (ssize_t)sizeof r && r == 0)
        run(relay);
    free(relay);
    return r < 0;
}
