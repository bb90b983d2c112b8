/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/view.h"

#include "base/clock.h"

#include <math.h>

static const double LAG_BOUND_S[HEALD_LAG_BUCKETS] = {0.0005, 0.001, 0.002, 0.005, 0.01,
                                                      0.02,   0.05,  0.1,   0.5,   1.0};

heal_us heald_now(void) {
    return heal_clock_now();
}

double heald_unix_now(void) {
    return (double)heal_clock_wall() / 1e6;
}

const char *heald_part_name(enum heald_part part) {
    static const char *const NAME[HEALD_PARTS] = {
        [HEALD_PART_LINKS] = "links",       [HEALD_PART_ROUTING] = "routing",
        [HEALD_PART_NODE] = "node",         [HEALD_PART_RADIO] = "radio",
        [HEALD_PART_SERVICES] = "services", [HEALD_PART_PROBES] = "probes",
        [HEALD_PART_CHANNEL] = "channel",   [HEALD_PART_EXECUTOR] = "executor",
        [HEALD_PART_SANDBOX] = "sandbox",   [HEALD_PART_STORE] = "store",
        [HEALD_PART_RECORD] = "record",     [HEALD_PART_NETWORK] = "network",
        [HEALD_PART_API] = "api",           [HEALD_PART_METRICS] = "metrics",
    };

    return (unsigned)part < HEALD_PARTS ? NAME[part] : "unknown";
}

double heald_lag_bound_s(unsigned bucket) {
    return bucket < HEALD_LAG_BUCKETS ? LAG_BOUND_S[bucket] : (double)INFINITY;
}

void heald_lag_add(struct heald_lag *lag, heal_us late) {
    double seconds = (double)late / (double)HEAL_US_PER_S;
    unsigned bucket = 0;

    while (bucket < HEALD_LAG_BUCKETS && seconds > LAG_BOUND_S[bucket])
        bucket++;
    lag->bucket[bucket]++;
    lag->count++;
    lag->sum_s += seconds;
    lag->max_s = seconds > lag->max_s ? seconds : lag->max_s;
}
