/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/babel.h"
#include "os/executor_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A flushed interface has forgotten what its configuration said: it is given back with what heald's says. */
static const char *parameters_of(const struct heal_job *job) {
    return job->executor->options.config->settings.interface_parameters;
}

static void on_reply(void *context, int code, const char *text) {
    struct heal_job *job = context;
    if (code < 0 && job->code == 0) {
        job->code = code;
    }
    if (--job->replies == 0) {
        heal_job_finish(job, job->code, "%s",
                        job->code < 0 && text[0] ? text
                        : job->code < 0          ? strerror(-job->code)
                                                 : "done");
    }
}

static void send(struct heal_job *job, const char *line) {
    int r = heal_babel_command(job->executor->options.babel, line, on_reply, job);
    if (r == 0) {
        job->replies++;
    } else if (job->code == 0) {
        job->code = r;
    }
}

/* The cost that an interface was given; 0: its normal one. */
static uint32_t *find_cost(struct heal_executor_real *executor, const char *ifname, bool make) {
    uint32_t *free_place = NULL;
    for (size_t i = 0; i < HEAL_PORTS_MAX; i++) {
        if (executor->raised[i].cost && strcmp(executor->raised[i].ifname, ifname) == 0) {
            return &executor->raised[i].cost;
        }
        if (!executor->raised[i].cost && !free_place) {
            free_place = &executor->raised[i].cost;
            if (make) {
                snprintf(executor->raised[i].ifname, HEAL_IFNAME_MAX, "%.15s", ifname);
            }
        }
    }
    return make ? free_place : NULL;
}

static void forget_cost(struct heal_executor_real *executor, const char *ifname) {
    uint32_t *cost = find_cost(executor, ifname, false);
    if (cost) {
        *cost = 0;
    }
}

/* Takes an interface from the daemon and gives it back: the only way to change a cost at run time. */
static void renew(struct heal_job *job, const char *ifname) {
    char line[HEAL_INTERFACE_PARAMETERS_MAX + 64];
    const uint32_t *cost = find_cost(job->executor, ifname, false);
    snprintf(line, sizeof(line), "flush interface %s", ifname);
    send(job, line);
    int length = snprintf(line, sizeof(line), "interface %s %s", ifname, parameters_of(job));
    if (cost) {
        snprintf(line + length, sizeof(line) - (size_t)length, " rxcost %u", *cost);
    }
    send(job, line);
}

/* @return false where the daemon cannot be told; the job is finished then. */
static bool can_renew(struct heal_job *job) {
    const struct heal_babel *babel = job->executor->options.babel;
    if (!babel) {
        heal_job_finish(job, -ENOTSUP, "no routing daemon is configured");
    } else if (heal_babel_state(babel) != HEAL_BABEL_READY) {
        heal_job_finish(job, -ENOTCONN, "babeld: %s", heal_babel_words(babel));
    } else if (!parameters_of(job)[0]) {
        heal_job_finish(job, -ENOTSUP, "its parameters are not known: set routing.interface-parameters");
    } else {
        return true;
    }
    return false;
}

/* Ends a job that could not send anything. */
static void settle(struct heal_job *job) {
    if (job->replies == 0) {
        heal_job_finish(job, job->code, "%s", job->code < 0 ? strerror(-job->code) : "nothing to do");
    }
}

/* Blanks and the like in a name would be words of their own to the daemon. */
static bool is_one_word(const char *ifname) {
    return ifname[0] && !strpbrk(ifname, " \t\r\n\"\\#");
}

void heal_job_link_cost(struct heal_job *job) {
    const struct heal_command_link *link = &job->command.link;
    if (link->value == HEAL_COST_FORGET) {
        forget_cost(job->executor, link->ifname);
        heal_job_finish(job, 0, "left as it is: heald has not set that");
        return;
    }
    if (!can_renew(job)) {
        return;
    }
    if (!is_one_word(link->ifname)) {
        heal_job_finish(job, -EINVAL, "babeld cannot be told an interface of this name");
        return;
    }
    if (link->value >= UINT16_MAX) {
        heal_job_finish(job, -EINVAL, "a cost is less than %d", UINT16_MAX);
        return;
    }
    uint32_t *cost = find_cost(job->executor, link->ifname, link->value != 0);
    if (cost) {
        *cost = link->value;
    }
    renew(job, link->ifname);
    settle(job);
}

void heal_job_routes_refresh(struct heal_job *job) {
    char ifname[64][HEAL_IFNAME_MAX];
    const struct heal_babel_interface *interface;
    size_t count = 0;
    if (!can_renew(job)) {
        return;
    }
    /* The list changes under our hands as replies come in. */
    while (count < 64 && (interface = heal_babel_interface(job->executor->options.babel, count))) {
        memcpy(ifname[count++], interface->ifname, HEAL_IFNAME_MAX);
    }
    for (size_t i = 0; i < count; i++) {
        renew(job, ifname[i]);
    }
    settle(job);
}
