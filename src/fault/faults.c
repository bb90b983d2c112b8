/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "fault/faults.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "fault/state.h"
#include "lab/clock.h"

static const struct heal_injector *const injectors[HEAL_FAULT_KINDS] = {
    [HEAL_FAULT_LOSS] = &heal_injector_loss,
    [HEAL_FAULT_MTU] = &heal_injector_mtu,
    [HEAL_FAULT_DELAY] = &heal_injector_delay,
    [HEAL_FAULT_RATE] = &heal_injector_rate,
    [HEAL_FAULT_DOWN] = &heal_injector_down,
    [HEAL_FAULT_CARRIER] = &heal_injector_carrier,
    [HEAL_FAULT_FLAP] = &heal_injector_flap,
    [HEAL_FAULT_PARTITION] = &heal_injector_partition,
    [HEAL_FAULT_PAUSE] = &heal_injector_pause,
    [HEAL_FAULT_KILL] = &heal_injector_kill,
    [HEAL_FAULT_CPU] = &heal_injector_cpu,
    [HEAL_FAULT_LEAK] = &heal_injector_leak,
    [HEAL_FAULT_SERVICE] = &heal_injector_service,
    [HEAL_FAULT_BABELD] = &heal_injector_babeld,
    [HEAL_FAULT_NOISE] = &heal_injector_noise,
    [HEAL_FAULT_FORWARDING] = &heal_injector_forwarding,
    [HEAL_FAULT_BLACKHOLE] = &heal_injector_blackhole,
    [HEAL_FAULT_FLUSH_ROUTES] = &heal_injector_flush_routes,
};

struct heal_lab *heal_faults_lab(struct heal_faults *faults) {
    return faults->lab;
}

struct heal_rules *heal_faults_rules(struct heal_faults *faults) {
    return faults->rules;
}

struct heal_radios *heal_faults_radios(struct heal_faults *faults) {
    return faults->radios;
}

int heal_faults_new(struct heal_lab *lab, uint64_t seed, struct heal_faults **ret_faults) {
    struct heal_faults *faults = calloc(1, sizeof *faults);
    int r;

    if (!faults)
        return -ENOMEM;
    faults->lab = lab;
    for (size_t i = 0; i < HEAL_FAULTS_MAX; i++)
        faults->injection[i].handle = HEAL_HANDLE_FREE;
    r = heal_rules_new(lab, &faults->rules);
    if (r == 0)
        r = heal_radios_new(lab, faults->rules, seed, &faults->radios);
    if (r < 0) {
        (void)heal_faults_free(faults);
        return r;
    }
    *ret_faults = faults;
    return 0;
}

/* What has been taken back, but has left something. */
static void drain_all(struct heal_faults *faults, heal_us now) {
    for (size_t i = 0; i < HEAL_FAULTS_MAX; i++) {
        struct heal_injection *injection = &faults->injection[i];

        if (injection->handle == HEAL_HANDLE_FREE && injection->state)
            injectors[injection->fault.kind]->drain(faults, injection, now);
    }
}

struct heal_faults *heal_faults_free(struct heal_faults *faults) {
    if (!faults)
        return NULL;
    heal_faults_undo_all(faults);
    drain_all(faults, HEAL_NEVER);
    faults->radios = heal_radios_free(faults->radios);
    faults->rules = heal_rules_free(faults->rules);
    free(faults);
    return NULL;
}

static struct heal_injection *find(struct heal_faults *faults, int handle) {
    for (size_t i = 0; i < HEAL_FAULTS_MAX; i++)
        if (handle >= 0 && faults->injection[i].handle == handle)
            return &faults->injection[i];
    return NULL;
}

const struct heal_fault *heal_faults_at(const struct heal_faults *faults, int handle, heal_us *ret_since) {
    for (size_t i = 0; i < HEAL_FAULTS_MAX; i++) {
        const struct heal_injection *injection = &faults->injection[i];

        if (handle < 0 || injection->handle != handle)
            continue;
        if (ret_since)
            *ret_since = injection->since;
        return &injection->fault;
    }
    return NULL;
}

int heal_faults_next(const struct heal_faults *faults, int after) {
    const struct heal_injection from = {.handle = after};
    const struct heal_injection *next = heal_injection_next(faults, &from);

    return next ? next->handle : -ENOENT;
}

