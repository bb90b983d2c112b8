/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Which models were chosen at run time, by `model shadow` and `model activate`, and where they lie: each in a
 * file of the state folder, named by its id, so that it is there after a restart, whatever became of the file
 * that it came from. What was chosen is on record in the store; the configuration has the word where it names
 * another file than when that was chosen.
 */
#ifndef HEALD_CHOSEN_H
#define HEALD_CHOSEN_H

#include "config/config.h"

struct heal_store; /* os/store.h */

enum { HEALD_CHOSEN_PATH_MAX = HEAL_CONFIG_PATH_MAX + 48 };

struct heald_chosen {
    uint64_t id[HEAL_SLOTS];               /**< 0: none; of the active place: the configuration's */
    char configured[HEAL_CONFIG_PATH_MAX]; /**< what the configuration said when the active one was chosen */
};

/** Reads what is on record; nothing, where there is nothing that can be read. @param store may be NULL */
void heald_chosen_read(struct heal_store *store, struct heald_chosen *ret_chosen);

/** Queues it to be put on record: durable with the next commit, all of it or nothing. @return 0 or a negative
 * errno. */
int heald_chosen_put(struct heal_store *store, const struct heald_chosen *chosen);

/** The path of a model's file in the state folder. */
void heald_chosen_path(const char *folder, uint64_t id, char ret_path[static HEALD_CHOSEN_PATH_MAX]);

/** Writes a model's bytes to such a file, durably. @param id of the bytes @return 0 or a negative errno. */
int heald_chosen_write(const char *folder, uint64_t id, const char *bytes, size_t length);

/** Removes the files of models that are not chosen any more. */
void heald_chosen_tidy(const char *folder, const struct heald_chosen *chosen);

#endif
