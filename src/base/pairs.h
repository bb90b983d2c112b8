/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Lines of `name=value` pairs, as in the event log and in the values of kept records. A value is a bare word
 * or text in double quotes with the escapes \" \\ \n \r \t and \xHH; a `#` that begins a word begins a
 * comment.
 *
 *     heal_pairs_init(&pairs, text, length, &error);
 *     while ((result = heal_pairs_next(&pairs)) > 0)
 *         if (heal_pairs_is(&pairs, "tried")) result = heal_pairs_u32(&pairs, 0, UINT32_MAX, &tried); else …
 *
 * The reader looks into the caller's text and owns nothing. Every failure is -EINVAL and fills the error with
 * the line and column of the pair (heal_pairs_next) or of its value.
 */
#ifndef HEAL_BASE_PAIRS_H
#define HEAL_BASE_PAIRS_H

#include "base/text.h"
#include "heal/error.h"
#include "heal/types.h"

#include <stdint.h>

enum { HEAL_PAIR_NAME_MAX = 48 };

struct heal_pairs {
    const char *text;
    size_t length, offset;
    int line;          /**< of the offset, from 1 */
    size_t line_start; /**< where that line begins */
    struct heal_error *error;
    char name[HEAL_PAIR_NAME_MAX]; /**< of the present pair */
    size_t name_start, value_start,
        value_length; /**< in the text; the value with its quotes, if it has some */
};

/** @param length of @p text; a NUL ends it earlier. @param error may be NULL. */
void heal_pairs_init(struct heal_pairs *pairs, const char *text, size_t length, struct heal_error *error);

/** Reads one word that is no pair, such as the kind of an event. @return 1, 0 at the end, or -EINVAL. */
int heal_pairs_word(struct heal_pairs *pairs, char *buffer, size_t size);

/** Goes on to the next pair. @return 1, 0 at the end, or -EINVAL. */
int heal_pairs_next(struct heal_pairs *pairs);

/** @return whether the present pair has this name. */
bool heal_pairs_is(const struct heal_pairs *pairs, const char *name);

/* The value of the present pair. Each @return 0 or -EINVAL with the output untouched. */
int heal_pairs_u64(struct heal_pairs *pairs, uint64_t least, uint64_t most, uint64_t *ret_value);
int heal_pairs_u32(struct heal_pairs *pairs, uint32_t least, uint32_t most, uint32_t *ret_value);
int heal_pairs_i64(struct heal_pairs *pairs, int64_t least, int64_t most, int64_t *ret_value);
int heal_pairs_hex(struct heal_pairs *pairs, uint64_t *ret_value);
int heal_pairs_bool(struct heal_pairs *pairs, bool *ret_value);
/** Finite numbers only. */
int heal_pairs_float(struct heal_pairs *pairs, float *ret_value);
/** The text without quotes and escapes; one that does not fit in @p size bytes is an error. */
int heal_pairs_text(struct heal_pairs *pairs, char *buffer, size_t size);
/** One of @p names (ends with NULL); the error suggests the nearest. */
int heal_pairs_choice(struct heal_pairs *pairs, const char *const *names, unsigned *ret_index);

/** Says that the present pair's name is not known, with the nearest of @p names. @return -EINVAL. */
int heal_pairs_unknown(struct heal_pairs *pairs, const char *const *names);

/** Says what is wrong with the present pair's value. @return -EINVAL. */
int heal_pairs_refuse(struct heal_pairs *pairs, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writers: each adds a blank, unless the text is empty, and the pair. */
void heal_text_pair_u64(struct heal_text *text, const char *name, uint64_t value);
void heal_text_pair_i64(struct heal_text *text, const char *name, int64_t value);
void heal_text_pair_hex(struct heal_text *text, const char *name, uint64_t value);
void heal_text_pair_bool(struct heal_text *text, const char *name, bool value);
/** So many digits that the same float is read back (%.9g). @p value must be finite. */
void heal_text_pair_float(struct heal_text *text, const char *name, float value);
/** In quotes where it must be. @p value ends at a NUL or at @p size bytes. */
void heal_text_pair_text(struct heal_text *text, const char *name, const char *value, size_t size);

#endif
