/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What one heald has promised to keep: orders that it acknowledged, audit records and outcomes of steps that
 * it told of. Each must be in its database after any kill; a promise is checked there by SQL.
 */
#ifndef CRASH_PROMISES_H
#define CRASH_PROMISES_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

enum crash_promise_kind {
    CRASH_ORDER, /**< an audit record with this text in it */
    CRASH_LABEL, /**< the label of an incident (a) with this text (b) in it */
    CRASH_PAUSE, /**< the standing pause: yes or no (a), its reason (b) */
    CRASH_MODE,  /**< the standing mode (a) */
    CRASH_COUNT, /**< so many (b) audit records with this text (a) */
    CRASH_AUDIT, /**< the audit record of this number (a) with this hash (b) */
    CRASH_STEP,  /**< the step of this key (a) in this state (b) */
    CRASH_PROMISE_KINDS,
};

enum { CRASH_PROMISES_MAX = 1024, CRASH_PROMISE_TEXT = 72 };

struct crash_promise {
    enum crash_promise_kind kind;
    char a[CRASH_PROMISE_TEXT], b[CRASH_PROMISE_TEXT];
};

struct crash_promises {
    size_t count; /**< not checked since the last kill */
    size_t total; /**< ever made */
    struct crash_promise promise[CRASH_PROMISES_MAX];
};

/** Notes a promise. Of the kinds that stand for one thing (label, pause, mode) the last word counts. */
void crash_promises_add(struct crash_promises *promises, enum crash_promise_kind kind, const char *a,
                        const char *b);

/** Forgets a promise about one thing: an order about it was given and not answered, so either may hold. */
void crash_promises_forget(struct crash_promises *promises, enum crash_promise_kind kind, const char *a);

/** Checks all against a database, and drops those that need no more checking. Each that is broken is told on
 * standard error with @p who. @return how many are broken. */
size_t crash_promises_check(struct crash_promises *promises, sqlite3 *db, const char *who);

#endif
