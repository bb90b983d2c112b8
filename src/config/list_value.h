/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The options that are lists: commands, and the steps of a policy. For value.c; the contract is
 * heal_value_read's.
 */
#ifndef HEAL_CONFIG_LIST_VALUE_H
#define HEAL_CONFIG_LIST_VALUE_H

#include "base/text.h"
#include "config/config.h"
#include "config/yaml.h"

int heal_list_value_read_command(const char *name, const struct heal_yaml_node *node,
                                 struct heal_config_command *ret_command, struct heal_error *error);

/** @param ret_steps the `step` array of a struct heal_policy, whose `steps` is set with it. */
int heal_list_value_read_steps(const char *name, const struct heal_yaml_node *node,
                               enum heal_remedy *ret_steps, struct heal_error *error);

void heal_list_value_format_command(const struct heal_config_command *command, struct heal_text *text);
/** @param steps as above. */
void heal_list_value_format_steps(const enum heal_remedy *steps, struct heal_text *text);
bool heal_list_value_equal_steps(const enum heal_remedy *a, const enum heal_remedy *b);

#endif
