/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/store_state.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "os/audit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { QUERY_LIMIT = 100 };

/* What every reader of records selects, in the order that entry_of expects. */
#define COLUMNS "number, kind, key, value, created, updated"

static void text_column(sqlite3_stmt *row, int column, char *buffer, size_t size) {
    const char *text = (const char *)sqlite3_column_text(row, column);

    heal_name_copy(buffer, size, text ? text : "");
}

static enum heal_record_kind kind_of(const char *name) {
    unsigned kind = 0;

    while (kind < HEAL_RECORD_KINDS && strcmp(heal_store_kind_name((enum heal_record_kind)kind), name) != 0)
        kind++;
    return (enum heal_record_kind)kind;
}

static void entry_of(sqlite3_stmt *row, struct heal_store_entry *entry) {
    char kind[16];

    memset(entry, 0, sizeof *entry);
    text_column(row, 1, kind, sizeof kind);
    entry->number = (uint64_t)sqlite3_column_int64(row, 0);
    entry->record.kind = kind_of(kind);
    text_column(row, 2, entry->record.key, sizeof entry->record.key);
    text_column(row, 3, entry->record.value, sizeof entry->record.value);
    entry->created_us = (uint64_t)sqlite3_column_int64(row, 4);
    entry->updated_us = (uint64_t)sqlite3_column_int64(row, 5);
}

/* Hands each row of a prepared statement on. @return 0, 1 where the listener had enough, or negative errno.
 */
static int each_row(sqlite3 *db, sqlite3_stmt *statement, heal_store_each *each, void *context) {
    struct heal_store_entry entry;
    int r;

    while ((r = sqlite3_step(statement)) == SQLITE_ROW) {
        entry_of(statement, &entry);
        if (!each(context, &entry))
            return 1;
    }
    return r == SQLITE_DONE ? 0 : heal_store_file_error(db, r);
}

/* @return 0, or why nothing can be read. */
static int readable(const struct heal_store *store) {
    return store->file.db ? 0 : store->file.code < 0 ? store->file.code : -EIO;
}

/* @param ret_statement to be finalised, whatever is returned */
static int prepare(struct heal_store *store, const char *sql, sqlite3_stmt **ret_statement) {
    int r = readable(store);

    return r < 0 ? r
                 : heal_store_file_error(store->file.db,
                                         sqlite3_prepare_v2(store->file.db, sql, -1, ret_statement, NULL));
}

/* The number of the oldest closed incident that is given back. */
#define OLDEST                                                                                               \
    "ifnull((SELECT number FROM record WHERE kind = 'incident' ORDER BY number DESC LIMIT 1 OFFSET ?1 - "    \
    "1), 0)"
#define RESTORED "kind = 'incident' AND (open = 1 OR number >= " OLDEST ")"

static const char *const RESTORE[] = {
    "SELECT " COLUMNS " FROM record WHERE kind = 'order' ORDER BY number",
    "SELECT " COLUMNS " FROM record WHERE kind = 'threshold' ORDER BY number",
    "SELECT " COLUMNS " FROM record WHERE kind = 'strategy' ORDER BY number",
    /* The latest first: there may be more than there is room for. */
    "SELECT " COLUMNS " FROM record WHERE kind = 'baseline' ORDER BY updated DESC, number",
    "SELECT " COLUMNS " FROM record WHERE kind = 'merit' ORDER BY number",
    "SELECT " COLUMNS " FROM record WHERE kind = 'verdict' AND number > ifnull((SELECT number FROM record"
    " WHERE kind = 'verdict' ORDER BY number DESC LIMIT 1 OFFSET 256), 0) ORDER BY number",
    "SELECT " COLUMNS " FROM record WHERE kind = 'label' AND key IN"
    " (SELECT key FROM record WHERE " RESTORED ") ORDER BY number",
    "SELECT " COLUMNS " FROM record WHERE " RESTORED " ORDER BY number",
    /* A step's key begins with its incident's; what follows is no digit. */
    "SELECT " COLUMNS
    " FROM record AS step WHERE kind = 'step' AND (open = 1 OR EXISTS (SELECT 1 FROM record WHERE " RESTORED
    " AND substr(step.key, 1, length(key)) = key AND substr(step.key, length(key) + 1, 1) NOT GLOB '[0-9]'))"
    " ORDER BY number",
};

struct restoring {
    struct heal_store *store;
    heal_store_each *each;
    void *context;
};

static bool give_back(void *context, const struct heal_store_entry *entry) {
    const struct restoring *restoring = context;

    heal_store_note_order(restoring->store, &entry->record);
    return restoring->each(restoring->context, entry);
}