int heal_faults_last(const struct heal_faults *faults) {
    int last = -ENOENT;

    for (size_t i = 0; i < HEAL_FAULTS_MAX; i++)
        if (faults->injection[i].handle != HEAL_HANDLE_FREE && faults->injection[i].handle > last)
            last = faults->injection[i].handle;
    return last;
}

const struct heal_injection *heal_injection_next(const struct heal_faults *faults,
                                                 const struct heal_injection *after) {
    int least = after ? after->handle : HEAL_HANDLE_FREE;
    const struct heal_injection *next = NULL;

    for (size_t i = 0; i < HEAL_FAULTS_MAX; i++) {
        const struct heal_injection *injection = &faults->injection[i];

        if (injection->handle > least && (!next || injection->handle < next->handle))
            next = injection;
    }
    return next;
}

bool heal_injection_in_force(const struct heal_faults *faults, enum heal_fault_kind kind, unsigned link,
                             unsigned node, const struct heal_injection *except) {
    const struct heal_injection *at = NULL;

    while ((at = heal_injection_next(faults, at)))
        if (at != except && at->fault.kind == kind && at->fault.link == link && at->fault.node == node)
            return true;
    return false;
}

/* Handles go round, so that an old one is not soon that of another fault. */
static int new_handle(struct heal_faults *faults) {
    int handle;

    do {
        handle = faults->next_handle;
        faults->next_handle = handle == INT_MAX ? 0 : handle + 1;
    } while (find(faults, handle));
    return handle;
}

static struct heal_injection *find_free(struct heal_faults *faults) {
    for (size_t i = 0; i < HEAL_FAULTS_MAX; i++)
        if (faults->injection[i].handle == HEAL_HANDLE_FREE && !faults->injection[i].state)
            return &faults->injection[i];
    return NULL;
}

int heal_faults_apply(struct heal_faults *faults, const struct heal_fault *fault, struct heal_error *error) {
    struct heal_injection *injection = find_free(faults);
    int r = heal_fault_check(fault, heal_lab_topology(faults->lab), error);

    if (r < 0)
        return r;
    if (!injection)
        return heal_error_set(error, -EBUSY, 0, 0,
                              "%d faults are in force, which is all there can be: undo some first",
                              HEAL_FAULTS_MAX);
    *injection = (struct heal_injection){.fault = *fault,
                                         .handle = new_handle(faults),
                                         .owner = heal_rules_own(faults->rules),
                                         .since = heal_lab_now()};
    r = injectors[fault->kind]->apply(faults, injection, error);
    if (r == 0)
        return injection->handle;
    (void)heal_injection_rules_clear(faults, injection);
    injection->handle = HEAL_HANDLE_FREE;
    return r;
}

int heal_faults_measure(struct heal_faults *faults, int handle, struct heal_fault_measured *ret_measured) {
    struct heal_injection *injection = find(faults, handle);
    struct heal_fault_measured measured = {.what = "nobody could tell"};

    if (!injection)
        return -ENOENT;
    injectors[injection->fault.kind]->measure(faults, injection, &measured);
    *ret_measured = measured;
    return 0;
}

int heal_faults_undo(struct heal_faults *faults, int handle) {
    struct heal_injection *injection = find(faults, handle);
    int r, cleared;

    if (!injection)
        return -ENOENT;
    r = injectors[injection->fault.kind]->undo(faults, injection);
    cleared = heal_injection_rules_clear(faults, injection);
    injection->handle = HEAL_HANDLE_FREE;
    return r < 0 ? r : cleared;
}

void heal_faults_undo_all(struct heal_faults *faults) {
    for (int last; (last = heal_faults_last(faults)) >= 0;)
        (void)heal_faults_undo(faults, last);
}

void heal_faults_tick(struct heal_faults *faults) {
    heal_us now = heal_lab_now();

    for (size_t i = 0; i < HEAL_FAULTS_MAX; i++) {
        struct heal_injection *injection = &faults->injection[i];

        if (injection->handle != HEAL_HANDLE_FREE && injectors[injection->fault.kind]->tick)
            injectors[injection->fault.kind]->tick(faults, injection, now);
    }
    drain_all(faults, now);
    heal_radios_tick(faults->radios, now);
}
