/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "config/list_value.h"

#include "config/text_value.h"
#include "config/value.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

int heal_list_value_read_command(const char *name, const struct heal_yaml_node *node,
                                 struct heal_config_command *ret_command, struct heal_error *error) {
    struct heal_config_command command = {0};
    int r = heal_yaml_want(node, HEAL_YAML_LIST, name, error);

    if (r < 0)
        return r;
    for (const struct heal_yaml_node *item = node->first; item; item = item->next) {
        r = heal_yaml_want(item, HEAL_YAML_SCALAR, name, error);
        if (r < 0)
            return r;
        if (item == node->first && !heal_text_value_is_path(item->text))
            return heal_error_set(error, -EINVAL, item->line, item->column,
                                  "%s: a command starts with an absolute path", name);
        if (command.arguments == HEAL_CONFIG_ARGUMENTS_MAX)
            return heal_error_set(error, -EINVAL, item->line, item->column, "%s: more than %d arguments",
                                  name, HEAL_CONFIG_ARGUMENTS_MAX);
        if (command.used + item->length + 1 > sizeof command.text)
            return heal_error_set(error, -EINVAL, item->line, item->column, "%s: longer than %d bytes", name,
                                  HEAL_CONFIG_COMMAND_MAX);
        memcpy(command.text + command.used, item->text, item->length + 1);
        command.used = (uint16_t)(command.used + item->length + 1);
        command.arguments++;
    }
    *ret_command = command;
    return 0;
}

static int read_step(const char *name, const struct heal_yaml_node *item, enum heal_remedy *ret_remedy,
                     struct heal_error *error) {
    const char *slugs[HEAL_REMEDIES + 1] = {NULL};
    char shown[HEAL_YAML_SHOWN_MAX];
    int r = heal_yaml_want(item, HEAL_YAML_SCALAR, name, error);

    if (r < 0 || heal_remedy_parse(item->text, ret_remedy) == 0)
        return r;
    for (int i = 0; i < HEAL_REMEDIES; i++)
        slugs[i] = heal_remedy_slug((enum heal_remedy)i);
    const char *nearest = heal_name_nearest(item->text, slugs);
    return heal_error_set(error, -EINVAL, item->line, item->column, "%s: unknown remedy '%s'%s%s%s", name,
                          heal_yaml_show(item->text, shown), nearest ? "; did you mean '" : "",
                          nearest ? nearest : "", nearest ? "'?" : "");
}

static const struct heal_policy *policy_of(const enum heal_remedy *steps) {
    return (const struct heal_policy *)(const void *)((const char *)steps -
                                                      offsetof(struct heal_policy, step));
}

int heal_list_value_read_steps(const char *name, const struct heal_yaml_node *node,
                               enum heal_remedy *ret_steps, struct heal_error *error) {
    struct heal_policy *policy = (struct heal_policy *)(uintptr_t)policy_of(ret_steps);
    enum heal_remedy step[HEAL_REMEDIES_PER_POLICY] = {0};
    unsigned seen = 0;
    uint8_t steps = 0;
    int r = heal_yaml_want(node, HEAL_YAML_LIST, name, error);

    if (r < 0)
        return r;
    for (const struct heal_yaml_node *item = node->first; item; item = item->next) {
        if (steps == HEAL_REMEDIES_PER_POLICY)
            return heal_error_set(error, -EINVAL, item->line, item->column, "%s: more than %d remedies", name,
                                  HEAL_REMEDIES_PER_POLICY);
        r = read_step(name, item, &step[steps], error);
        if (r < 0)
            return r;
        if (seen & 1U << step[steps])
            return heal_error_set(error, -EINVAL, item->line, item->column, "%s: '%s' is here twice", name,
                                  item->text);
        seen |= 1U << step[steps++];
    }
    if (steps == 0)
        return heal_error_set(error, -EINVAL, node->line, node->column,
                              "%s: needs a remedy; [notify] does nothing but tell people", name);
    policy->steps = steps;
    memcpy(policy->step, step, sizeof step);
    return 0;
}

void heal_list_value_format_command(const struct heal_config_command *command, struct heal_text *text) {
    const char *argument = command->text;

    heal_text_add(text, "[");
    for (unsigned i = 0; i < command->arguments; i++) {
        heal_text_add(text, "%s", i == 0 ? "" : ", ");
        heal_value_quote(argument, text);
        argument += strlen(argument) + 1;
    }
    heal_text_add(text, "]");
}

void heal_list_value_format_steps(const enum heal_remedy *steps, struct heal_text *text) {
    const struct heal_policy *policy = policy_of(steps);

    heal_text_add(text, "[");
    for (unsigned i = 0; i < policy->steps; i++)
        heal_text_add(text, "%s%s", i == 0 ? "" : ", ", heal_remedy_slug(policy->step[i]));
    heal_text_add(text, "]");
}

bool heal_list_value_equal_steps(const enum heal_remedy *a, const enum heal_remedy *b) {
    const struct heal_policy *one = policy_of(a), *two = policy_of(b);

    return one->steps == two->steps && memcmp(one->step, two->step, one->steps * sizeof one->step[0]) == 0;
}
