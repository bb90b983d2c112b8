/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The watched services: who runs, how much CPU and memory they take. A service is found by its pid file, its
 * cgroup or its systemd unit; its processes are the ones named there and their descendants. The end of a main
 * process is reported from the event loop, at once. A pid that was given to another process since the pid
 * file was written is not mistaken for the service.
 *
 * What a service without processes is, its unit says, if it has one: systemd is asked in the background, and
 * until it has answered there is no reading. Else it was stopped in order if it had run and its pid file is
 * gone; with the file still there, or none ever seen, it is down.
 */
#ifndef HEAL_OS_SERVICE_H
#define HEAL_OS_SERVICE_H

#include "config/config.h"
#include "os/source.h"

#include <sys/types.h>

struct event_base;
struct heal_services;

enum { HEAL_SERVICE_PROCESSES_MAX = 64 };

struct heal_services_options {
    struct event_base *base;
    const struct heal_config *config; /**< copied from */
    float cpu_capacity;               /**< CPUs that a share is of (heal_procfs_cpu_capacity) */
    struct heal_reading_sink sink;
    const struct heal_services
        *before; /**< of the configuration before, for what they have seen to run; NULL */
};

/** @return 0, -ENOMEM or -EINVAL (no capacity). */
int heal_services_open(const struct heal_services_options *options, struct heal_services **ret_services);

/** Takes NULL. @return NULL. */
struct heal_services *heal_services_close(struct heal_services *services);

/** Reports every service. @param now on the monotonic clock. */
void heal_services_read(struct heal_services *services, heal_us now);

/** @return why systemd's word on a unit is missing, for people; NULL: it is not. */
const char *heal_services_trouble(const struct heal_services *services);

/** Looks which processes a service has now. @return how many, or -ENOENT for an unknown name. */
int heal_services_processes(struct heal_services *services, const char *name,
                            pid_t ret_pids[static HEAL_SERVICE_PROCESSES_MAX]);

#endif
