/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * One value of a configuration: from a YAML node into its field, and from the field to text that reads back
 * to the same. What a type may hold is decided here, and nowhere else.
 */
#ifndef HEAL_CONFIG_VALUE_H
#define HEAL_CONFIG_VALUE_H

#include "base/text.h"
#include "config/option.h"
#include "config/yaml.h"

/**
 * Reads @p node into @p field. @param name the option's full name, for the message.
 * @return 0, or -EINVAL with the place and the reason in @p error and @p field as it was.
 */
int heal_value_read(const struct heal_option *option, const char *name, const struct heal_yaml_node *node,
                    void *field, struct heal_error *error);

/** The same from a text without a place: a list as YAML writes one, anything else as it is. */
int heal_value_read_text(const struct heal_option *option, const char *name, const char *text, void *field,
                         struct heal_error *error);

/** Adds the value as YAML has it on one line. */
void heal_value_format(const struct heal_option *option, const void *field, struct heal_text *text);

/** Adds a text in double quotes, with what YAML needs escaped. */
void heal_value_quote(const char *value, struct heal_text *text);

bool heal_value_equal(const struct heal_option *option, const void *a, const void *b);

/** @return what a type takes, in words, e.g. "a duration such as 250ms, 1s or 10min". */
const char *heal_value_wanted(enum heal_option_type type);

#endif
