/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/store_salvage.h"

#include "base/cleanup.h"
#include "heal/command.h"
#include "os/store.h"
#include "os/store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A million a day for three thousand years. */
static const sqlite3_int64 NUMBER_MAX = (sqlite3_int64)1 << 40;
/* How many numbers are tried: the newest ones; before them the first ones, where what was learned has its
 * place; and these alone where the last is not known. */
enum { TRIES_MAX = 200000, TRIES_FIRST = 20000, COLUMN_CREATED = 4, COLUMN_UPDATED = 5 };

struct salvage {
    sqlite3 *from;
    sqlite3 *into;
    sqlite3_stmt *insert;
    const char *history_path; /* NULL: none is wanted */
    FILE *history;            /* made with the first line */
    bool mode, pause;         /* these orders were found */
    size_t damaged;           /* rows that are there, and could not be read */
    struct heal_salvage count;
};

/* A table with whole numbers as its key, which are looked up one by one: a damaged page loses its own only.
 */
struct table {
    const char *row, *last, *last_otherwise;
    int (*take)(struct salvage *salvage, sqlite3_stmt *row); /* @return 0 or why it cannot be kept */
};

/* Garbage that happens to have the shape of a row is not text. @return NULL for that. */
static const char *text_of(sqlite3_stmt *row, int column, size_t size) {
    const char *text = (const char *)sqlite3_column_text(row, column);

    if (!text || sqlite3_column_type(row, column) != SQLITE_TEXT || strlen(text) >= size ||
        (size_t)sqlite3_column_bytes(row, column) != strlen(text))
        return NULL;
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return NULL;
    return text;
}

static bool is_kind(const char *name) {
    for (unsigned kind = 0; kind < HEAL_RECORD_KINDS; kind++)
        if (strcmp(heal_store_kind_name((enum heal_record_kind)kind), name) == 0)
            return true;
    return false;
}

static int tell(struct salvage *salvage, sqlite3_int64 number, sqlite3_int64 time_us, const char *kind,
                const char *key, const char *text) {
    if (!salvage->history_path)
        return 0;
    if (!salvage->history) {
        int file = open(salvage->history_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

        salvage->history = file < 0 ? NULL : fdopen(file, "w");
        if (!salvage->history) {
            int r = -errno;
            if (file >= 0)
                close(file);
            return r;
        }
        fputs("# what could be read of a damaged heald.db: NUMBER UNIX-SECONDS KIND KEY TEXT\n",
              salvage->history);
    }
    int r = fprintf(salvage->history, "%lld %lld %s %s %s\n", (long long)number,
                    (long long)(time_us / 1000000), kind, key[0] ? key : "-", text);
    return r < 0 ? -errno : 0;
}

/* number, kind, key, value, created, updated, open */
static int take_record(struct salvage *salvage, sqlite3_stmt *row) {
    const char *kind = text_of(row, 1, sizeof(((struct heal_record *)NULL)->key));
    const char *key = text_of(row, 2, sizeof(((struct heal_record *)NULL)->key));
    const char *value = text_of(row, 3, sizeof(((struct heal_record *)NULL)->value));

    if (!kind || !key || !value || !is_kind(kind) || sqlite3_column_int64(row, 0) > NUMBER_MAX) {
        salvage->damaged++;
        return 0;
    }
    bool order = strcmp(kind, "order") == 0;
    if (order && salvage->count.orders_known)
        return 0; /* they were taken first */
    for (int column = 0; column < sqlite3_column_count(row); column++)
        sqlite3_bind_value(salvage->insert, column + 1, sqlite3_column_value(row, column));
    int r = sqlite3_step(salvage->insert);
    sqlite3_reset(salvage->insert);
    if (r != SQLITE_DONE)
        return heal_store_file_error(salvage->into, r);
    salvage->count.records += sqlite3_changes(salvage->into) > 0;
    salvage->mode = salvage->mode || (order && strcmp(key, "mode") == 0);
    salvage->pause = salvage->pause || (order && strcmp(key, "pause") == 0);
    return tell(salvage, sqlite3_column_int64(row, 0), sqlite3_column_int64(row, COLUMN_UPDATED), kind, key,
                value);
}

/* sequence, time, text */
static int take_audit(struct salvage *salvage, sqlite3_stmt *row) {
    const char *text = text_of(row, 2, sizeof(((struct heal_store_audit *)NULL)->text));

    if (!text)
        return 0;
    salvage->count.audits++;
    return tell(salvage, sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1), "audit", "", text);
}

#define RECORD "SELECT number, kind, key, value, created, updated, open FROM record WHERE "

/* clang-format off */
enum { RECORDS, AUDITS };
static const struct table TABLE[] = {
    [RECORDS] = {RECORD "number = ?1", "SELECT max(number) FROM record",
     "SELECT seq FROM sqlite_sequence WHERE name = 'record'", take_record},
    [AUDITS] = {"SELECT sequence, time, text FROM audit WHERE sequence = ?1", "SELECT max(sequence) FROM audit",
     "SELECT head FROM chain", take_audit},
};
/* clang-format on */

/* What SQLite did not read for the disk's sake may be there to be read another time. @return 0: it did, or
 * what it read is damaged; or a negative errno. */
static int failure_of(sqlite3 *db, int result) {
    switch (result & 0xff) {
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN:
    case SQLITE_FULL:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return heal_store_file_error(db, result);
    default:
        return 0;
    }
}

