/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/executor_parts.h"
#include "os/netlink.h"
#include "os/nftables.h"
#include "os/procfs.h"
#include "os/quota.h"
#include "os/service.h"
#include "os/spawn.h"
#include "os/throttle.h"

#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { NFT_S = 5, COMMAND_S = 30 };

static void on_spawn_done(void *context, const struct heal_spawn_result *result) {
    struct heal_job *job = context;
    const char *last = result->output;
    size_t length = strlen(last);
    job->spawn = NULL;
    if (result->code == 0) {
        heal_job_finish(job, 0, "done");
    } else if (result->code == -ETIMEDOUT) {
        heal_job_finish(job, result->code, "took too long");
    } else {
        heal_job_finish(job, result->code, "status %d: %s", result->exit_status,
                        length > 60 ? last + length - 60 : last);
    }
}

static void run(struct heal_job *job, char *const *argv, const char *input, heal_us limit) {
    bool tells = job->command.kind == HEAL_COMMAND_NOTIFY;
    struct heal_spawn_options options = {
        .base = job->executor->options.base,
        .argv = argv,
        .input = input,
        .user = tells ? job->executor->options.hook_user : NULL,
        .timeout_us = limit,
        .done = on_spawn_done,
        .context = job,
    };
    int r = heal_spawn_start(&options, &job->spawn);
    if (r < 0) {
        heal_job_finish(job, r, "%.40s: %s", argv[0], strerror(-r));
    }
}

/* How long a command of the operator's may take. */
static heal_us command_limit(const struct heal_job *job) {
    heal_us limit = job->executor->options.command_limit;
    return limit ? limit : COMMAND_S * HEAL_US_PER_S;
}

/* The modified EUI-64 of a link-local address (RFC 4291, appendix A) has the MAC address in it. */
static int mac_of_address(const struct heal_address *address, uint8_t ret_mac[static 6]) {
    const uint8_t *byte = address->byte;
    if (byte[11] != 0xff || byte[12] != 0xfe) {
        return -ENOENT;
    }
    memcpy(ret_mac, byte + 8, 3);
    memcpy(ret_mac + 3, byte + 13, 3);
    ret_mac[0] ^= 2;
    return 0;
}

void heal_job_quarantine(struct heal_job *job) {
    const struct heal_command_quarantine *quarantine = &job->command.quarantine;
    const struct heal_config *config = job->executor->options.config;
    char *argv[] = {(char *)"nft", (char *)"-f", (char *)"-", NULL};
    char rules[1024];
    uint8_t mac[6];
    struct heal_nftables_quarantine wanted = {
        .port = &quarantine->port,
        .mac = quarantine->on ? mac : NULL,
        .allowed_port = {config->mesh_port, config->mesh_probe_port},
    };
    if (quarantine->on &&
        heal_netlink_neighbour_mac(job->executor->options.netlink, &quarantine->port, mac) < 0 &&
        mac_of_address(&quarantine->port.peer, mac) < 0) {
        heal_job_finish(job, -ENOENT, "the neighbour's MAC address is not known");
        return;
    }
    int r = heal_nftables_write(&wanted, rules, sizeof(rules));
    if (r < 0) {
        heal_job_finish(job, r, "no rules for this interface's name");
        return;
    }
    run(job, argv, rules, NFT_S * HEAL_US_PER_S);
}

void heal_job_service_restart(struct heal_job *job) {
    const struct heal_config *config = job->executor->options.config;
    int index = heal_config_service_find(config, job->command.service.name);
    char *argv[HEAL_CONFIG_ARGUMENTS_MAX + 1];
    if (index < 0) {
        heal_job_finish(job, -ENOENT, "no service of this name");
        return;
    }
    const struct heal_config_service *service = &config->service[index];
    if (heal_config_command_argv(&service->restart, argv) > 0) {
        run(job, argv, NULL, command_limit(job));
    } else if (service->unit[0]) {
        char *systemctl[] = {(char *)"systemctl", (char *)"restart", (char *)service->unit, NULL};
        run(job, systemctl, NULL, command_limit(job));
    } else {
        heal_job_finish(job, -ENOTSUP, "it has neither a restart command nor a unit");
    }
}

