/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "promises.h"

#include <stdio.h>
#include <string.h>

/* The standing ones are about one thing each, and hold until the next word about it. */
static const struct {
    const char *name, *sql;
    bool standing, one_only;
} row[CRASH_PROMISE_KINDS] = {
    [CRASH_ORDER] = {"order",          "SELECT 1 FROM audit WHERE instr(text, ?1) > 0",                                false, false},
    [CRASH_LABEL] = {"label",
                     "SELECT 1 FROM record WHERE kind = 'label' AND key = ?1 AND instr(value, ?2) > 0",                true,
                     false                                                                                                         },
    [CRASH_PAUSE] = {"pause",
                     "SELECT 1 FROM record WHERE kind = 'order' AND key = 'pause' AND"
                     " instr(value, 'paused=' || ?1) > 0 AND instr(value, ?2) > 0",                                    true,  true },
    [CRASH_MODE] =
        {"mode",
                     "SELECT 1 FROM record WHERE kind = 'order' AND key = 'mode' AND instr(value, 'mode=' || ?1) > 0",
                     true,                                                                                                    true },
    [CRASH_COUNT] =
        {"orders",
                     "SELECT 1 WHERE (SELECT count(*) FROM audit WHERE instr(text, ?1) > 0) >= CAST(?2 AS INTEGER)",   true,
                     false                                                                                                         },
    [CRASH_AUDIT] = {"audit record",   "SELECT 1 FROM audit WHERE sequence = ?1 AND lower(hex(hash)) = ?2",
                     false,                                                                                                   false},
    [CRASH_STEP] =
        {"step's outcome",
                     "SELECT 1 FROM record WHERE kind = 'step' AND key = ?1 AND instr(value, 'state=' || ?2) > 0",     false,
                     false                                                                                                         },
};

void crash_promises_forget(struct crash_promises *promises, enum crash_promise_kind kind, const char *a) {
    size_t kept = 0;

    for (size_t i = 0; i < promises->count; i++) {
        const struct crash_promise *promise = &promises->promise[i];
        bool same = promise->kind == kind && (row[kind].one_only || strcmp(promise->a, a) == 0);

        if (!same)
            promises->promise[kept++] = *promise;
    }
    promises->count = kept;
}

void crash_promises_add(struct crash_promises *promises, enum crash_promise_kind kind, const char *a,
                        const char *b) {
    if (row[kind].standing)
        crash_promises_forget(promises, kind, a);
    if (promises->count == CRASH_PROMISES_MAX)
        return;
    struct crash_promise *promise = &promises->promise[promises->count++];
    promise->kind = kind;
    snprintf(promise->a, sizeof promise->a, "%s", a);
    snprintf(promise->b, sizeof promise->b, "%s", b);
    promises->total++;
}

static bool is_kept(const struct crash_promise *promise, sqlite3 *db) {
    sqlite3_stmt *statement = NULL;
    bool kept = false;

    if (sqlite3_prepare_v2(db, row[promise->kind].sql, -1, &statement, NULL) == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, promise->a, -1, SQLITE_STATIC);
        if (sqlite3_bind_parameter_count(statement) > 1)
            sqlite3_bind_text(statement, 2, promise->b, -1, SQLITE_STATIC);
        kept = sqlite3_step(statement) == SQLITE_ROW;
    }
    sqlite3_finalize(statement);
    return kept;
}

size_t crash_promises_check(struct crash_promises *promises, sqlite3 *db, const char *who) {
    size_t broken = 0, kept = 0;

    for (size_t i = 0; i < promises->count; i++) {
        const struct crash_promise promise = promises->promise[i];

        if (!is_kept(&promise, db)) {
            fprintf(stderr, "crash: %s: lost: %s %s %s\n", who, row[promise.kind].name, promise.a, promise.b);
            broken++;
        } else if (row[promise.kind].standing) {
            promises->promise[kept++] = promise;
        }
    }
    promises->count = kept;
    return broken;
}
