/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/store_successor.h"

#include "base/cleanup.h"
#include "os/store.h"
#include "os/store_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* While it is written it is heald.db.part; finished, it is named after what the old file is going to be
 * called: heald.db.damaged-DATE.next. */
#define NEXT ".next"
#define HISTORY ".history"

struct paths {
    char base[PATH_MAX], part[PATH_MAX], history[PATH_MAX];
};

static void find_paths(const char *folder, struct paths *paths) {
    snprintf(paths->base, sizeof paths->base, "%.4000s/heald.db", folder);
    snprintf(paths->part, sizeof paths->part, "%.4000s/heald.db.part", folder);
    snprintf(paths->history, sizeof paths->history, "%.4000s/heald.db.part" HISTORY, folder);
}

static int put_order(sqlite3 *db, const char *key, const char *value) {
    char *sql = sqlite3_mprintf("INSERT INTO record(kind, key, value, open, created, updated)"
                                " VALUES('order', %Q, %Q, 0, 0, 0)"
                                " ON CONFLICT(kind, key) DO UPDATE SET value = excluded.value",
                                key, value);
    int r = sql ? heal_store_file_run(db, sql) : -ENOMEM;

    sqlite3_free(sql);
    return r;
}

static int put_orders(sqlite3 *db, const struct heal_store_orders *orders) {
    int r = 0;

    for (size_t i = 0; r == 0 && i < orders->count; i++)
        r = put_order(db, orders->order[i].key, orders->order[i].value);
    return r;
}

/* What this run knows of the orders stands above what can still be read of them. */
static int fill(sqlite3 *into, const struct heal_salvage_order *order, const struct heal_store_orders *orders,
                struct heal_salvage *ret_salvage) {
    int r = heal_store_file_migrate(into);

    if (r == 0)
        r = heal_store_salvage(order, into, ret_salvage);
    if (r == 0)
        r = put_orders(into, orders);
    /* Stands where orders may have stood that cannot be read any more. */
    return r == 0 && !ret_salvage->orders_known && !orders->known
               ? put_order(into, "mode", HEAL_STORE_STAND_IN)
               : r;
}

/* No journal: what is not finished is removed. */
static int write_part(const struct paths *paths, const struct heal_store_old *old,
                      struct heal_salvage *ret_salvage) {
    struct heal_salvage_order order = {.from = paths->base, .orders_only = old->newer};
    HEAL_CLEANUP(heal_store_file_close) sqlite3 *part = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    int descriptor = open(paths->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (descriptor < 0)
        return -errno;
    close(descriptor);
    if (!old->newer)
        order.history = paths->history;
    int r = sqlite3_open_v2(paths->part, &part, flags, NULL);
    r = heal_store_file_error(part, r);
    if (r == 0)
        r = heal_store_file_run(part, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                                      "PRAGMA cache_size = -256; PRAGMA temp_store = MEMORY");
    return r == 0 ? fill(part, &order, old->orders, ret_salvage) : r;
}

static int force(const char *path) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    int r = descriptor < 0 || fsync(descriptor) < 0 ? -errno : 0;

    if (descriptor >= 0)
        close(descriptor);
    return r;
}

static int move(const char *from, const char *to) {
    return rename(from, to) < 0 ? -errno : 0;
}

static int force_names(int lock) {
    return fsync(lock) < 0 ? -errno : 0;
}

/* The old file away, its log with it, and then the successor to its place: between the two there is none. */
static int change_names(const char *folder, int lock, const char *aside) {
    char next[HEAL_STORE_ASIDE_MAX + 8];
    struct paths paths;

    find_paths(folder, &paths);
    snprintf(next, sizeof next, "%s" NEXT, aside);
    int r = heal_store_aside_put(folder, aside);
    if (r == 0)
        r = force_names(lock);
    if (r == 0)
        r = move(next, paths.base);
    return r == 0 ? force_names(lock) : r;
}

