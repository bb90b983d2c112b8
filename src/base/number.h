/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Numbers from text, strictly: the whole text is the number, nothing else is in it.
 */
#ifndef HEAL_BASE_NUMBER_H
#define HEAL_BASE_NUMBER_H

#include <stdint.h>

/** Reads lower-case digits of @p base (2 to 16). @return 0, -EINVAL, or -ERANGE if it does not fit. */
int heal_number_parse_u64(const char *text, unsigned base, uint64_t *ret_value);

/** As above, decimal, with a minus sign where it has one. */
int heal_number_parse_i64(const char *text, int64_t *ret_value);

/** Reads a finite decimal number. @return 0 or -EINVAL (for infinities and NaN, too). */
int heal_number_parse_float(const char *text, float *ret_value);

/** Writes a finite number in as few digits as are read back as the same. @return @p buffer. */
enum { HEAL_NUMBER_TEXT = 24 };
const char *heal_number_format_float(float value, char buffer[static HEAL_NUMBER_TEXT]);

#endif
