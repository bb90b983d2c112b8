/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The insides of heal_batadv, shared by batadv.c (the source) and batadv_settings.c (the orders).
 */
#ifndef HEAL_OS_BATADV_PARTS_H
#define HEAL_OS_BATADV_PARTS_H

#include "heal/settings.h"
#include "os/batadv.h"
#include "os/genetlink.h"
#include "os/hops.h"
#include "os/seen.h"

enum { HEAL_BATADV_NEIGHBOURS_MAX = HEAL_PORTS_MAX, HEAL_BATADV_GATEWAYS_MAX = 16 };

/** A neighbour as this round has found it. */
struct heal_batadv_known {
    uint32_t ifindex;
    uint8_t mac[6];
    bool alive;
    struct heal_reading_neighbour neighbour;
    struct heal_reading_relay relay;
};

/** A node that offers a way out. */
struct heal_batadv_out {
    uint8_t mac[6];
    bool chosen;
    uint32_t last_seen_ms; /**< UINT32_MAX: there is no way to it */
};

/** The ways to one node, as its entries are read one after the other. */
struct heal_batadv_ways {
    uint8_t mac[6];
    bool begun;
    struct heal_batadv_known *best; /**< NULL: none, or one that is not alive */
    unsigned others;                /**< live ones besides */
};

struct heal_batadv {
    struct heal_genetlink family;
    char ifname[HEAL_IFNAME_MAX];
    uint32_t ifindex; /**< of the mesh, this round; 0: it is not there */
    struct heal_seen seen;
    const struct heal_reading_sink *sink; /**< of the read under way */
    bool found;                           /**< the mesh, in this round */
    bool interrupted; /**< the kernel changed something while it answered, in this round */
    size_t neighbours;
    struct heal_batadv_known known[HEAL_BATADV_NEIGHBOURS_MAX];
    size_t gateways;
    struct heal_batadv_out gateway[HEAL_BATADV_GATEWAYS_MAX];
    struct heal_reading mesh; /**< to be handed on when all of it is known */
    struct heal_batadv_ways ways;
    struct heal_hops hops; /**< of all rounds */
};

/** Begins a question about the mesh. @return its head, or NULL: there is no such interface. */
struct nlmsghdr *heal_batadv_request(struct heal_batadv *batadv, uint8_t command, uint16_t flags);

#endif
