/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Faults of one process of a node: a watched service or the routing daemon killed. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault/injector.h"

/** Who was killed. */
struct victim {
    int pid;
};

static bool is_service(const struct heal_injection *injection) {
    return injection->fault.kind == HEAL_FAULT_SERVICE;
}

static const char *name_of(const struct heal_injection *injection) {
    return is_service(injection) ? injection->fault.service : "babeld";
}

static int find_pid(struct heal_faults *faults, const struct heal_injection *injection) {
    const struct heal_fault *fault = &injection->fault;

    return is_service(injection) ? heal_lab_service_pid(heal_faults_lab(faults), fault->node, fault->service)
                                 : heal_lab_daemon_pid(heal_faults_lab(faults), fault->node, HEAL_LAB_BABELD);
}

static int kill_victim(struct heal_faults *faults, const struct heal_injection *injection) {
    const struct heal_fault *fault = &injection->fault;

    return is_service(injection)
               ? heal_lab_service_signal(heal_faults_lab(faults), fault->node, fault->service, SIGKILL)
               : heal_lab_daemon_signal(heal_faults_lab(faults), fault->node, HEAL_LAB_BABELD, SIGKILL);
}

static int apply(struct heal_faults *faults, struct heal_injection *injection, struct heal_error *error) {
    struct victim *victim = calloc(1, sizeof *victim);
    int r;

    if (!victim)
        return heal_error_set(error, -ENOMEM, 0, 0, "out of memory");
    victim->pid = find_pid(faults, injection);
    r = victim->pid > 0 ? kill_victim(faults, injection) : victim->pid == 0 ? -ESRCH : victim->pid;
    if (r < 0) {
        free(victim);
        return heal_injection_refuse(faults, injection->fault.node, name_of(injection), r, "killing", error);
    }
    injection->state = victim;
    return 0;
}

static void measure(struct heal_faults *faults, const struct heal_injection *injection,
                    struct heal_fault_measured *ret_measured) {
    const struct victim *victim = injection->state;
    int pid = find_pid(faults, injection);
    size_t size = sizeof ret_measured->what;

    if (pid < 0)
        return;
    ret_measured->verified = pid != victim->pid;
    if (pid == victim->pid)
        snprintf(ret_measured->what, size, "%s (process %d) still runs", name_of(injection), pid);
    else if (pid == 0)
        snprintf(ret_measured->what, size, "%s (process %d) is dead", name_of(injection), victim->pid);
    else
        snprintf(ret_measured->what, size, "%s (process %d) was killed, and runs again as %d",
                 name_of(injection), victim->pid, pid);
}

/* What has been started again by somebody else is left alone. The routing daemon always is. */
static int undo(struct heal_faults *faults, struct heal_injection *injection) {
    const struct heal_fault *fault = &injection->fault;

    free(injection->state);
    injection->state = NULL;
    if (!is_service(injection) || find_pid(faults, injection) != 0 ||
        heal_injection_in_force(faults, HEAL_FAULT_KILL, 0, fault->node, injection))
        return 0;
    return heal_lab_service_start(heal_faults_lab(faults), fault->node, fault->service);
}

const struct heal_injector heal_injector_service = {.apply = apply, .measure = measure, .undo = undo};
const struct heal_injector heal_injector_babeld = {.apply = apply, .measure = measure, .undo = undo};
