/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A throttle on a service: by its cgroup's CPU quota where there is one to write to (version 2, or 1), else
 * by a keeper that stops the processes for part of the time.
 */
#ifndef HEAL_OS_THROTTLE_H
#define HEAL_OS_THROTTLE_H

#include "config/config.h"

#include <sys/types.h>

struct event_base;
struct heal_throttle;

struct heal_throttle_options {
    struct event_base *base;
    const char *name;   /**< of the service */
    const char *cgroup; /**< its folder, if it is known; empty: none */
    const char *state;  /**< heald's folder, for the note of what the cgroup's quota was */
    const pid_t *pids;
    size_t count;
    float share; /**< of one CPU */
};

/** @return 0; -EALREADY where its cgroup allows it no more already; or another negative errno. */
int heal_throttle_start(const struct heal_throttle_options *options, struct heal_throttle **ret_throttle);

/** @return how it is done, in words. */
const char *heal_throttle_words(const struct heal_throttle *throttle);

/** Lifts the throttle. Takes NULL. @return NULL. */
struct heal_throttle *heal_throttle_lift(struct heal_throttle *throttle);

/**
 * @return whether these processes are in a cgroup that heald made for a throttle. That alone is a mark of
 * ours: a process that is stopped may be stopped by anybody.
 */
bool heal_throttle_is_left(const char *name, const pid_t *pids, size_t count);

/** Takes these processes out of that cgroup. @return 0 or a negative errno. */
int heal_throttle_dissolve(const char *name, const pid_t *pids, size_t count);

/**
 * Lifts a throttle of an earlier run that is known to have been in place, or about to be; but for a given
 * cgroup's quota: there is a note of that (os/quota.h). @return 0 or a negative errno.
 */
int heal_throttle_undo(const char *name, const pid_t *pids, size_t count);

#endif
