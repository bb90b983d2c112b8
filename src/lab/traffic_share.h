/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The memory that the traffic's process and the lab's owner share: what to send, and what was counted. The
 * process is the only writer of the counts. A bucket belongs to the time that its `index` names (in units of
 * HEAL_TRAFFIC_BUCKET_US); the ring keeps an hour.
 */
#ifndef HEAL_LAB_TRAFFIC_SHARE_H
#define HEAL_LAB_TRAFFIC_SHARE_H

#include <stdatomic.h>

#include "lab/topology.h"

enum {
    HEAL_TRAFFIC_BUCKETS = 36000,
    HEAL_TRAFFIC_PORT = 20000, /**< UDP, of the first flow */
    HEAL_TRAFFIC_SMALL = 0,
    HEAL_TRAFFIC_LARGE = 1,
};

struct heal_traffic_bucket {
    _Atomic uint64_t index;
    _Atomic uint32_t sent[2], received[2], late;
};

struct heal_traffic_flow {
    struct heal_topology_flow wanted;
    struct heal_address from, to;
    int from_network, to_network; /**< descriptors of network namespaces */
    struct heal_traffic_bucket bucket[HEAL_TRAFFIC_BUCKETS];
};

struct heal_traffic_share {
    unsigned flows;
    struct heal_traffic_flow flow[];
};

/** The traffic's process. @param memory the shared memory's descriptor. @return its exit code. */
int heal_worker_traffic(int memory);

#endif
