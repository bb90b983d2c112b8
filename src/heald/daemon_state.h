/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** What the daemon consists of: for daemon.c (life), happen.c (events) and loop.c (timers and signals). */
#ifndef HEALD_DAEMON_STATE_H
#define HEALD_DAEMON_STATE_H

#include "heald/access.h"
#include "heald/acting.h"
#include "heald/daemon.h"
#include "heald/network.h"
#include "heald/queue.h"
#include "heald/recorder.h"
#include "heald/selfcheck.h"
#include "heald/serve.h"

enum { HEALD_SIGNALS = 3 };

struct heald {
    const struct heald_options *options;
    const struct heald_privilege *privilege;
    struct event_base *base;
    struct event *round, *watchdog, *stop_limit, *asked, *signal[HEALD_SIGNALS];
    struct heal_engine *engine;
    struct heal_store *store; /* NULL: a dry run */
    heal_us due;              /* when the round's timer was to go off */
    heal_us stop_by;          /* when it stops whatever is still under way */
    int claim;                /* claim.h; below 0: none */
    bool happening, stopping;
    uint64_t rounds;
    FILE *decisions; /* NULL: not wanted */
    struct heald_log log;
    struct heald_degraded degraded;
    struct heald_selfcheck selfcheck;
    struct heald_parts parts;
    struct heald_counters counters;
    struct heald_lag lag;
    struct heald_access access;
    struct heald_view view;
    struct heald_acting acting;
    struct heald_sources sources;
    struct heald_dispatch dispatch;
    struct heald_serve serve;
    struct heald_recorder recorder;
    struct heald_network network;
    struct heal_config config;
    char reload_error[HEAL_CONFIG_PATH_MAX + 256];
    struct heal_event next; /* taken from the queue */
    struct heal_output output;
    struct heald_queue queue;
};

/** From here to heald_drain what is fed waits in the queue. */
void heald_hold(struct heald *daemon);
/** Lets happen what waits there. */
void heald_drain(struct heald *daemon);

/** Has the engine keep what its models have shown, as it does in each round, and makes that durable: one of
 * them is about to go. */
void heald_keep_merits(struct heald *daemon);

/** Gives the engine back what earlier runs have kept of a slot's model, which it was just given. */
void heald_give_merits(struct heald *daemon, enum heal_slot slot);

/** Sets the round's timer to the engine's deadline. */
void heald_loop_arm(struct heald *daemon);

/** Makes timers and signal handlers. @return 0 or -ENOMEM. */
int heald_loop_open(struct heald *daemon);
void heald_loop_close(struct heald *daemon);

#endif
