/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * UTF-8 (RFC 3629): what a text file of ours may hold, and how a piece of one may be shown in a message.
 */
#ifndef HEAL_CONFIG_UTF8_H
#define HEAL_CONFIG_UTF8_H

#include "heal/error.h"

#include <stddef.h>
#include <stdint.h>

/** @return the bytes of the character at the start of @p text, or 0 where there is no good one. */
size_t heal_utf8_decode(const char *text, size_t length, uint32_t *ret_code);

/**
 * Demands UTF-8 without control characters other than tab and the ends of lines.
 * @return 0, or -EINVAL with line and column (in characters) of the first that is wrong.
 */
int heal_utf8_check(const char *text, size_t length, struct heal_error *error);

/**
 * Copies @p text into @p buffer as it may be shown on a terminal: control characters become `?`, and what
 * does not fit ends in `…`, between two characters.
 * @param size at least 8. @return @p buffer.
 */
const char *heal_utf8_show(const char *text, char *buffer, size_t size);

#endif
