/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The relay of a delay: a process in the air that takes a direction's packets from one interface, holds each
 * for a time, and sends it out on another. This is the memory that it shares with the lab's owner, who says
 * what is wanted before the process starts; after that the process is the only writer. On its descriptor 0 it
 * has a socket to the owner: it writes one int, 0 when it relays or a negative errno, and when the owner
 * closes its end it lets go what it holds and ends.
 */
#ifndef HEAL_LAB_WORKER_RELAY_H
#define HEAL_LAB_WORKER_RELAY_H

#include <stdatomic.h>

#include "heal/types.h"

enum {
    HEAL_RELAY_HELD_MAX = 8192, /**< packets held at a time; more are dropped */
    HEAL_RELAY_STEPS = 1000,    /**< of the delay that is wanted, at most */
    HEAL_RELAY_COUNTS = 4 * HEAL_RELAY_STEPS,
};

struct heal_relay_share {
    char entrance[HEAL_IFNAME_MAX]; /**< where packets are sent to */
    char from[HEAL_IFNAME_MAX];     /**< the entrance's other end, where they are taken */
    char to[HEAL_IFNAME_MAX];
    heal_us time, spread; /**< each is held for time, and for up to spread more */
    heal_us step;         /**< of the counts */
    uint64_t seed;
    _Atomic uint64_t passed, dropped;
    _Atomic heal_us least, most;               /**< of the delays given; 0: none passed yet */
    _Atomic uint32_t count[HEAL_RELAY_COUNTS]; /**< of packets, by the delay that they were given in steps;
                                                     the last: that much and more */
};

/** The relay's process. @param memory the shared memory's descriptor. @return its exit code. */
int heal_worker_relay(int memory);

#endif