void heal_job_notify(struct heal_job *job) {
    const struct heal_executor_options *options = &job->executor->options;
    char *argv[HEAL_CONFIG_ARGUMENTS_MAX + 1];
    char text[sizeof(job->command.notify.text) + 1];
    snprintf(text, sizeof(text), "%.*s\n", (int)sizeof(job->command.notify.text) - 1,
             job->command.notify.text);
    if (options->log) {
        char line[sizeof(job->command.notify.text)];
        heal_name_copy(line, sizeof(line), job->command.notify.text);
        options->log(options->context, line);
    }
    if (heal_config_command_argv(&options->config->notify_hook, argv) == 0) {
        heal_job_finish(job, 0, "only in the log: no hook is configured (notify.hook)");
        return;
    }
    run(job, argv, text, command_limit(job));
}

/* The place of a service's throttle: its own, or, if it never had one, one that is free. NULL: none is. */
static struct heal_throttled *find_throttle(struct heal_executor_real *executor, const char *name) {
    struct heal_throttled *place = NULL;
    for (size_t i = 0; i < HEAL_SERVICES_MAX; i++) {
        struct heal_throttled *one = &executor->throttled[i];
        if (strcmp(one->name, name) == 0) {
            return one;
        }
        bool better = !place || (place->name[0] && !one->name[0]);
        place = !one->throttle && better ? one : place;
    }
    return place;
}

static int find_pids(struct heal_job *job, pid_t pids[static HEAL_SERVICE_PROCESSES_MAX]) {
    struct heal_services *services = job->executor->options.services;
    int count = services ? heal_services_processes(services, job->command.service.name, pids) : -ENOENT;
    return count == 0 ? -ESRCH : count;
}

static void lift(struct heal_job *job, struct heal_throttled *place) {
    pid_t pids[HEAL_SERVICE_PROCESSES_MAX];
    const char *name = job->command.service.name;
    const struct heal_config *config = job->executor->options.config;
    int index = heal_config_service_find(config, name);
    struct heal_quota_note note = {config->state, name};
    bool ours = place && strcmp(place->name, name) == 0;
    if (ours) {
        place->throttle = heal_throttle_lift(place->throttle);
    } else if (index >= 0) {
        /* None of this run's: the store names one of an earlier run that was killed. */
        int count = find_pids(job, pids);
        heal_throttle_undo(name, pids, count > 0 ? (size_t)count : 0);
    }
    /* There is nothing left to do where the end of the throttle has done it. */
    int r = heal_quota_put_back(&note);
    if (r < 0) {
        heal_job_finish(job, r, "its cgroup's quota cannot be put back: %s", strerror(-r));
    } else {
        heal_job_finish(job, 0, "lifted");
    }
}

static void shed(struct heal_job *job, struct heal_throttled *place) {
    const struct heal_command_service *service = &job->command.service;
    const struct heal_config *config = job->executor->options.config;
    pid_t pids[HEAL_SERVICE_PROCESSES_MAX];
    int index = heal_config_service_find(config, service->name);
    int count = find_pids(job, pids);
    struct heal_throttle_options options = {
        .base = job->executor->options.base,
        .name = service->name,
        .cgroup = index < 0 ? "" : config->service[index].cgroup,
        .state = config->state,
        .pids = pids,
        .count = count > 0 ? (size_t)count : 0,
        .share = service->share * heal_cpu_capacity(config->cpu_capacity),
    };
    if (index < 0 || !place) {
        heal_job_finish(job, -ENOENT, "no service of this name");
        return;
    }
    place->throttle = heal_throttle_lift(place->throttle);
    heal_name_copy(place->name, sizeof(place->name), service->name);
    int r = count < 0 ? count : heal_throttle_start(&options, &place->throttle);
    if (r == -EALREADY) {
        heal_job_finish(job, r, "its cgroup allows it no more already");
    } else if (r < 0) {
        heal_job_finish(job, r, "%s", strerror(-r));
    } else {
        heal_job_finish(job, 0, "%s", heal_throttle_words(place->throttle));
    }
}

void heal_job_service_shed(struct heal_job *job) {
    struct heal_throttled *place = find_throttle(job->executor, job->command.service.name);
    if (job->command.service.share > 0) {
        shed(job, place);
    } else {
        lift(job, place);
    }
}
