/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/executor.h"

#include "os/babel.h"
#include "os/executor_parts.h"
#include "os/keeper.h"
#include "os/netlink.h"
#include "os/process.h"
#include "os/spawn.h"
#include "os/throttle.h"

#include "base/text.h"
#include "wire/helper_order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void take_out(struct heal_job *job) {
    if (job->place) {
        *job->place = job->next;
        if (job->next) {
            job->next->place = job->place;
        }
        job->place = NULL;
    }
}

void heal_job_finish(struct heal_job *job, int code, const char *format, ...) {
    struct heal_event_result result = {.ticket = job->command.ticket, .code = code};
    struct heal_text text;
    va_list arguments;
    heal_text_init(&text, result.text, sizeof(result.text));
    va_start(arguments, format);
    heal_text_add_v(&text, format, arguments);
    va_end(arguments);
    heal_on_result *done = job->done;
    void *context = job->context;
    take_out(job);
    free(job);
    if (done) {
        done(context, &result);
    }
}

/* Answers with the kernel's word. */
static void finish_errno(struct heal_job *job, int code) {
    if (code == -EPERM) {
        heal_job_finish(job, code, "not permitted: CAP_NET_ADMIN is missing");
    } else {
        heal_job_finish(job, code, "%s", code < 0 ? strerror(-code) : "done");
    }
}

static struct heal_netlink_route route_of(const struct heal_command_route *route) {
    return (struct heal_netlink_route){
        .prefix = route->prefix,
        .via = route->via,
        .metric = route->metric,
        .protocol = HEAL_ROUTE_PROTOCOL,
    };
}

static void route_add(struct heal_job *job) {
    struct heal_netlink_route route = route_of(&job->command.route);
    finish_errno(job, heal_netlink_route_add(job->executor->options.netlink, &route));
}

static void route_delete(struct heal_job *job) {
    struct heal_netlink_route route = route_of(&job->command.route);
    finish_errno(job, heal_netlink_route_delete(job->executor->options.netlink, &route));
}

static void link_mtu(struct heal_job *job) {
    const struct heal_command_link *link = &job->command.link;
    if (link->value < HEAL_MTU_MIN) {
        heal_job_finish(job, -EINVAL, "an MTU below %d would end IPv6 on %.15s", HEAL_MTU_MIN, link->ifname);
        return;
    }
    uint32_t now = link->only_from;
    int r = now ? heal_netlink_link_mtu_now(job->executor->options.netlink, link->ifname, &now) : 0;
    if (r == 0 && now != link->only_from) {
        heal_job_finish(job, 0, "left at %u: heald has not set that", now);
        return;
    }
    r = r < 0 ? r : heal_netlink_link_mtu(job->executor->options.netlink, link->ifname, link->value);
    finish_errno(job, r);
}

static void on_bounced(void *context, int code) {
    struct heal_job *job = context;
    job->keeper = NULL;
    if (code == -ECHILD && job->executor) {
        /* The keeper was killed with the link down. */
        heal_netlink_link_up(job->executor->options.netlink, job->command.link.ifname, true);
    }
    finish_errno(job, code);
}

static void link_bounce(struct heal_job *job) {
    struct heal_keeper_options options = {job->executor->options.base, on_bounced, job};
    int r = heal_keeper_bounce(&options, job->command.link.ifname, HEAL_US_PER_S, &job->keeper);
    if (r < 0) {
        finish_errno(job, r);
    }
}

static void forwarding(struct heal_job *job) {
    int r = heal_small_file_write("/proc/sys/net/ipv6/conf/all/forwarding", "1");
    int result4 = heal_small_file_write("/proc/sys/net/ipv4/ip_forward", "1");
    r = r < 0 ? r : result4;
    if (r == -EROFS || r == -EACCES) {
        heal_job_finish(job, r, "the sysctls cannot be written here");
    } else {
        finish_errno(job, r);
    }
}

