/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * By which neighbour batman-adv leads a node of the guest to its mesh's far end, and how often it has come
 * back to one that it had left: a way that flaps between two neighbours. Looked at now and then, by the
 * caller.
 */
#ifndef BENCH_WIRELESS_WAY_H
#define BENCH_WIRELESS_WAY_H

#include "os/genetlink.h"

struct way {
    struct heal_genetlink family;
    uint32_t ifindex;  /**< of the node's bat0 */
    uint8_t to[6];     /**< the far end */
    uint8_t via[6];    /**< the next hop; zero: there was no way yet */
    uint8_t before[6]; /**< the one before that */
    unsigned returns;  /**< to the one that it had left last, since way_count() */
};

/** @param netns of the node. @param to the number of the radio at the far end. @return 0 or a negative errno.
 */
int way_init(struct way *way, const char *netns, unsigned to);
void way_deinit(struct way *way);

/** Begins to count. */
void way_count(struct way *way);
/** Looks where it leads now. */
void way_look(struct way *way);

#endif
