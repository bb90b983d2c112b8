/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What can still be read of a damaged store: each record and audit line whose page is whole. All of it goes
 * into a text file, for people; the records also into the store that is to take its place
 * (store_successor.h), so that a step under way is found at the next start. The damaged file itself stays as
 * it is. A disk that gives no answer is no damage: then it fails, and is to be tried again.
 */
#ifndef HEAL_OS_STORE_SALVAGE_H
#define HEAL_OS_STORE_SALVAGE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

struct heal_salvage_order {
    const char *from;
    const char *history; /**< the text file's path, made if anything could be read; NULL: none */
    bool orders_only;    /**< of the records, and no audit lines */
    bool any_log;        /**< where its log cannot be read now, then without: nothing is lost by that */
};

struct heal_salvage {
    size_t records;    /**< taken over into the new store */
    size_t audits;     /**< only in the text file: a chain cannot go on over a gap */
    bool orders_known; /**< the operator's orders could be read, all of them */
};

/** @param into a store with its tables. @return 0 or a negative errno: the disk's. The output is set then,
 * too. */
int heal_store_salvage(const struct heal_salvage_order *order, sqlite3 *into,
                       struct heal_salvage *ret_salvage);

#endif
