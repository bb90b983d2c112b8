/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** A place in a header's JSON, and what can stand there. Everything that is refused is refused with its byte.
 */
#ifndef HEAL_WEIGHTS_HEADER_H
#define HEAL_WEIGHTS_HEADER_H

#include "heal/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Looks into the caller's bytes. */
struct heal_header {
    const uint8_t *bytes;
    size_t at, end; /**< in the file */
    struct heal_error *error;
};

/** Goes past blanks. @return the byte there, without taking it; -1 at the end. */
int heal_header_peek(struct heal_header *header);
/** Takes a character that must be there. @return 0 or -EINVAL. */
int heal_header_take(struct heal_header *header, char wanted);
/** Between the elements of an object or an array: a comma, or the end. @param ret_more whether there is
 * another
 * @return 0 or -EINVAL. */
int heal_header_next(struct heal_header *header, char closing, bool first, bool *ret_more);

/** Takes a string. @param buffer gets it, terminated @param ret_length without the terminator @return 0 or
 * -EINVAL.
 */
int heal_header_string(struct heal_header *header, char *buffer, size_t size, size_t *ret_length);
/** Takes a string that is a name: printable ASCII, not empty. @param ret_place of it @return 0 or -EINVAL. */
int heal_header_name(struct heal_header *header, char *buffer, size_t size, size_t *ret_place);
/** Takes a whole number. @return 0 or -EINVAL. */
int heal_header_whole(struct heal_header *header, uint64_t most, uint64_t *ret_value);

#endif
