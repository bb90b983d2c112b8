/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The database of a dead heald, looked at before the next one opens it: a copy of its files is checked for
 * being whole, and for which steps were under way. Of a living one: which of these are not over yet.
 */
#ifndef CRASH_DISK_H
#define CRASH_DISK_H

#include "heal/status.h"

#include <sqlite3.h>
#include <stdbool.h>

enum { CRASH_STEPS_MAX = 128, CRASH_KEY_MAX = 32, CRASH_VALUE_MAX = 120 };

struct crash_step {
    char key[CRASH_KEY_MAX];     /**< "INCIDENT/NUMBER" */
    char value[CRASH_VALUE_MAX]; /**< its record, or the beginning of that */
};

/** Steps that were under way at a kill, until they are seen to be over. */
struct crash_steps {
    size_t count;
    struct crash_step step[CRASH_STEPS_MAX];
};

/** Opens a copy of a state folder's database. @return false: there is none, or it cannot be copied. */
bool crash_disk_copy(const char *state, sqlite3 **ret_db);

/** @return whether SQLite finds the copy whole, and its audit's chain is; else it is told with @p who. */
bool crash_disk_is_whole(const char *state, sqlite3 *db, const char *who);

/** Opens the database itself, to read it while its heald runs. @return NULL: cannot be opened. */
sqlite3 *crash_disk_open(const char *state);

/** Adds the steps that are not over. @param by_state counts them; HEAL_STEP_STATES of them; may be NULL.
 * @return false: the database cannot be read now. */
bool crash_disk_under_way(sqlite3 *db, struct crash_steps *steps, unsigned *by_state);

/** Takes out those that are over by now, if that can be read. */
void crash_disk_drop_over(sqlite3 *db, struct crash_steps *steps);

#endif
