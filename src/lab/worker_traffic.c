/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The traffic's process: sends every flow's packets on time, and counts those that arrive. */
#include "lab/traffic_share.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/clock.h"
#include "lab/traffic.h"

enum {
    SEEN = 1 << 14,     /* packets back to which a second copy is known for one; a power of 2 */
    BEHIND_US = 500000, /* further behind than this (it was stopped): the schedule starts anew */
    RECEIVE_BUFFER = 1 << 20,
};

static const uint32_t magic = 0x6865616c;

struct packet {
    uint32_t magic, flow;
    uint64_t sequence; /* from 1 */
    uint64_t sent_us;
};

/** A flow under way. */
struct running {
    struct heal_traffic_flow *flow;
    unsigned number;
    int sender, receiver;
    struct sockaddr_in6 to;
    uint64_t sequence;
    heal_us next_us;
    double large_debt; /* large packets owed to the share */
    uint64_t seen[SEEN];
};

static int open_socket(int network, const struct heal_address *address, uint16_t port) {
    struct sockaddr_in6 own = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int size = RECEIVE_BUFFER;
    int fd;

    if (setns(network, CLONE_NEWNET) < 0)
        return -errno;
    fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    memcpy(&own.sin6_addr, address->byte, sizeof address->byte);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (bind(fd, (struct sockaddr *)&own, sizeof own) < 0) {
        int r = -errno;

        close(fd);
        return r;
    }
    return fd;
}

static int open_flow(struct running *running, struct heal_traffic_share *share, unsigned number) {
    struct heal_traffic_flow *flow = &share->flow[number];
    uint16_t port = (uint16_t)(HEAL_TRAFFIC_PORT + number);

    running->flow = flow;
    running->number = number;
    running->to = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(port)};
    memcpy(&running->to.sin6_addr, flow->to.byte, sizeof flow->to.byte);
    running->receiver = open_socket(flow->to_network, &flow->to, port);
    if (running->receiver < 0)
        return running->receiver;
    running->sender = open_socket(flow->from_network, &flow->from, 0);
    /* Apart from each other, so that the flows do not send all at once. */
    running->next_us =
        heal_lab_now() + number * (HEAL_US_PER_S / flow->wanted.rate) / (share->flows ? share->flows : 1);
    return running->sender < 0 ? running->sender : 0;
}

static struct heal_traffic_bucket *bucket_at(struct heal_traffic_flow *flow, heal_us time) {
    return &flow->bucket[time / HEAL_TRAFFIC_BUCKET_US % HEAL_TRAFFIC_BUCKETS];
}

/* A bucket of an hour ago is emptied before it counts for now. */
static struct heal_traffic_bucket *bucket_now(struct heal_traffic_flow *flow, heal_us time) {
    struct heal_traffic_bucket *bucket = bucket_at(flow, time);

    if (bucket->index == time / HEAL_TRAFFIC_BUCKET_US)
        return bucket;
    bucket->index = 0;
    for (int size = 0; size < 2; size++)
        bucket->sent[size] = bucket->received[size] = 0;
    bucket->late = 0;
    bucket->index = time / HEAL_TRAFFIC_BUCKET_US;
    return bucket;
}

/* What the kernel refuses (no route, a full queue) was sent all the same, and is lost: so it is for a user.
 */
static void send_one(struct running *running, heal_us now) {
    static uint8_t body[2048];
    const struct heal_topology_flow *wanted = &running->flow->wanted;
    struct packet packet = {.magic = magic, .flow = running->number, .sequence = ++running->sequence};
    size_t length = wanted->size_bytes;
    int size = HEAL_TRAFFIC_SMALL;

    running->large_debt += wanted->large_share;
    if (running->large_debt >= 1) {
        running->large_debt -= 1;
        length = wanted->large_bytes;
        size = HEAL_TRAFFIC_LARGE;
    }
    packet.sent_us = now;
    memcpy(body, &packet, sizeof packet);
    bucket_now(running->flow, now)->sent[size]++;
    (void)sendto(running->sender, body, length, 0, (const struct sockaddr *)&running->to, sizeof running->to);
}

/* @return when the next is due. */
static heal_us send_due(struct running *running) {
    heal_us now = heal_lab_now();

    if (running->next_us + BEHIND_US < now)
        running->next_us = now;
    for (; running->next_us <= now; running->next_us += HEAL_US_PER_S / running->flow->wanted.rate)
        send_one(running, now);
    return running->next_us;
}

static void count_one(struct running *running, const struct packet *packet, size_t length) {
    struct heal_traffic_bucket *bucket = bucket_at(running->flow, packet->sent_us);
    uint64_t *seen = &running->seen[packet->sequence % SEEN];
    int size = length == running->flow->wanted.large_bytes &&
                       running->flow->wanted.large_bytes != running->flow->wanted.size_bytes
                   ? HEAL_TRAFFIC_LARGE
                   : HEAL_TRAFFIC_SMALL;

    if (*seen >= packet->sequence || bucket->index != packet->sent_us / HEAL_TRAFFIC_BUCKET_US)
        return;
    *seen = packet->sequence;
    bucket->received[size]++;
    if (heal_lab_now() - packet->sent_us > HEAL_TRAFFIC_LATE_US)
        bucket->late++;
}

static void receive_all(struct running *running) {
    uint8_t body[2048];
    ssize_t length;

    while ((length = recv(running->receiver, body, sizeof body, 0)) >= 0) {
        struct packet packet;

        if ((size_t)length < sizeof packet)
            continue;
        memcpy(&packet, body, sizeof packet);
        if (packet.magic == magic && packet.flow == running->number)
            count_one(running, &packet, (size_t)length);
    }
}

static void run(struct running *running, unsigned flows) {
    struct pollfd wait[HEAL_LAB_FLOWS_MAX];

    for (unsigned i = 0; i < flows; i++)
        wait[i] = (struct pollfd){.fd = running[i].receiver, .events = POLLIN};
    for (;;) {
        heal_us next = HEAL_NEVER, now;
        struct timespec left;

        for (unsigned i = 0; i < flows; i++) {
            heal_us due = send_due(&running[i]);

            next = due < next ? due : next;
        }
        now = heal_lab_now();
        next = next > now ? next - now : 0;
        left.tv_sec = (time_t)(next / HEAL_US_PER_S);
        left.tv_nsec = (long)(next % HEAL_US_PER_S * 1000);
        if (ppoll(wait, flows, &left, NULL) <= 0)
            continue;
        for (unsigned i = 0; i < flows; i++)
            if (wait[i].revents)
                receive_all(&running[i]);
    }
}

int heal_worker_traffic(int memory) {
    struct heal_traffic_share *share;
    struct running *running;
    struct stat about;

    if (fstat(memory, &about) < 0 || (size_t)about.st_size < sizeof *share)
        return 1;
    share = mmap(NULL, (size_t)about.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (share == MAP_FAILED || share->flows > HEAL_LAB_FLOWS_MAX)
        return 1;
    running = calloc(share->flows, sizeof *running);
    for (unsigned i = 0; running && i < share->flows; i++) {
        int r = open_flow(&running[i], share, i);

        if (r < 0) {
            fprintf(stderr, "heal-lab-worker: flow %u: %s\n", i, strerror(-r));
            free(running);
            return 1;
        }
    }
    if (running)
        run(running, share->flows);
    return 1;
}
