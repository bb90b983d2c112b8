/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What an operator can order about an incident now, as he would type it: to undo it, to hold heald, to let it
 * go on. A table; nothing here does any of it.
 */
#ifndef HEALD_CHOICE_H
#define HEALD_CHOICE_H

#include "heald/api_json.h"

struct heald_choice {
    char order[64];    /**< e.g. "healctl undo 3" */
    const char *words; /**< what it does, after "it" */
};

/** Finds the @p index-th that can be ordered now. @return false past the end. */
bool heald_choice(const struct heald_view *view, const struct heald_found *found, size_t index,
                  struct heald_choice *ret_choice);

#endif