/* The successor first: by its name the next start knows whose the history is. */
static int finish_part(const struct paths *paths, int lock, const char *aside) {
    char next[HEAL_STORE_ASIDE_MAX + 8], history[HEAL_STORE_ASIDE_MAX + 8];

    snprintf(next, sizeof next, "%s" NEXT, aside);
    snprintf(history, sizeof history, "%s" HISTORY, aside);
    int r = force(paths->part);
    if (r == 0)
        r = move(paths->part, next);
    if (r == 0)
        r = force_names(lock);
    if (r == 0 && rename(paths->history, history) < 0 && errno != ENOENT)
        r = -errno;
    return r == 0 ? force_names(lock) : r;
}

/* The successor last: by its name the next start knows that there is something to undo. */
static int undo_finish(const char *aside) {
    char path[HEAL_STORE_ASIDE_MAX + 16];

    snprintf(path, sizeof path, "%s" HISTORY, aside);
    if (unlink(path) < 0 && errno != ENOENT)
        return -errno;
    snprintf(path, sizeof path, "%s" NEXT, aside);
    return unlink(path) < 0 ? -errno : 0;
}

int heal_store_successor_make(const struct heal_store_old *old, int lock, struct heal_salvage *ret_salvage,
                              char name[static HEAL_STORE_ASIDE_NAME_MAX]) {
    char aside[HEAL_STORE_ASIDE_MAX];
    struct paths paths;

    find_paths(old->folder, &paths);
    unlink(paths.part);
    unlink(paths.history);
    heal_store_aside_name(old->folder, old->newer ? "newer" : "damaged", aside);
    snprintf(name, HEAL_STORE_ASIDE_NAME_MAX, "%.63s", strrchr(aside, '/') + 1);
    int r = write_part(&paths, old, ret_salvage);
    if (r == 0)
        r = finish_part(&paths, lock, aside);
    if (r == 0)
        return change_names(old->folder, lock, aside);
    (void)undo_finish(aside);
    unlink(paths.part);
    unlink(paths.history);
    return r;
}

int heal_store_successor_in_memory(const struct heal_store_old *old, sqlite3 **ret_db) {
    struct paths paths;
    struct heal_salvage salvage = {0};
    HEAL_CLEANUP(heal_store_file_close) sqlite3 *db = NULL;

    find_paths(old->folder, &paths);
    struct heal_salvage_order order = {.from = paths.base, .orders_only = old->newer, .any_log = true};
    int r = sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    r = heal_store_file_error(db, r);
    if (r == 0)
        r = fill(db, &order, old->orders, &salvage);
    if (r < 0)
        return r;
    *ret_db = db;
    db = NULL;
    return 0;
}

/* @return whether it is a finished successor's name. */
static bool is_next(const char *name) {
    size_t length = strlen(name), end = strlen(NEXT);

    return strncmp(name, "heald.db.", 9) == 0 && length > 9 + end && strcmp(name + length - end, NEXT) == 0;
}

static bool find_next(const char *folder, char path[static HEAL_STORE_ASIDE_MAX]) {
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    bool found = false;

    while (!found && entries && (entry = readdir(entries))) {
        found = is_next(entry->d_name);
        snprintf(path, HEAL_STORE_ASIDE_MAX, "%.4000s/%.63s", folder, entry->d_name);
    }
    if (entries)
        closedir(entries);
    return found;
}

int heal_store_successor_settle(const char *folder, int lock) {
    char next[HEAL_STORE_ASIDE_MAX];
    struct paths paths;

    find_paths(folder, &paths);
    unlink(paths.part);
    unlink(paths.history);
    if (!find_next(folder, next))
        return 0;
    next[strlen(next) - strlen(NEXT)] = '\0';
    /* The old one is in its place still: it will be looked at anew. */
    return access(paths.base, F_OK) == 0 ? undo_finish(next) : change_names(folder, lock, next);
}
