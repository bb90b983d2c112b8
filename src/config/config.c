/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "config/config.h"

#include "base/text.h"
#include "config/option.h"
#include "config/value.h"

#include <errno.h>
#include <string.h>

const char *heal_config_error_format(const struct heal_config_error *error, char *buffer, size_t size) {
    struct heal_text text;

    heal_text_init(&text, buffer, size);
    if (error->file[0])
        heal_text_add(&text, "%s:", error->file);
    if (error->error.line > 0)
        heal_text_add(&text, "%d:%d:", error->error.line, error->error.column);
    heal_text_add(&text, "%s%s", text.length > 0 ? " " : "", error->error.what);
    return buffer;
}

void heal_config_init(struct heal_config *config) {
    struct heal_option_slot slot = {NULL, 0};

    memset(config, 0, sizeof *config);
    heal_settings_init(&config->settings);
    while (heal_option_next(&slot))
        if (slot.option->group == HEAL_GROUP_CONFIG && slot.option->fallback)
            heal_value_read_text(slot.option, slot.option->key, slot.option->fallback,
                                 heal_option_field(&slot, config), NULL);
}

int heal_config_service_find(const struct heal_config *config, const char *name) {
    for (int i = 0; i < config->settings.services; i++)
        if (strcmp(config->settings.service[i].name, name) == 0)
            return i;
    return -ENOENT;
}

size_t heal_config_command_argv(const struct heal_config_command *command,
                                char *ret_argv[static HEAL_CONFIG_ARGUMENTS_MAX + 1]) {
    const char *argument = command->text;

    /* execv's argv is not const for the sake of old code; it writes nothing. */
    for (size_t i = 0; i < command->arguments; i++) {
        ret_argv[i] = (char *)(uintptr_t)argument;
        argument += strlen(argument) + 1;
    }
    ret_argv[command->arguments] = NULL;
    return command->arguments;
}

const char *heal_config_log_name(enum heal_config_log log) {
    return heal_option_find("", "log")->names[log];
}

struct comparison {
    const struct heal_config *before, *after;
    void (*each)(void *context, const struct heal_config_difference *difference);
    void *context;
    size_t differences;
};

static void report(struct comparison *comparison, const struct heal_option *option, const char *name,
                   const void *before, const void *after) {
    char before_buffer[2 * HEAL_CONFIG_COMMAND_MAX], after_buffer[2 * HEAL_CONFIG_COMMAND_MAX];
    struct heal_text before_text, after_text;

    heal_text_init(&before_text, before_buffer, sizeof before_buffer);
    heal_text_init(&after_text, after_buffer, sizeof after_buffer);
    if (before)
        heal_value_format(option, before, &before_text);
    if (after)
        heal_value_format(option, after, &after_text);
    comparison->differences++;
    comparison->each(comparison->context, &(struct heal_config_difference){
                                              .name = name,
                                              .before = before_buffer,
                                              .after = after_buffer,
                                              .restart = option->restart,
                                          });
}

static void compare(struct comparison *comparison, const struct heal_option_slot *before,
                    const struct heal_option_slot *after) {
    char name[HEAL_CONFIG_NAME_MAX];
    const void *old = before ? heal_option_value(before, comparison->before) : NULL;
    const void *new = after ? heal_option_value(after, comparison->after) : NULL;

    if (old && new &&heal_value_equal(before->option, old, new))
        return;
    if (before)
        heal_option_name(before, comparison->before, name);
    else
        heal_option_name(after, comparison->after, name);
    report(comparison, before ? before->option : after->option, name, old, new);
}

/* Services are the same by name, not by place. One that came or went is one difference: its name. */
static void compare_services(struct comparison *comparison, const struct heal_option *option) {
    const struct heal_config *before = comparison->before, *after = comparison->after;
    bool is_name = option == heal_option_find("services", "name");

    for (unsigned i = 0; i < before->settings.services; i++) {
        int there = heal_config_service_find(after, before->settings.service[i].name);
        struct heal_option_slot old = {option, i}, new = {option, (unsigned)there};

        if (there >= 0)
            compare(comparison, &old, &new);
        else if (is_name)
            compare(comparison, &old, NULL);
    }
    for (unsigned i = 0; is_name && i < after->settings.services; i++)
        if (heal_config_service_find(before, after->settings.service[i].name) < 0)
            compare(comparison, NULL, &(struct heal_option_slot){option, i});
}

size_t heal_config_differences(const struct heal_config *before, const struct heal_config *after,
                               void (*each)(void *context, const struct heal_config_difference *difference),
                               void *context) {
    struct comparison comparison = {before, after, each, context, 0};
    struct heal_option_slot slot = {NULL, 0};

    while (heal_option_next(&slot)) {
        if (!heal_option_is_service(slot.option))
            compare(&comparison, &slot, &slot);
        else if (slot.index == 0)
            compare_services(&comparison, slot.option);
    }
    return comparison.differences;
}
