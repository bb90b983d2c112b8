/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Background traffic, measured end to end: UDP packets with sequence numbers, sent and received by one
 * process a lab that has a socket in each node's network but belongs to none of the nodes. What was sent and
 * what of it arrived is counted by the 100 ms in which it was sent, so what was lost between two instants can
 * be asked for (lab/clock.h), up to an hour back.
 */
#ifndef HEAL_LAB_TRAFFIC_H
#define HEAL_LAB_TRAFFIC_H

#include "lab/lab.h"

enum {
    HEAL_TRAFFIC_BUCKET_US = 100000,
    HEAL_TRAFFIC_LATE_US = 100000, /**< a packet longer on its way arrived, but late */
};

/** Of the packets sent in a span of time. sent = received + lost; late ones are among the received. */
struct heal_traffic_count {
    uint64_t sent, received, lost, late, large_sent, large_lost;
};

/** Starts every flow of the topology. @return 0 or negative errno; -EALREADY. */
int heal_traffic_start(struct heal_lab *lab);

/**
 * Counts the packets of a flow sent from @p from up to @p to, which are rounded to whole buckets. Packets
 * still on their way count as lost: ask for a time that is a while past.
 * @return 0; -EINVAL: no such flow; -ENODATA: never started; -ERANGE: longer ago than is kept.
 */
int heal_traffic_read(const struct heal_lab *lab, unsigned flow, heal_us from, heal_us to,
                      struct heal_traffic_count *ret_count);
/** The same over all flows. */
int heal_traffic_read_all(const struct heal_lab *lab, heal_us from, heal_us to,
                          struct heal_traffic_count *ret_count);

#endif
