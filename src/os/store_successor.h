/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The file that takes the place of the store's where that cannot be used: it is damaged, or a newer heald has
 * made it. It is written whole under another name, with what can be read of the one before
 * (store_salvage.h), and only then the two change names. Whatever ends heald in between, the next start finds
 * the old file in its place and begins again, or a finished successor, and puts that there; and what cannot
 * be finished, on a full disk for example, leaves the old file as it is.
 */
#ifndef HEAL_OS_STORE_SUCCESSOR_H
#define HEAL_OS_STORE_SUCCESSOR_H

#include "heal/command.h"
#include "os/store_aside.h"
#include "os/store_salvage.h"

enum { HEAL_STORE_ORDERS_MAX = 8 }; /* the modes, the pause, the models */

/** The operator's orders, as they were read before the file was damaged, or given since. */
struct heal_store_orders {
    bool known; /**< these are all */
    size_t count;
    struct heal_record order[HEAL_STORE_ORDERS_MAX];
};

/** What is to have a successor: a folder's heald.db, which nobody has open. */
struct heal_store_old {
    const char *folder;
    bool newer; /**< it is whole, and a newer heald's: only the orders are taken over */
    const struct heal_store_orders *orders;
};

/**
 * Makes the successor, and sets the old file aside. @param lock the folder.
 * @param name that the old file has now. @return 0, or a negative errno with the old file in its place (or,
 * where the last change of names failed, with a successor that heal_store_successor_settle puts there).
 */
int heal_store_successor_make(const struct heal_store_old *old, int lock, struct heal_salvage *ret_salvage,
                              char name[static HEAL_STORE_ASIDE_NAME_MAX]);

/** What a successor would have in it, in memory: for a disk that has no room for one. @param ret_db the
 * caller's to close. @return 0 or a negative errno. */
int heal_store_successor_in_memory(const struct heal_store_old *old, sqlite3 **ret_db);

/** Before heald.db is opened: puts a finished successor in its place where it has gone, and removes what was
 * not finished. @return 0 or a negative errno. */
int heal_store_successor_settle(const char *folder, int lock);

#endif
