/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "config/option.h"

#include "base/text.h"
#include "config/quantity.h"

#include <stdint.h>
#include <string.h>

const struct heal_option *heal_option_find(const char *section, const char *key) {
    const struct heal_option *option;

    for (size_t i = 0; (option = heal_option_at(i)); i++)
        if (strcmp(option->section, section) == 0 && strcmp(option->key, key) == 0)
            return option;
    return NULL;
}

size_t heal_option_keys(const char *section, const char *ret_keys[static HEAL_OPTION_KEYS_MAX]) {
    const struct heal_option *option;
    size_t keys = 0;

    for (size_t i = 0; (option = heal_option_at(i)) && keys < HEAL_OPTION_KEYS_MAX - 1; i++) {
        if (strcmp(option->section, section) == 0)
            ret_keys[keys++] = option->key;
        else if (!section[0] && (keys == 0 || strcmp(ret_keys[keys - 1], option->section) != 0))
            ret_keys[keys++] = option->section;
    }
    ret_keys[keys] = NULL;
    return keys;
}

bool heal_option_is_service(const struct heal_option *option) {
    return option->group == HEAL_GROUP_SERVICE || option->group == HEAL_GROUP_SHELL;
}

unsigned heal_option_instances(enum heal_option_group group) {
    switch (group) {
    case HEAL_GROUP_CONFIG:
        return 1;
    case HEAL_GROUP_SERVICE:
    case HEAL_GROUP_SHELL:
        return HEAL_SERVICES_MAX;
    case HEAL_GROUP_THRESHOLD:
        return HEAL_METRICS;
    case HEAL_GROUP_POLICY:
        return HEAL_DIAGNOSES;
    case HEAL_GROUPS:
        break;
    }
    return 0;
}

const char *heal_option_instance_name(const struct heal_option_slot *slot, const struct heal_config *config) {
    switch (slot->option->group) {
    case HEAL_GROUP_SERVICE:
    case HEAL_GROUP_SHELL:
        return config->settings.service[slot->index].name;
    case HEAL_GROUP_THRESHOLD:
        return heal_metric_name((enum heal_metric)slot->index);
    case HEAL_GROUP_POLICY:
        return heal_diagnosis_slug((enum heal_diagnosis)slot->index);
    case HEAL_GROUP_CONFIG:
    case HEAL_GROUPS:
        break;
    }
    return "";
}

bool heal_option_next(struct heal_option_slot *slot) {
    if (!slot->option) {
        slot->option = heal_option_at(0);
        return true;
    }
    if (++slot->index < heal_option_instances(slot->option->group))
        return true;
    size_t row = 0;
    while (heal_option_at(row) != slot->option)
        row++;
    slot->index = 0;
    slot->option = heal_option_at(row + 1);
    return slot->option != NULL;
}

size_t heal_option_number(const struct heal_option_slot *slot) {
    size_t number = slot->index;

    for (size_t i = 0; heal_option_at(i) != slot->option; i++)
        number += heal_option_instances(heal_option_at(i)->group);
    return number;
}

static const char *name_of(const struct heal_option *option, const char *instance, char *buffer) {
    struct heal_text text;

    heal_text_init(&text, buffer, HEAL_CONFIG_NAME_MAX);
    if (option->section[0])
        heal_text_add(&text, "%s.", option->section);
    if (instance[0])
        heal_text_add(&text, "%s.", instance);
    heal_text_add(&text, "%s", option->key);
    return buffer;
}

const char *heal_option_name(const struct heal_option_slot *slot, const struct heal_config *config,
                             char buffer[static HEAL_CONFIG_NAME_MAX]) {
    return name_of(slot->option, heal_option_instance_name(slot, config), buffer);
}

const char *heal_option_pattern(const struct heal_option *option, char buffer[static HEAL_CONFIG_NAME_MAX]) {
    return name_of(option, option->group == HEAL_GROUP_CONFIG ? "" : "*", buffer);
}

const char *heal_option_variable(const char *name, char buffer[static HEAL_CONFIG_NAME_MAX + 8]) {
    char *to = buffer;

    to = stpcpy(to, "HEALD_");
    for (const char *from = name; *from && from < name + HEAL_CONFIG_NAME_MAX; from++) {
        if (*from >= 'a' && *from <= 'z')
            *to++ = (char)(*from - 'a' + 'A');
        else
            *to++ = *from == '.' || *from == '-' ? '_' : *from;
    }
    *to = '\0';
    return buffer;
}

const void *heal_option_value(const struct heal_option_slot *slot, const struct heal_config *config) {
    const void *base = config;

    switch (slot->option->group) {
    case HEAL_GROUP_SERVICE:
        base = &config->settings.service[slot->index];
        break;
    case HEAL_GROUP_SHELL:
        base = &config->service[slot->index];
        break;
    case HEAL_GROUP_THRESHOLD:
        base = &config->settings.threshold[slot->index];
        break;
    case HEAL_GROUP_POLICY:
        base = &config->settings.policy[slot->index];
        break;
    case HEAL_GROUP_CONFIG:
    case HEAL_GROUPS:
        break;
    }
    return (const char *)base + slot->option->offset;
}

void *heal_option_field(const struct heal_option_slot *slot, struct heal_config *config) {
    return (void *)(uintptr_t)heal_option_value(slot, config);
}

void heal_option_set_origin(const struct heal_option_slot *slot, struct heal_config *config,
                            struct heal_config_origin origin) {
    size_t number = heal_option_number(slot);

    if (number < HEAL_CONFIG_ORIGINS_MAX)
        config->origins.value[number] = origin;
}

static void list_choices(const struct heal_option *option, struct heal_text *text) {
    for (size_t i = 0; option->names[i]; i++)
        heal_text_add(text, "%s%s", i == 0 ? "" : option->names[i + 1] ? ", " : " or ", option->names[i]);
}

const char *heal_option_range(const struct heal_option *option, char *buffer, size_t size) {
    char low[HEAL_QUANTITY_MAX], high[HEAL_QUANTITY_MAX];
    struct heal_text text;

    heal_text_init(&text, buffer, size);
    switch (option->type) {
    case HEAL_OPTION_CHOICE:
        list_choices(option, &text);
        break;
    case HEAL_OPTION_DURATION:
    case HEAL_OPTION_MILLIS:
        heal_text_add(&text, "%s to %s", heal_duration_format((heal_us)option->min, low),
                      heal_duration_format((heal_us)option->max, high));
        break;
    case HEAL_OPTION_SIZE:
        heal_text_add(&text, "%s to %s", heal_size_format((uint64_t)option->min, low),
                      heal_size_format((uint64_t)option->max, high));
        break;
    case HEAL_OPTION_NUMBER:
    case HEAL_OPTION_COUNT:
        heal_text_add(&text, "%s to %s", heal_number_format((float)option->min, low),
                      heal_number_format((float)option->max, high));
        break;
    case HEAL_OPTION_NAME:
    case HEAL_OPTION_PATH:
    case HEAL_OPTION_UNIT:
    case HEAL_OPTION_WORDS:
    case HEAL_OPTION_LISTEN:
    case HEAL_OPTION_COMMAND:
    case HEAL_OPTION_ADDRESS:
    case HEAL_OPTION_BOOL:
    case HEAL_OPTION_STEPS:
    case HEAL_OPTION_TYPES:
        break;
    }
    return buffer;
}
