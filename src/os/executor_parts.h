/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The insides of the real executor: a job is a command that is under way, and each kind of command has a
 * function that begins one.
 */
#ifndef HEAL_OS_EXECUTOR_PARTS_H
#define HEAL_OS_EXECUTOR_PARTS_H

#include "os/executor.h"

struct heal_keeper;
struct heal_spawn;
struct heal_throttle;

struct heal_job {
    struct heal_executor_real *executor; /**< NULL: it was closed; nobody waits */
    struct heal_job *next, **place;      /**< in the executor's list */
    struct heal_command command;
    heal_on_result *done;
    void *context;
    struct heal_spawn *spawn;
    struct heal_keeper *keeper;
    unsigned replies; /**< of the routing daemon, still to come */
    int code;         /**< the first failure among them */
};

/** A service that was throttled in this run. */
struct heal_throttled {
    char name[HEAL_NAME_MAX];       /**< empty: a free place */
    struct heal_throttle *throttle; /**< NULL: not now */
};

struct heal_executor_real {
    struct heal_executor base; /**< first */
    struct heal_executor_options options;
    struct heal_job *jobs;
    bool closing; /**< what is ordered now is not begun any more */
    struct heal_throttled throttled[HEAL_SERVICES_MAX];
    struct {
        char ifname[HEAL_IFNAME_MAX];
        uint32_t cost;
    } raised[HEAL_PORTS_MAX]; /**< interfaces whose cost was changed; cost 0: a free place */
};

/** Answers a job and frees it. @param format what there is to say. */
void heal_job_finish(struct heal_job *job, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Each begins a job, and sees to it that it is finished. */
void heal_job_link_cost(struct heal_job *job);
void heal_job_routes_refresh(struct heal_job *job);
void heal_job_quarantine(struct heal_job *job);
void heal_job_service_restart(struct heal_job *job);
void heal_job_service_shed(struct heal_job *job);
void heal_job_mesh_renew(struct heal_job *job);
void heal_job_tune(struct heal_job *job);
void heal_job_notify(struct heal_job *job);

#endif