static void begin(struct heal_job *job) {
    switch (job->command.kind) {
    case HEAL_COMMAND_ROUTE_ADD:
        route_add(job);
        return;
    case HEAL_COMMAND_ROUTE_DELETE:
        route_delete(job);
        return;
    case HEAL_COMMAND_LINK_COST:
        heal_job_link_cost(job);
        return;
    case HEAL_COMMAND_LINK_MTU:
        link_mtu(job);
        return;
    case HEAL_COMMAND_LINK_BOUNCE:
        link_bounce(job);
        return;
    case HEAL_COMMAND_SERVICE_RESTART:
        heal_job_service_restart(job);
        return;
    case HEAL_COMMAND_SERVICE_SHED:
        heal_job_service_shed(job);
        return;
    case HEAL_COMMAND_QUARANTINE:
        heal_job_quarantine(job);
        return;
    case HEAL_COMMAND_FORWARDING:
        forwarding(job);
        return;
    case HEAL_COMMAND_ROUTES_REFRESH:
        heal_job_routes_refresh(job);
        return;
    case HEAL_COMMAND_MESH_RENEW:
        heal_job_mesh_renew(job);
        return;
    case HEAL_COMMAND_TUNE:
        heal_job_tune(job);
        return;
    case HEAL_COMMAND_NOTIFY:
        heal_job_notify(job);
        return;
    case HEAL_COMMAND_SEND:
    case HEAL_COMMAND_PACE:
    case HEAL_COMMAND_TRANSIT:
    case HEAL_COMMAND_STORE:
    case HEAL_COMMAND_KINDS:
        break;
    }
    heal_job_finish(job, -EINVAL, "nothing that an executor does");
}

static void real_execute(struct heal_executor *self, const struct heal_command *command, heal_on_result *done,
                         void *context) {
    struct heal_executor_real *executor = (struct heal_executor_real *)self;
    struct heal_job *job = executor->closing ? NULL : calloc(1, sizeof(*job));
    if (!job) {
        struct heal_event_result result = {.ticket = command->ticket,
                                           .code = executor->closing ? -ECANCELED : -ENOMEM};
        done(context, &result);
        return;
    }
    *job = (struct heal_job){.executor = executor,
                             .next = executor->jobs,
                             .place = &executor->jobs,
                             .command = *command,
                             .done = done,
                             .context = context};
    if (job->next) {
        job->next->place = &job->next;
    }
    executor->jobs = job;
    begin(job);
}

static void real_change_services(struct heal_executor *self, struct heal_services *services) {
    ((struct heal_executor_real *)self)->options.services = services;
}

/* Takes the first job out of the list, which has one. */
static struct heal_job *take_first(struct heal_executor_real *executor) {
    struct heal_job *job = executor->jobs;
    executor->jobs = job->next;
    if (job->next) {
        job->next->place = &executor->jobs;
    }
    job->place = NULL;
    return job;
}

/* Ends a job that is in no list any more, and tells so. */
static void cancel(struct heal_job *job) {
    struct heal_event_result result = {
        .ticket = job->command.ticket, .code = -ECANCELED, .text = "heald ended before it was done"};
    heal_on_result *done = job->done;
    void *context = job->context;
    job->executor = NULL;
    job->done = NULL;
    heal_spawn_cancel(job->spawn);
    heal_keeper_release(job->keeper);
    if (job->replies == 0) {
        free(job); /* else the last reply frees it */
    }
    done(context, &result);
}

static void real_close(struct heal_executor *self) {
    struct heal_executor_real *executor = (struct heal_executor_real *)self;
    executor->closing = true;
    while (executor->jobs) {
        cancel(take_first(executor));
    }
    for (size_t i = 0; i < HEAL_SERVICES_MAX; i++) {
        heal_throttle_lift(executor->throttled[i].throttle);
    }
    free(executor);
}

int heal_executor_real_new(const struct heal_executor_options *options, struct heal_executor **ret_executor) {
    struct heal_executor_real *executor = calloc(1, sizeof(*executor));
    if (!executor) {
        return -ENOMEM;
    }
    executor->base = (struct heal_executor){
        .execute = real_execute, .change_services = real_change_services, .close = real_close};
    executor->options = *options;
    *ret_executor = &executor->base;
    return 0;
}
