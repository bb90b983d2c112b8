/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Files of the store that were set aside: heald.db.damaged-DATE, heald.db.newer-DATE, with what belongs to
 * them, and copies of logs, heald.db-wal.damaged-DATE. They are kept for people, and never touched again by
 * heald.
 */
#ifndef HEAL_OS_STORE_ASIDE_H
#define HEAL_OS_STORE_ASIDE_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

enum { HEAL_STORE_ASIDE_MAX = PATH_MAX + 64, HEAL_STORE_ASIDE_NAME_MAX = 64 };

/** Finds a name that is free, with @p why and the date, for a folder's heald.db. */
void heal_store_aside_name(const char *folder, const char *why, char path[static HEAL_STORE_ASIDE_MAX]);

/** Renames a folder's heald.db, with its log, to @p path; what of them is not there any more is no failure.
 * @return 0 or a negative errno. */
int heal_store_aside_put(const char *folder, const char *path);

/** Keeps a copy of a damaged log, unless there is one of just these bytes. @param name of the copy.
 * @return 0 or a negative errno. */
int heal_store_aside_copy_log(const char *folder, const uint8_t *log, size_t length,
                              char name[static HEAL_STORE_ASIDE_NAME_MAX]);

/** Counts the files that lie set aside in a folder. @param name of the latest, "" if there is none. */
size_t heal_store_aside_count(const char *folder, char name[static HEAL_STORE_ASIDE_NAME_MAX]);

#endif
