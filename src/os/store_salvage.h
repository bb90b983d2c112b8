/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What can still be read of a damaged store: each record and audit line whose page is whole. All of it goes
 * into a text file beside the damaged one, for people; the records also into the store that is begun in its
 * place, so that a step under way is found at the next start. The damaged file itself stays as it is.
 */
#ifndef HEAL_OS_STORE_SALVAGE_H
#define HEAL_OS_STORE_SALVAGE_H

#include <sqlite3.h>
#include <stddef.h>

struct heal_salvage {
    size_t records; /**< taken over into the new store */
    size_t audits;  /**< only in the text file: a chain cannot go on over a gap */
};

/**
 * Reads the damaged file at @p path and writes PATH.history, if anything could be read.
 * @param into the new store's connection. @return 0 or a negative errno of writing; the counts are set.
 */
int heal_store_salvage(const char *path, sqlite3 *into, struct heal_salvage *ret_salvage);

#endif
