/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What a client does about gateways beside batman-adv, which only chooses one: it hears of the choice by
 * uevent, as a DHCP client's script does, and sends what leaves the mesh to that gateway.
 */
#ifndef BENCH_WIRELESS_GATEWAY_H
#define BENCH_WIRELESS_GATEWAY_H

/** What lies beyond the gateways. */
#define GATEWAY_BEYOND "10.99.0.1"

struct gateway {
    char netns[8]; /**< of the client */
    int socket;
    unsigned chosen; /**< the number of its radio plus 1; 0: none yet */
};

/** @return 0 or a negative errno. */
int gateway_init(struct gateway *gateway, const char *netns);
void gateway_deinit(struct gateway *gateway);
/** Follows what has been chosen since the last call, without waiting. */
void gateway_follow(struct gateway *gateway);

#endif