/* @param ret_number that a statement yields; 0: it yields none. @return as failure_of. */
static int number_of(sqlite3 *db, const char *sql, sqlite3_int64 *ret_number) {
    HEAL_CLEANUP(heal_store_file_finalize) sqlite3_stmt *statement = NULL;
    int r = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

    *ret_number = 0;
    if (r == SQLITE_OK)
        r = sqlite3_step(statement);
    if (r == SQLITE_ROW)
        *ret_number = sqlite3_column_int64(statement, 0);
    return failure_of(db, r);
}

/* They are few and old, and what heald may do depends on them. The plus keeps SQLite from an index that may
 * be damaged, and would say that there are none. */
static int take_orders(struct salvage *salvage) {
    HEAL_CLEANUP(heal_store_file_finalize) sqlite3_stmt *row = NULL;
    int r = sqlite3_prepare_v2(salvage->from, RECORD "+kind = 'order'", -1, &row, NULL);
    int code = 0;

    while (r == SQLITE_OK || r == SQLITE_ROW) {
        if (r == SQLITE_ROW)
            code = take_record(salvage, row);
        if (code < 0)
            return code;
        r = sqlite3_step(row);
    }
    salvage->count.orders_known = r == SQLITE_DONE && salvage->damaged == 0;
    return failure_of(salvage->from, r);
}

static int walk(struct salvage *salvage, const struct table *table) {
    HEAL_CLEANUP(heal_store_file_finalize) sqlite3_stmt *row = NULL;
    sqlite3_int64 last = 0;
    int code = number_of(salvage->from, table->last, &last);

    if (code == 0 && last <= 0)
        code = number_of(salvage->from, table->last_otherwise, &last);
    if (code < 0)
        return code;
    /* One that no store has ever come to is itself damaged: the rows are looked for from the first on. */
    if (last > NUMBER_MAX)
        last = 0;
    /* Rows that are not looked for are as good as damaged ones. */
    salvage->damaged += last <= 0 || last > TRIES_FIRST + TRIES_MAX;
    if (last <= 0)
        last = TRIES_FIRST;
    int r = sqlite3_prepare_v2(salvage->from, table->row, -1, &row, NULL);
    salvage->damaged += r != SQLITE_OK;
    if (r != SQLITE_OK)
        return failure_of(salvage->from, r);
    for (sqlite3_int64 i = 1; code == 0 && i <= last; i++) {
        if (i == TRIES_FIRST + 1 && last - TRIES_MAX > i)
            i = last - TRIES_MAX;
        sqlite3_bind_int64(row, 1, i);
        r = sqlite3_step(row);
        salvage->damaged += r != SQLITE_ROW && r != SQLITE_DONE;
        code = r == SQLITE_ROW ? table->take(salvage, row) : failure_of(salvage->from, r);
        sqlite3_reset(row);
    }
    return code;
}

static int finish(struct salvage *salvage) {
    if (!salvage->history)
        return 0;
    bool failed = fflush(salvage->history) != 0 || fsync(fileno(salvage->history)) < 0;
    int r = failed ? -errno : ferror(salvage->history) ? -EIO : 0;
    fclose(salvage->history);
    return r;
}

static int open_from(const struct heal_salvage_order *order, sqlite3 **ret_db) {
    sqlite3_int64 number;
    int r = heal_store_file_read(order->from, false, ret_db);

    /* So SQLite reads what is there of a file that was cut off. */
    if (r == 0)
        (void)heal_store_file_run(*ret_db, "PRAGMA writable_schema = ON");
    if (r == 0)
        r = number_of(*ret_db, "PRAGMA schema_version", &number); /* looks at the log */
    if (r == 0 || !order->any_log)
        return r;
    sqlite3_close(*ret_db);
    r = heal_store_file_read(order->from, true, ret_db);
    if (r == 0)
        (void)heal_store_file_run(*ret_db, "PRAGMA writable_schema = ON");
    return r;
}

static int take_all(struct salvage *salvage, bool orders_only) {
    int r = take_orders(salvage);

    if (r == 0 && !orders_only)
        r = walk(salvage, &TABLE[RECORDS]);
    if ((!orders_only && salvage->damaged == 0) || (salvage->mode && salvage->pause))
        salvage->count.orders_known = true;
    if (r == 0 && !orders_only)
        r = walk(salvage, &TABLE[AUDITS]);
    return r;
}

int heal_store_salvage(const struct heal_salvage_order *order, sqlite3 *into,
                       struct heal_salvage *ret_salvage) {
    static const char *const INSERT =
        "INSERT OR IGNORE INTO record(number, kind, key, value, created, updated, open)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    HEAL_CLEANUP(heal_store_file_close) sqlite3 *from = NULL;
    int r = open_from(order, &from);
    struct salvage salvage = {.from = from, .into = into, .history_path = order->history};

    if (r == 0)
        r = heal_store_file_run(into, "BEGIN IMMEDIATE");
    if (r == 0)
        r = heal_store_file_error(into, sqlite3_prepare_v2(into, INSERT, -1, &salvage.insert, NULL));
    if (r == 0)
        r = take_all(&salvage, order->orders_only);
    sqlite3_finalize(salvage.insert);
    if (r == 0)
        r = heal_store_file_run(into, "COMMIT");
    if (r < 0)
        heal_store_file_run(into, "ROLLBACK");
    int written = finish(&salvage);
    *ret_salvage = salvage.count;
    return r < 0 ? r : written;
}
