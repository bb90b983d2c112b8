/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The file under the store: opening it, bringing its tables up to date, what is done where it is damaged or
 * gone, and SQLite's errors as errno. Only store*.c and audit.c know it. It owns the connection and a lock on
 * the folder.
 */
#ifndef HEAL_OS_STORE_FILE_H
#define HEAL_OS_STORE_FILE_H

#include "os/store_successor.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

struct heal_store_file {
    char folder[PATH_MAX - 64];
    int lock; /**< descriptor of the folder, locked; -1: none */
    sqlite3 *db;
    sqlite3 *memory; /**< what a successor would have in it, and cannot be written: kept until it can, for to
                        read all of a damaged file takes its time; NULL: not needed */
    struct heal_store_orders orders;
    bool read_only; /**< what is there can be read, nothing can be kept; perhaps of memory */
    int code;       /**< why there is no connection, or only a reading one; 0: all is well */
    char words[200];
};

/** Locks the folder, making it if it is not there. @return 0 or -EBUSY: another process has it. */
int heal_store_file_init(struct heal_store_file *file, const char *folder);
void heal_store_file_deinit(struct heal_store_file *file);

/** Opens the connection, or says in code and words why it cannot. @return file->code. */
int heal_store_file_open(struct heal_store_file *file);

/** @return whether the file that is open is no longer the one at its path: removed, or replaced. */
bool heal_store_file_is_lost(const struct heal_store_file *file);

/** Sets the file, which has turned out to be damaged, aside under a name with the date, and opens a new one,
 * with what can be read of it. @return as _open. */
int heal_store_file_renew(struct heal_store_file *file);

/**
 * Makes the file anew, with all that is in it, where it was removed while it is open, with its folder or not.
 * @return 0, with words; -ESTALE: there is another file in its place; or another negative errno.
 */
int heal_store_file_rescue(struct heal_store_file *file);

/** Brings a connection's tables up to date. @return 0; -EPROTONOSUPPORT: they are a newer heald's; or another
 * negative errno. */
int heal_store_file_migrate(sqlite3 *db);

/** Opens a file for reading. @param alone as it is, without its log: which may be written to even by who only
 * reads. @param ret_db the caller's to close, also after a failure. @return 0 or a negative errno. */
int heal_store_file_read(const char *path, bool alone, sqlite3 **ret_db);

/** @return the negative errno for a result code of SQLite's; 0 for success. */
int heal_store_file_error(sqlite3 *db, int result);

/** Runs statements that return nothing. @return 0 or a negative errno. */
int heal_store_file_run(sqlite3 *db, const char *sql);

/** Each for HEAL_CLEANUP: finalises; closes a connection that is not the store's own. */
void heal_store_file_finalize(sqlite3_stmt **statement);
void heal_store_file_close(sqlite3 **db);

#endif
