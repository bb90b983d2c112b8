/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Two quick questions to the kernel (rtnetlink), each answered at once: what an interface has counted, and
 * which MAC address a neighbour has. What changes by itself is watched elsewhere (os/).
 */
#ifndef HEAL_NET_KERNEL_H
#define HEAL_NET_KERNEL_H

#include "heal/types.h"

enum { HEAL_MAC_MAX = 32 };

struct heal_mac {
    uint8_t byte[HEAL_MAC_MAX];
    uint8_t length;
};

/** @return a netlink socket's descriptor, which the caller closes, or a negative errno. */
int heal_kernel_open(void);

/** The packets that an interface has sent and received in all. @return 0 or a negative errno. */
int heal_kernel_counters(int netlink, int ifindex, uint64_t *ret_sent, uint64_t *ret_received);

/** The link-layer address of a neighbour. @return 0; -ENOENT while the kernel does not know it; an errno. */
int heal_kernel_mac(int netlink, int ifindex, const struct heal_address *neighbour, struct heal_mac *ret_mac);

#endif