int heal_store_restore(struct heal_store *store, heal_store_each *each, void *context) {
    struct restoring restoring = {store, each, context};
    int code = readable(store);

    for (size_t i = 0; code == 0 && i < HEAL_COUNT(RESTORE); i++) {
        HEAL_CLEANUP(heal_store_file_finalize) sqlite3_stmt *statement = NULL;
        int r = sqlite3_prepare_v2(store->file.db, RESTORE[i], -1, &statement, NULL);

        code = heal_store_file_error(store->file.db, r);
        if (code < 0)
            break;
        if (sqlite3_bind_parameter_count(statement) > 0)
            sqlite3_bind_int(statement, 1, HEAL_STORE_RESTORED_INCIDENTS);
        code = each_row(store->file.db, statement, give_back, &restoring);
        store->file.orders.known = store->file.orders.known || code == 0; /* they came first */
    }
    return code < 0 ? code : 0;
}

static uint64_t bound(uint64_t before) {
    return before == 0 || before > INT64_MAX ? INT64_MAX : before;
}

int heal_store_incidents(struct heal_store *store, const struct heal_store_query *query,
                         heal_store_each *each, void *context) {
    static const char *const SQL = "SELECT " COLUMNS " FROM record WHERE kind = 'incident' AND number < ?1"
                                   " AND open >= ?3 ORDER BY number DESC LIMIT ?2";
    HEAL_CLEANUP(heal_store_file_finalize) sqlite3_stmt *statement = NULL;
    int r = prepare(store, SQL, &statement);

    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)bound(query->before));
    sqlite3_bind_int64(statement, 2, query->limit ? (sqlite3_int64)query->limit : QUERY_LIMIT);
    sqlite3_bind_int(statement, 3, query->open_only);
    r = each_row(store->file.db, statement, each, context);
    return r < 0 ? r : 0;
}

int heal_store_records(struct heal_store *store, enum heal_record_kind kind, const char *prefix,
                       heal_store_each *each, void *context) {
    static const char *const SQL =
        "SELECT " COLUMNS " FROM record WHERE kind = ?1 AND substr(key, 1, length(?2)) = ?2"
        " ORDER BY number";
    HEAL_CLEANUP(heal_store_file_finalize) sqlite3_stmt *statement = NULL;
    int r = prepare(store, SQL, &statement);

    if (r < 0)
        return r;
    sqlite3_bind_text(statement, 1, heal_store_kind_name(kind), -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, prefix, -1, SQLITE_STATIC);
    r = each_row(store->file.db, statement, each, context);
    return r < 0 ? r : 0;
}

int heal_store_find(struct heal_store *store, enum heal_record_kind kind, const char *key,
                    struct heal_store_entry *ret_entry) {
    HEAL_CLEANUP(heal_store_file_finalize) sqlite3_stmt *statement = NULL;
    int code = readable(store);

    if (code < 0)
        return code;
    int r = sqlite3_prepare_v2(store->file.db, "SELECT " COLUMNS " FROM record WHERE kind = ?1 AND key = ?2",
                               -1, &statement, NULL);
    if (r == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, heal_store_kind_name(kind), -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 2, key, -1, SQLITE_STATIC);
        r = sqlite3_step(statement);
    }
    if (r != SQLITE_ROW)
        return r == SQLITE_DONE ? -ENOENT : heal_store_file_error(store->file.db, r);
    entry_of(statement, ret_entry);
    return 0;
}

static void audit_of(sqlite3_stmt *row, struct heal_store_audit *audit) {
    const void *hash = sqlite3_column_blob(row, 3);

    memset(audit, 0, sizeof *audit);
    audit->sequence = (uint64_t)sqlite3_column_int64(row, 0);
    audit->time_us = (uint64_t)sqlite3_column_int64(row, 1);
    text_column(row, 2, audit->text, sizeof audit->text);
    if (hash && sqlite3_column_bytes(row, 3) == HEAL_AUDIT_HASH_BYTES)
        heal_audit_hash_format(hash, audit->hash);
}

int heal_store_audits(struct heal_store *store, uint64_t before, size_t limit, heal_store_each_audit *each,
                      void *context) {
    static const char *const SQL =
        "SELECT sequence, time, text, hash FROM audit WHERE sequence < ?1 ORDER BY sequence DESC LIMIT ?2";
    HEAL_CLEANUP(heal_store_file_finalize) sqlite3_stmt *statement = NULL;
    struct heal_store_audit audit;
    int code = readable(store);
    int r;

    if (code < 0)
        return code;
    code =
        heal_store_file_error(store->file.db, sqlite3_prepare_v2(store->file.db, SQL, -1, &statement, NULL));
    if (code < 0)
        return code;
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)bound(before));
    sqlite3_bind_int64(statement, 2, limit ? (sqlite3_int64)limit : QUERY_LIMIT);
    while ((r = sqlite3_step(statement)) == SQLITE_ROW) {
        audit_of(statement, &audit);
        if (!each(context, &audit))
            return 0;
    }
    return r == SQLITE_DONE ? 0 : heal_store_file_error(store->file.db, r);
}
