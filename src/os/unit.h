/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What systemd says of one unit: whether it runs, was stopped in order or is down, and which control group
 * has its processes. systemctl is asked in the background, one question at a time and no more than one in two
 * seconds; nothing here waits for the answer.
 */
#ifndef HEAL_OS_UNIT_H
#define HEAL_OS_UNIT_H

#include "config/config.h"
#include "wire/unit_text.h"

struct event_base;
struct heal_spawn;

enum heal_unit_standing {
    HEAL_STANDING_UNKNOWN, /**< not asked yet, or there was no answer that says anything */
    HEAL_STANDING_BUSY,    /**< systemd is at it: it starts, stops, or waits to start it again */
    HEAL_STANDING_RUNS,
    HEAL_STANDING_STOPPED, /**< in order: nobody wants it to run */
    HEAL_STANDING_DOWN,
};

struct heal_unit {
    struct event_base *base;
    char name[HEAL_CONFIG_PATH_MAX]; /**< empty: there is no unit, and this is not used */
    void (*answered)(void *context);
    void *context;
    enum heal_unit_standing standing;
    char procs[HEAL_UNIT_CGROUP_MAX + 64]; /**< its list of processes as last heard of; empty: never yet */
    char trouble[160];                     /**< why systemd's answer says nothing; empty: nothing is wrong */
    heal_us next;                          /**< it is not asked again before this */
    struct heal_spawn *question;           /**< in flight; NULL: none */
};

/** @param answered called from the event loop after each answer; the unit lives on through it. */
void heal_unit_init(struct heal_unit *unit, struct event_base *base, const char *name,
                    void (*answered)(void *context), void *context);
void heal_unit_deinit(struct heal_unit *unit);

/** Asks, unless a question is in flight or was just asked. @param now on the monotonic clock. */
void heal_unit_ask(struct heal_unit *unit, heal_us now);

/** It is seen to run: what was said of it before is over, and so is a question in flight. */
void heal_unit_forget(struct heal_unit *unit);

#endif
