/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Quantities as people write them: `250ms`, `1.5s`, `64MiB`, `5%`, `0.03`. Reading does not depend on the
 * locale, takes no spaces, signs, exponents, hexadecimals or infinities, and leaves the output untouched on
 * failure. What is written reads back to the same.
 */
#ifndef HEAL_CONFIG_QUANTITY_H
#define HEAL_CONFIG_QUANTITY_H

#include "heal/types.h"

enum { HEAL_QUANTITY_MAX = 32 /**< room for a quantity as text */ };

/** "0.03", "12", "5%" (0.05), to twelve decimals. @return 0, -EINVAL, or -ERANGE beyond 1e15. */
int heal_number_parse(const char *text, double *ret_number);
/** Writes the shortest text that reads back to the same float. @return @p buffer. */
const char *heal_number_format(float number, char buffer[static HEAL_QUANTITY_MAX]);

/** A number and one of us, ms, s, min, h, d; 0 needs no unit. @return 0, -EINVAL, or -ERANGE beyond 1e15 us.
 */
int heal_duration_parse(const char *text, heal_us *ret_duration);
const char *heal_duration_format(heal_us duration, char buffer[static HEAL_QUANTITY_MAX]);

/** Bytes: a number and nothing, B, kB, MB, GB, TB (powers of 1000), KiB, MiB, GiB, TiB. @return as above. */
int heal_size_parse(const char *text, uint64_t *ret_bytes);
const char *heal_size_format(uint64_t bytes, char buffer[static HEAL_QUANTITY_MAX]);

#endif
