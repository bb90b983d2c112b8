/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/store_salvage.h"

#include "base/cleanup.h"
#include "heal/command.h"
#include "os/store.h"
#include "os/store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* How many numbers are tried: the newest ones, where there are more; the first ones, where the last is not
 * known. */
enum { TRIES_MAX = 200000, TRIES_BLIND = 20000, COLUMN_CREATED = 4, COLUMN_UPDATED = 5 };

struct salvage {
    sqlite3 *from;
    sqlite3_stmt *insert;
    char history_path[PATH_MAX];
    FILE *history; /* made with the first line */
    struct heal_salvage count;
};

/* A table with whole numbers as its key, which are looked up one by one: a damaged page loses its own only.
 */
struct table {
    const char *row, *last, *last_otherwise;
    bool (*take)(struct salvage *salvage, sqlite3_stmt *row);
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

static void tell(struct salvage *salvage, sqlite3_int64 number, sqlite3_int64 time_us, const char *kind,
                 const char *key, const char *text) {
    if (!salvage->history) {
        int file = open(salvage->history_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

        salvage->history = file < 0 ? NULL : fdopen(file, "w");
        if (!salvage->history)
            return;
        fputs("# what could be read of a damaged heald.db: NUMBER UNIX-SECONDS KIND KEY TEXT\n",
              salvage->history);
    }
    fprintf(salvage->history, "%lld %lld %s %s %s\n", (long long)number, (long long)(time_us / 1000000), kind,
            key[0] ? key : "-", text);
}

/* number, kind, key, value, created, updated, open */
static bool take_record(struct salvage *salvage, sqlite3_stmt *row) {
    const char *kind = text_of(row, 1, sizeof(((struct heal_record *)NULL)->key));
    const char *key = text_of(row, 2, sizeof(((struct heal_record *)NULL)->key));
    const char *value = text_of(row, 3, sizeof(((struct heal_record *)NULL)->value));

    if (!kind || !key || !value || !is_kind(kind))
        return false;
    tell(salvage, sqlite3_column_int64(row, 0), sqlite3_column_int64(row, COLUMN_UPDATED), kind, key, value);
    for (int column = 0; column < sqlite3_column_count(row); column++)
        sqlite3_bind_value(salvage->insert, column + 1, sqlite3_column_value(row, column));
    bool kept = sqlite3_step(salvage->insert) == SQLITE_DONE;
    sqlite3_reset(salvage->insert);
    salvage->count.records += kept;
    return kept;
}

/* sequence, time, text */
static bool take_audit(struct salvage *salvage, sqlite3_stmt *row) {
    const char *text = text_of(row, 2, sizeof(((struct heal_store_audit *)NULL)->text));

    if (!text)
        return false;
    tell(salvage, sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1), "audit", "", text);
    salvage->count.audits++;
    return true;
}

static const struct table TABLE[] = {
    {"SELECT number, kind, key, value, created, updated, open FROM record WHERE number = ?1",
     "SELECT max(number) FROM record",                                                                                           "SELECT seq FROM sqlite_sequence WHERE name = 'record'", take_record},
    {"SELECT sequence, time, text FROM audit WHERE sequence = ?1",                            "SELECT max(sequence) FROM audit",
     "SELECT head FROM chain",                                                                                                                                                            take_audit },
};

/* @return the number that a statement yields; 0: it yields none. */
static sqlite3_int64 number_of(sqlite3 *db, const char *sql) {
    HEAL_CLEANUP(heal_store_file_finalize) sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        return 0;
    return sqlite3_column_int64(statement, 0);
}

static void walk(struct salvage *salvage, const struct table *table) {
    HEAL_CLEANUP(heal_store_file_finalize) sqlite3_stmt *row = NULL;
    sqlite3_int64 last = number_of(salvage->from, table->last);

    if (last <= 0)
        last = number_of(salvage->from, table->last_otherwise);
    if (last <= 0)
        last = TRIES_BLIND;
    if (sqlite3_prepare_v2(salvage->from, table->row, -1, &row, NULL) != SQLITE_OK)
        return;
    for (sqlite3_int64 i = last > TRIES_MAX ? last - TRIES_MAX : 1; i <= last; i++) {
        sqlite3_bind_int64(row, 1, i);
        if (sqlite3_step(row) == SQLITE_ROW)
            table->take(salvage, row);
        sqlite3_reset(row);
    }
}

static int finish(struct salvage *salvage) {
    if (!salvage->history)
        return 0;
    bool failed = fflush(salvage->history) != 0 || fsync(fileno(salvage->history)) < 0;
    fclose(salvage->history);
    return failed ? -EIO : 0;
}

static void close_db(sqlite3 **db) {
    sqlite3_close(*db);
}

int heal_store_salvage(const char *path, sqlite3 *into, struct heal_salvage *ret_salvage) {
    static const char *const INSERT =
        "INSERT OR IGNORE INTO record(number, kind, key, value, created, updated, open)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    HEAL_CLEANUP(close_db) sqlite3 *from = NULL;
    struct salvage salvage = {0};
    int r = sqlite3_open_v2(path, &from, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);

    salvage.from = from;
    snprintf(salvage.history_path, sizeof salvage.history_path, "%.4000s.history", path);
    if (r == SQLITE_OK)
        r = sqlite3_prepare_v2(into, INSERT, -1, &salvage.insert, NULL);
    /* So SQLite reads what is there of a file that was cut off. */
    (void)heal_store_file_run(from, "PRAGMA writable_schema = ON");
    int code = r == SQLITE_OK ? heal_store_file_run(into, "BEGIN IMMEDIATE") : 0;
    for (size_t i = 0; r == SQLITE_OK && code == 0 && i < HEAL_COUNT(TABLE); i++)
        walk(&salvage, &TABLE[i]);
    sqlite3_finalize(salvage.insert);
    if (r == SQLITE_OK && code == 0)
        code = heal_store_file_run(into, "COMMIT");
    if (code < 0)
        heal_store_file_run(into, "ROLLBACK");
    int written = finish(&salvage);
    *ret_salvage = salvage.count;
    return code < 0 ? code : written;
}
