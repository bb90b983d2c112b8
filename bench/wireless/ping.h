/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Pings from a node of the guest, counted one by one: each is answered within a second, or lost. The caller
 * says when to send and when to look; nothing here waits.
 */
#ifndef BENCH_WIRELESS_PING_H
#define BENCH_WIRELESS_PING_H

#include "heal/types.h"

#include <netinet/in.h>

enum { PING_MAX = 1200 };

struct ping {
    int socket;
    uint16_t id;
    struct sockaddr_in to;
    unsigned sent;
    heal_us sent_at[PING_MAX];
    bool answered[PING_MAX];
};

/** Opens a socket on the node in network namespace @p netns ("n0"). @return 0 or a negative errno. */
int ping_init(struct ping *ping, const char *netns, const char *address);
void ping_deinit(struct ping *ping);

void ping_send(struct ping *ping, heal_us now);
/** Takes the answers that have come. */
void ping_receive(struct ping *ping, heal_us now);

/** @return how many were sent from @p since on. */
unsigned ping_sent(const struct ping *ping, heal_us since);
/** @return how many of those sent from @p since on were lost. @param ret_last when the last of them was sent,
 * 0: none. */
unsigned ping_lost(const struct ping *ping, heal_us since, heal_us *ret_last);

#endif
