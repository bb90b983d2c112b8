/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Amounts as people say them: every text for people has them from here, so that a page, an explanation and a
 * log say the same of the same value.
 */
#ifndef HEAL_BASE_AMOUNT_H
#define HEAL_BASE_AMOUNT_H

#include "base/text.h"
#include "heal/types.h"

enum { HEAL_AMOUNT_MAX = 48, HEAL_SPAN_MAX = 32 };

/** Writes "850 ms", "2.3 s", "12 min", "3 h 5 min", "2 d 4 h". @return @p buffer. */
const char *heal_span_format(double seconds, char buffer[static HEAL_SPAN_MAX]);

/**
 * Writes a value with its unit, in the size of unit that suits it: "share" as "3.0 %", "bit/s" as "1.5
 * Mbit/s", "s" as a span, any other as three significant digits and the unit. @return @p buffer.
 */
const char *heal_amount_format(double value, const char *unit, char buffer[static HEAL_AMOUNT_MAX]);

/** Adds a span between two words. */
void heal_text_add_span(struct heal_text *text, const char *before, heal_us span, const char *after);

#endif
