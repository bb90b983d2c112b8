/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Carries the engine's commands to whoever can do them (channel, prober, store, executor) and the answers of
 * those that have a ticket back as results. It never calls the engine; results go to the daemon's queue.
 */
#ifndef HEALD_DISPATCH_H
#define HEALD_DISPATCH_H

#include "heal/event.h"
#include "heald/ledger.h"
#include "heald/parts.h"
#include "heald/ports.h"

struct event_base;
struct heal_executor;
struct heal_store;
struct heald_dispatch;

enum { HEALD_PENDING_MAX = 128 };

/** An act under way. */
struct heald_pending {
    struct heald_dispatch *dispatch;
    bool used;
    enum heal_command_kind kind;
    uint32_t ticket;
    enum heald_effect effect;
    struct heald_ledger_entry undo;
};

/** With whom it works; all outlive it. */
struct heald_dispatch_options {
    struct event_base *base;
    const struct heald_ports *ports; /**< with the channel and the prober */
    struct heal_store *store;        /**< NULL: nothing is kept, and that is a success (a dry run) */
    struct heald_parts *parts;
    struct heald_counters *counters;
    void (*answer)(void *context, const struct heal_event *event);
    void *context;
};

struct heald_dispatch {
    struct heald_dispatch_options options;
    struct heal_executor
        *executor;        /**< carries out acts; the owner's, set when there is one; NULL: not yet */
    struct event *commit; /**< the timer of the next commit */
    struct heald_ledger ledger;
    size_t pending_count;
    size_t lifts_failed; /**< of the acts by which a stop takes back what is in place */
    struct heald_pending pending[HEALD_PENDING_MAX];
};

/** @param dispatch cleared. @return 0 or -ENOMEM. */
int heald_dispatch_init(struct heald_dispatch *dispatch, const struct heald_dispatch_options *options);
void heald_dispatch_deinit(struct heald_dispatch *dispatch);

/** Takes from a reading how things are while no act has changed them: an interface's MTU. */
void heald_dispatch_reading(struct heald_dispatch *dispatch, const struct heal_reading *reading);

/** Carries out one command, or begins to. */
void heald_dispatch_command(struct heald_dispatch *dispatch, const struct heal_command *command);

/** Keeps a line of the audit that is the shell's own: an order, and what it did at start or stop. */
void heald_dispatch_audit(struct heald_dispatch *dispatch, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Takes back what is in place, as much as may be under way at a time: to be called again until pending_count
 * stays 0. @return how many acts were begun. */
size_t heald_dispatch_retire(struct heald_dispatch *dispatch);

/** Makes durable what was to be kept so far. @return 0, or why it is not. */
int heald_dispatch_commit(struct heald_dispatch *dispatch);

#endif
