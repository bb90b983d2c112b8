/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Faults of a service that takes too much of its node: processor time, or memory. The service has one load,
 * which is the sum of what all injections ask of that process; when it is restarted, its load is gone. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault/injector.h"
#include "lab/clock.h"

/* A leak comes in blocks of 64 KiB, so a few of them have to be due before it can be told. */
static const double told_bytes = 256 * 1024;
static const heal_us told_us = HEAL_US_PER_S;

/** The process that was loaded, and how it was then. */
struct load {
    int pid;
    heal_us since;
    struct heal_lab_process before;
    bool took; /* it has once been measured to have taken hold */
};

static bool is_load(const struct heal_fault *fault) {
    return fault->kind == HEAL_FAULT_CPU || fault->kind == HEAL_FAULT_LEAK;
}

static const char *service_of(struct heal_faults *faults, const struct heal_fault *fault) {
    return heal_fault_service(fault, heal_lab_topology(heal_faults_lab(faults)));
}

/* Has the process do what all injections that loaded it ask, but for @p except. */
static int set_load(struct heal_faults *faults, const struct heal_injection *about, int pid,
                    const struct heal_injection *except) {
    const struct heal_fault *fault = &about->fault;
    const struct heal_injection *at = NULL;
    uint64_t bytes = 0;
    double share = 0;

    while ((at = heal_injection_next(faults, at))) {
        const struct load *load = at->state;

        if (at == except || !is_load(&at->fault) || !load || load->pid != pid ||
            at->fault.node != fault->node ||
            strcmp(service_of(faults, &at->fault), service_of(faults, fault)) != 0)
            continue;
        share += at->fault.share;
        bytes += at->fault.amount;
    }
    return heal_lab_service_load(heal_faults_lab(faults), fault->node, service_of(faults, fault),
                                 share < 1 ? share : 1, bytes);
}

static int refuse(struct heal_faults *faults, const struct heal_fault *fault, int code,
                  struct heal_error *error) {
    const char *service = service_of(faults, fault);

    if (service)
        return heal_injection_refuse(faults, fault->node, service, code, "loading", error);
    return heal_error_set(error, code, 0, 0, "node %s has no service that could do that",
                          heal_lab_topology(heal_faults_lab(faults))->node[fault->node].name);
}

static int find_pid(struct heal_faults *faults, const struct heal_fault *fault) {
    const char *service = service_of(faults, fault);

    return service ? heal_lab_service_pid(heal_faults_lab(faults), fault->node, service) : -ENOENT;
}

static int apply(struct heal_faults *faults, struct heal_injection *injection, struct heal_error *error) {
    const struct heal_fault *fault = &injection->fault;
    int pid = find_pid(faults, fault);
    struct load *load;
    int r;

    if (pid <= 0)
        return refuse(faults, fault, pid < 0 ? pid : -ESRCH, error);
    load = calloc(1, sizeof *load);
    if (!load)
        return heal_error_set(error, -ENOMEM, 0, 0, "out of memory");
    load->pid = pid;
    injection->state = load;
    r = heal_lab_process_read(heal_faults_lab(faults), fault->node, pid, &load->before);
    if (r == 0)
        r = set_load(faults, injection, pid, NULL);
    load->since = heal_lab_now();
    if (r == 0)
        return 0;
    injection->state = NULL;
    free(load);
    return refuse(faults, fault, r, error);
}

/* At least a third of the processor time that was asked for, on a busy machine it does not get all; and half
 * of the memory. */
static void compare(const struct heal_injection *injection, struct load *load,
                    const struct heal_lab_process *now, struct heal_fault_measured *ret_measured) {
    const struct heal_fault *fault = &injection->fault;
    heal_us span = heal_lab_now() - load->since;
    double span_s = (double)span / HEAL_US_PER_S;
    double burnt_s = now->cpu_s - load->before.cpu_s;
    double grown = now->resident_bytes - load->before.resident_bytes, due = (double)fault->amount * span_s;

    if (fault->kind == HEAL_FAULT_CPU) {
        load->took = load->took || (span >= told_us && burnt_s >= fault->share * span_s / 3);
        snprintf(ret_measured->what, sizeof ret_measured->what,
                 "%.1f %% of a processor burnt in %.1f s (process %d)", 100 * burnt_s / span_s, span_s,
                 load->pid);
    } else {
        load->took = load->took || (due >= told_bytes && grown >= due / 2);
        snprintf(ret_measured->what, sizeof ret_measured->what, "%.1f MiB more in %.1f s (process %d)",
                 grown / (1024 * 1024), span_s, load->pid);
    }
    ret_measured->verified = load->took;
}

static void measure(struct heal_faults *faults, const struct heal_injection *injection,
                    struct heal_fault_measured *ret_measured) {
    const struct heal_fault *fault = &injection->fault;
    struct load *load = injection->state;
    int pid = find_pid(faults, fault);
    struct heal_lab_process now;

    if (pid < 0)
        return;
    if (pid == load->pid && heal_lab_process_read(heal_faults_lab(faults), fault->node, pid, &now) == 0) {
        compare(injection, load, &now, ret_measured);
        return;
    }
    ret_measured->verified = load->took;
    snprintf(ret_measured->what, sizeof ret_measured->what, "the process %d that did it is gone", load->pid);
}

/* What has leaked stays where it is until the service is restarted. */
static int undo(struct heal_faults *faults, struct heal_injection *injection) {
    struct load *load = injection->state;
    int r = 0;

    if (find_pid(faults, &injection->fault) == load->pid)
        r = set_load(faults, injection, load->pid, injection);
    free(load);
    injection->state = NULL;
    return r;
}

const struct heal_injector heal_injector_cpu = {.apply = apply, .measure = measure, .undo = undo};
const struct heal_injector heal_injector_leak = {.apply = apply, .measure = measure, .undo = undo};
