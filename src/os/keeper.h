/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Keepers: small child processes that guarantee the end of what heald has begun, also when heald is killed.
 * One takes a link down and brings it up again; the other throttles processes by stopping them for part of
 * the time, and lets them go on as soon as heald is no more. A keeper keeps no descriptor of heald's.
 */
#ifndef HEAL_OS_KEEPER_H
#define HEAL_OS_KEEPER_H

#include "heal/types.h"

#include <sys/types.h>

struct event_base;
struct heal_keeper;

struct heal_keeper_options {
    struct event_base *base;
    /** Told from the event loop when the keeper has ended, which is then gone. 0: its work is done and well
     * ended; -ECHILD: it was killed; else a negative errno. */
    void (*done)(void *context, int code);
    void *context;
};

/**
 * Takes a link down, waits @p down_us, brings it up again. The IPv6 addresses and static routes that the
 * kernel drops with the link come back. @return 0 or a negative errno.
 */
int heal_keeper_bounce(const struct heal_keeper_options *options, const char *ifname, heal_us down_us,
                       struct heal_keeper **ret_keeper);

/**
 * Lets processes and their descendants have no more than @p share of one CPU, until released.
 * @return 0 or a negative errno.
 */
int heal_keeper_throttle(const struct heal_keeper_options *options, const pid_t *pids, size_t count,
                         float share, struct heal_keeper **ret_keeper);

/**
 * Lets go without waiting for its end, which is not told: a throttle is lifted at once, a bounce goes on to
 * its end. Takes NULL. @return NULL.
 */
struct heal_keeper *heal_keeper_release(struct heal_keeper *keeper);

#endif
