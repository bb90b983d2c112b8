/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** Sets that lie in a folder of several tables: all of them read at once, and errors that say in which they
 * are. */
#ifndef HEAL_DATASET_FOLDER_H
#define HEAL_DATASET_FOLDER_H

#include "heal/error.h"

#include <stddef.h>

/** A table's text; whoever made it owns it. */
struct heal_table_text {
    const char *text;
    size_t length;
};

/**
 * Reads the files @p name [count] of a folder.
 * @param ret_text [count], for heal_folder_free. @return 0, or a negative errno with words; then there is
 * nothing.
 */
int heal_folder_read(const char *folder, const char *const *name, size_t count,
                     struct heal_table_text *ret_text, struct heal_error *error);
void heal_folder_free(struct heal_table_text *text, size_t count);

/** Puts a file's name before the words of an error. @return @p r, which may be 0. */
int heal_folder_name(const char *name, int r, struct heal_error *error);

#endif
