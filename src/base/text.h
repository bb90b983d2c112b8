/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Text in fixed memory: a builder that never overruns and remembers that it was cut, and the few helpers for
 * names that every reader needs. Nothing here allocates.
 */
#ifndef HEAL_BASE_TEXT_H
#define HEAL_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/** A text under construction in the caller's buffer; always terminated. */
struct heal_text {
    char *buffer;
    size_t size, length;
    bool cut; /**< something did not fit; the text is then what fitted */
};

/** @param size of @p buffer, at least 1. */
void heal_text_init(struct heal_text *text, char *buffer, size_t size);
void heal_text_add(struct heal_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void heal_text_add_v(struct heal_text *text, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/** Copies @p source into @p buffer of @p size bytes, cut where it must be, always terminated. */
void heal_name_copy(char *buffer, size_t size, const char *source);

/** @return the Levenshtein distance of two names, counted up to 64 bytes of each. */
size_t heal_name_distance(const char *a, const char *b);

/**
 * The candidate nearest to a mistyped name, to suggest it.
 * @param candidates ends with NULL. @return NULL where none is near (more than a third of it wrong).
 */
const char *heal_name_nearest(const char *name, const char *const *candidates);

#endif
