/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The values of a model's metadata: numbers, and lists of them with commas. What is refused is refused with
 * words. */
#ifndef HEAL_WEIGHTS_VALUE_H
#define HEAL_WEIGHTS_VALUE_H

#include "base/text.h"
#include "heal/error.h"

#include <stdint.h>

enum { HEAL_LIST_ITEM_MAX = 48 };

/** Says that a value is no @p what. @return -EINVAL. */
int heal_value_refuse(struct heal_error *error, const char *what, const char *value);

/** Takes what stands before the next comma. @return 1, 0 at the end, or -EINVAL: it is too long for an item.
 */
int heal_list_next(const char **at, char item[static HEAL_LIST_ITEM_MAX]);

/** Each reads a whole value. @return 0, or -EINVAL with words. */
int heal_weights_number_parse(const char *value, float *ret_value, struct heal_error *error);
int heal_numbers_parse(const char *value, unsigned count, float *ret_value, struct heal_error *error);
int heal_whole_parse(const char *value, uint64_t most, uint64_t *ret_value, struct heal_error *error);
int heal_words_parse(const char *value, char *buffer, size_t size, struct heal_error *error);

void heal_numbers_format(struct heal_text *text, const float *value, unsigned count);

#endif
