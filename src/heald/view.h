/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What the admin API and the metrics may see of a running heald, and the one thing they may ask of it. The
 * view belongs to the daemon and lives as long as it; what it points to changes only between two callbacks
 * of the loop. Configuration and engine may be swapped by a reload: read them through the view each time.
 */
#ifndef HEALD_VIEW_H
#define HEALD_VIEW_H

#include "config/config.h"
#include "heal/status.h"

struct heald;
struct heald_access;           /* heald/access.h */
struct heal_http_peer;         /* net/http.h */
struct heal_store;             /* os/store.h */
struct heald_condition_status; /* condition.h */
struct heald_network;          /* network.h */

/** The parts of a heald that can be missing while the rest works. */
enum heald_part {
    HEALD_PART_LINKS,   /**< interfaces and kernel routes (rtnetlink) */
    HEALD_PART_ROUTING, /**< the routing daemon's socket */
    HEALD_PART_NODE,    /**< CPU and memory */
    HEALD_PART_RADIO,
    HEALD_PART_SERVICES,
    HEALD_PART_PROBES,
    HEALD_PART_CHANNEL,  /**< messages between neighbours */
    HEALD_PART_EXECUTOR, /**< what it takes to act: the helper, its capabilities */
    HEALD_PART_SANDBOX,  /**< what heald itself may do: nothing but what it must */
    HEALD_PART_STORE,
    HEALD_PART_RECORD,
    HEALD_PART_NETWORK, /**< the model by which the mesh's network judges */
    HEALD_PART_API,
    HEALD_PART_METRICS,
    HEALD_PARTS,
};

struct heald_part_status {
    bool wanted; /**< by the configuration */
    bool works;
    char words[200]; /**< what is missing and what to do about it; empty: nothing to say */
};

enum { HEALD_LAG_BUCKETS = 10 };

/** How late the loop served its timers. bucket[i]: at most heald_lag_bound_s(i); the last: anything. */
struct heald_lag {
    uint64_t bucket[HEALD_LAG_BUCKETS + 1]; /**< not cumulative */
    uint64_t count;
    double sum_s, max_s;
};

struct heald_counters {
    uint64_t events[HEAL_EVENT_KINDS];
    uint64_t commands[HEAL_COMMAND_KINDS];
    uint64_t commands_failed[HEAL_COMMAND_KINDS];
    uint64_t decisions[HEAL_DECISION_KINDS];
    uint64_t decisions_dropped;
    uint64_t events_dropped;   /**< the queue of events was full */
    uint64_t netlink_overruns; /**< the kernel dropped news, and all was read again */
    uint64_t reloads, reloads_failed;
    uint64_t log_suppressed;
    uint64_t recorded_bytes;
};

struct heald_view {
    struct heald *daemon;              /**< for heald_operator */
    const struct heald_access *access; /**< who may ask and order (access.h) */
    const struct heal_engine *engine;
    const struct heal_config *config;
    const struct heald_network *network;
    struct heal_store *store; /**< NULL: a dry run keeps nothing */
    const struct heald_counters *counters;
    const struct heald_lag *lag;
    const struct heald_part_status *part;           /**< HEALD_PARTS of them */
    const struct heald_condition_status *condition; /**< HEALD_CONDITIONS of them */
    const char *reload_error;                       /**< of the last reload; empty: it was taken */
    uint64_t started_unix_s;
    heal_us started;
    bool dry_run;
    bool ready; /**< the sources are open and the first round is done */
};

/** @return the present on the engine's clock (base/clock.h). */
heal_us heald_now(void);
/** @return the present on the wall clock, in seconds since 1970. */
double heald_unix_now(void);

/**
 * Lets an operator's order happen, at once or, if the engine is in the middle of something, right after.
 * @return 0, when it is durable; -EINVAL for a verb out of range or an argument that is not terminated;
 * -ENOBUFS; or why it could not be written: it holds until heald ends.
 */
int heald_operator(struct heald *daemon, const struct heal_event_operator *order,
                   const struct heal_http_peer *by);

/**
 * Puts a model beside the active one, at once, and keeps it for later runs.
 * @param bytes of its file; NULL: none any more
 * @return 0, when it is durable; or a negative errno with words: -EINVAL for what is no model of this node's
 * features; -EROFS in a dry run.
 */
int heald_shadow(struct heald *daemon, const char *bytes, size_t length, const struct heal_http_peer *by,
                 struct heal_error *error);

/** @return the part's name, e.g. "links". */
const char *heald_part_name(enum heald_part part);

/** @return the upper bound of a bucket in seconds. */
double heald_lag_bound_s(unsigned bucket);

/** Counts one timer that was served @p late. */
void heald_lag_add(struct heald_lag *lag, heal_us late);

#endif
