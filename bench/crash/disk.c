/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "disk.h"

#include "os/audit.h"
#include "os/file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 28 };

static const char *const SUFFIX[] = {"", "-wal"};

static void path_of(const char *state, const char *name, const char *suffix, char path[static PATH_MAX]) {
    snprintf(path, PATH_MAX, "%s/%s%s", state, name, suffix);
}

static int copy_file(const char *from, const char *to) {
    char *text = NULL;
    size_t length = 0;
    int r = heal_file_read(from, FILE_MAX, &text, &length);
    FILE *out = r == 0 ? fopen(to, "we") : NULL;

    if (r == 0 && (!out || fwrite(text, 1, length, out) != length))
        r = -EIO;
    if (out && fclose(out) != 0)
        r = -EIO;
    free(text);
    return r;
}

bool crash_disk_copy(const char *state, sqlite3 **ret_db) {
    char from[PATH_MAX], to[PATH_MAX];

    for (size_t i = 0; i < sizeof SUFFIX / sizeof *SUFFIX; i++) {
        path_of(state, "heald.db", SUFFIX[i], from);
        path_of(state, "copy.db", SUFFIX[i], to);
        unlink(to);
        int r = copy_file(from, to);
        if (r < 0 && !(i == 1 && r == -ENOENT))
            return false;
    }
    path_of(state, "copy.db", "", to);
    return sqlite3_open_v2(to, ret_db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK;
}

bool crash_disk_is_whole(const char *state, sqlite3 *db, const char *who) {
    struct heal_audit_report report = {.words = ""};
    sqlite3_stmt *statement = NULL;
    char path[PATH_MAX];
    bool whole = false;

    if (sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        whole = strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
    sqlite3_finalize(statement);
    path_of(state, "copy.db", "", path);
    int chain = heal_audit_verify(path, &report);
    if (!whole || chain != 0)
        fprintf(stderr, "crash: %s: database %s; audit %s\n", who, whole ? "whole" : "damaged", report.words);
    return whole && chain == 0;
}

sqlite3 *crash_disk_open(const char *state) {
    char path[PATH_MAX];
    sqlite3 *db = NULL;

    path_of(state, "heald.db", "", path);
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
        sqlite3_busy_timeout(db, 200);
    return db;
}

/* @return the state that a step's record tells; HEAL_STEP_STATES: none. */
static unsigned state_of(const char *value) {
    const char *at = strstr(value, "state=");

    for (unsigned state = 0; at && state < HEAL_STEP_STATES; state++) {
        const char *name = heal_step_state_name((enum heal_step_state)state);
        size_t length = strlen(name);

        const char *end = at + strlen("state=") + length;

        if (strncmp(at + strlen("state="), name, length) == 0 && (*end == ' ' || *end == '\0'))
            return state;
    }
    return HEAL_STEP_STATES;
}

static bool is_over(unsigned state) {
    return state == HEAL_STEP_DONE || state == HEAL_STEP_FAILED || state == HEAL_STEP_WOULD;
}

static void add(struct crash_steps *steps, const char *key, const char *value) {
    size_t place = 0;

    while (place < steps->count && strcmp(steps->step[place].key, key) != 0)
        place++;
    if (place == CRASH_STEPS_MAX)
        return;
    steps->count += place == steps->count;
    snprintf(steps->step[place].key, CRASH_KEY_MAX, "%s", key);
    snprintf(steps->step[place].value, CRASH_VALUE_MAX, "%s", value);
}

bool crash_disk_under_way(sqlite3 *db, struct crash_steps *steps, unsigned *by_state) {
    sqlite3_stmt *row = NULL;

    if (sqlite3_prepare_v2(db, "SELECT key, value FROM record WHERE kind = 'step'", -1, &row, NULL) !=
        SQLITE_OK)
        return false;
    int r;
    while ((r = sqlite3_step(row)) == SQLITE_ROW) {
        const char *value = (const char *)sqlite3_column_text(row, 1);
        unsigned state = state_of(value);

        if (is_over(state))
            continue;
        add(steps, (const char *)sqlite3_column_text(row, 0), value);
        if (by_state && state < HEAL_STEP_STATES)
            by_state[state]++;
    }
    sqlite3_finalize(row);
    return r == SQLITE_DONE;
}

void crash_disk_drop_over(sqlite3 *db, struct crash_steps *steps) {
    struct crash_steps still = {.count = 0};
    size_t kept = 0;

    if (!crash_disk_under_way(db, &still, NULL))
        return;
    for (size_t i = 0; i < steps->count; i++)
        for (size_t j = 0; j < still.count; j++)
            if (strcmp(steps->step[i].key, still.step[j].key) == 0) {
                steps->step[kept++] = still.step[j];
                break;
            }
    steps->count = kept;
}
