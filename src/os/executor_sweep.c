/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/executor.h"
#include "os/nftables.h"
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

static void sweep_services(const struct heal_executor_options *options, struct sweep *sweep) {
    pid_t pids[HEAL_SERVICE_PROCESSES_MAX];
    for (size_t i = 0; options->services && i < options->config->settings.services; i++) {
        const char *name = options->config->settings.service[i].name;
        int count = heal_services_processes(options->services, name, pids);
        if (count > 0 && heal_throttle_is_left(name, pids, (size_t)count)) {
            struct heal_executor_leftover leftover = {.kind = HEAL_LEFTOVER_THROTTLE};
            heal_name_copy(leftover.name, sizeof(leftover.name), name);
            tell(sweep, &leftover);
        }
    }
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
    pid_t pids[HEAL_SERVICE_PROCESSES_MAX];
    int count;
    switch (leftover->kind) {
    case HEAL_LEFTOVER_QUARANTINE:
        return heal_nftables_delete();
    case HEAL_LEFTOVER_THROTTLE:
        count =
            options->services ? heal_services_processes(options->services, leftover->name, pids) : -ENOENT;
        return count < 0 ? count : heal_throttle_dissolve(leftover->name, pids, (size_t)count);
    }
    return -EINVAL;
}
