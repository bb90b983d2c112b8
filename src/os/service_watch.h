/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Which process a pid file means, and its end as an event. A pid alone does not name a process: the kernel
 * gives it out again. So a process is known by pid and start time, and a pid file that was not written since
 * its process ended names nobody.
 */
#ifndef HEAL_OS_SERVICE_WATCH_H
#define HEAL_OS_SERVICE_WATCH_H

#include "os/process.h"

struct event;
struct event_base;

struct heal_service_watch {
    struct event_base *base;
    void (*ended)(void *context);
    void *context;
    uint32_t pid; /**< of the process that is watched; 0: none */
    uint64_t start_ticks;
    int pidfd; /**< -1: this kernel has none; then its end shows with the next look only */
    struct event *event;
    uint32_t ended_pid;       /**< the last one that ended … */
    int64_t ended_written_ns; /**< … and when the pid file that names it was last written */
};

void heal_service_watch_init(struct heal_service_watch *watch, struct event_base *base,
                             void (*ended)(void *context), void *context);
void heal_service_watch_deinit(struct heal_service_watch *watch);

/** @return the pid that a pid file names, or 0 where that is nobody (any more). */
uint32_t heal_service_watch_pidfile(const struct heal_service_watch *watch, const char *path);

/** Watches this process from now on. */
void heal_service_watch_set(struct heal_service_watch *watch, const struct heal_proc_process *process);

/** Notes that the watched process has ended. @param pidfile where its pid was found; may be empty. */
void heal_service_watch_end(struct heal_service_watch *watch, const char *pidfile);

#endif
