/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/executor.h"
#include "os/nftables.h"
#include "os/quota.h"
#include "os/service.h"
#include "os/throttle.h"

#include "base/text.h"

#include <errno.h>
#include <string.h>

struct sweep {
    void (*each)(void *context, const struct heal_executor_leftover *leftover);
    void *context;
    size_t count;
};

static void tell(struct sweep *sweep, const struct heal_executor_leftover *leftover) {
    sweep->count++;
    sweep->each(sweep->context, leftover);
}

static void tell_throttle(void *context, const char *name) {
    struct heal_executor_leftover leftover = {.kind = HEAL_LEFTOVER_THROTTLE};
    heal_name_copy(leftover.name, sizeof(leftover.name), name);
    tell(context, &leftover);
}

static void sweep_services(const struct heal_executor_options *options, struct sweep *sweep) {
    pid_t pids[HEAL_SERVICE_PROCESSES_MAX];
    for (size_t i = 0; options->services && i < options->config->settings.services; i++) {
        const char *name = options->config->settings.service[i].name;
        int count = heal_services_processes(options->services, name, pids);
        if (count > 0 && heal_throttle_is_left(name, pids, (size_t)count)) {
            tell_throttle(sweep, name);
        }
    }
    /* Also of services that are configured no more. */
    heal_quota_each_note(options->config->state, tell_throttle, sweep);
}

size_t heal_executor_sweep(const struct heal_executor_options *options,
                           void (*each)(void *context, const struct heal_executor_leftover *leftover),
                           void *context) {
    struct sweep sweep = {each, context, 0};
    /* Without nftables in the kernel, or the right to look, there is no table of ours either. */
    if (heal_nftables_is_there() > 0) {
        tell(&sweep, &(struct heal_executor_leftover){.kind = HEAL_LEFTOVER_QUARANTINE});
    }
    sweep_services(options, &sweep);
    return sweep.count;
}

int heal_executor_undo(const struct heal_executor_options *options,
                       const struct heal_executor_leftover *leftover) {
    struct heal_quota_note note = {options->config->state, leftover->name};
    pid_t pids[HEAL_SERVICE_PROCESSES_MAX];
    int count, r;
    switch (leftover->kind) {
    case HEAL_LEFTOVER_QUARANTINE:
        return heal_nftables_delete();
    case HEAL_LEFTOVER_THROTTLE:
        count =
            options->services ? heal_services_processes(options->services, leftover->name, pids) : -ENOENT;
        r = heal_quota_put_back(&note);
        return count <= 0 || r < 0 ? r : heal_throttle_dissolve(leftover->name, pids, (size_t)count);
    }
    return -EINVAL;
}
