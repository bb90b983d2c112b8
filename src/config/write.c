/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A configuration as a YAML text that reads back to the same. */
#include "base/text.h"
#include "config/config.h"
#include "config/option.h"
#include "config/value.h"

#include <errno.h>
#include <string.h>

struct writer {
    const struct heal_config *config;
    enum heal_config_style style;
    struct heal_text text;
};

static void write_origin(struct writer *writer, const struct heal_option_slot *slot) {
    const struct heal_config_origins *origins = &writer->config->origins;
    struct heal_config_origin origin = origins->value[heal_option_number(slot)];

    if (origin.file == 0)
        heal_text_add(&writer->text, "  # default");
    else if (origin.file == 1)
        heal_text_add(&writer->text, "  # environment");
    else
        heal_text_add(&writer->text, "  # %s:%u", origins->file[origin.file - 2], (unsigned)origin.line);
}

/* @param lead what comes before the key: spaces, or spaces and "- " for the first of a list's entry. */
static void write_slot(struct writer *writer, const struct heal_option_slot *slot, const char *lead) {
    heal_text_add(&writer->text, "%s%s: ", lead, slot->option->key);
    heal_value_format(slot->option, heal_option_value(slot, writer->config), &writer->text);
    if (writer->style == HEAL_CONFIG_ORIGINS)
        write_origin(writer, slot);
    heal_text_add(&writer->text, "\n");
}

static void write_comment(struct writer *writer, const struct heal_option *option, const char *lead,
                          const char *key) {
    char range[80];

    if (writer->style != HEAL_CONFIG_EXPLAINED)
        return;
    heal_option_range(option, range, sizeof range);
    heal_text_add(&writer->text, "%s# %s%s%s%s%s%s\n", lead, key, key[0] ? ": " : "", option->what,
                  range[0] ? " (" : "", range, range[0] ? ")" : "");
}

/* Above a section whose rows come many times, what each of its keys is for. */
static void write_key_comments(struct writer *writer, const char *section) {
    const struct heal_option *option;

    for (size_t i = 0; (option = heal_option_at(i)); i++)
        if (strcmp(option->section, section) == 0)
            write_comment(writer, option, "", option->key);
}

static void write_services(struct writer *writer) {
    const struct heal_option *option;
    unsigned services = writer->config->settings.services;

    write_key_comments(writer, "services");
    heal_text_add(&writer->text, services > 0 ? "services:\n" : "services: []\n");
    for (unsigned index = 0; index < services; index++)
        for (size_t i = 0; (option = heal_option_at(i)); i++)
            if (heal_option_is_service(option))
                write_slot(writer, &(struct heal_option_slot){option, index},
                           strcmp(option->key, "name") == 0 ? "  - " : "    ");
}

static void write_family(struct writer *writer, enum heal_option_group group, const char *section) {
    const struct heal_option *option;

    write_key_comments(writer, section);
    heal_text_add(&writer->text, "%s:\n", section);
    for (unsigned index = 0; index < heal_option_instances(group); index++) {
        struct heal_option_slot slot = {NULL, index};

        for (size_t i = 0; (option = heal_option_at(i)); i++) {
            if (option->group != group)
                continue;
            if (!slot.option) {
                slot.option = option;
                heal_text_add(&writer->text, "  %s:", heal_option_instance_name(&slot, writer->config));
                if (writer->style == HEAL_CONFIG_EXPLAINED && group == HEAL_GROUP_THRESHOLD)
                    heal_text_add(&writer->text, " # in %s", heal_metric_unit((enum heal_metric)index));
                heal_text_add(&writer->text, "\n");
            }
            slot.option = option;
            write_slot(writer, &slot, "    ");
        }
    }
}

static void write_singles(struct writer *writer) {
    const struct heal_option *option;
    const char *section = "";

    for (size_t i = 0; (option = heal_option_at(i)); i++) {
        if (option->group != HEAL_GROUP_CONFIG)
            continue;
        if (strcmp(option->section, section) != 0)
            heal_text_add(&writer->text, "%s:\n", option->section);
        section = option->section;
        write_comment(writer, option, section[0] ? "  " : "", "");
        write_slot(writer, &(struct heal_option_slot){option, 0}, section[0] ? "  " : "");
    }
}

int heal_config_write(const struct heal_config *config, enum heal_config_style style, char *buffer,
                      size_t size) {
    struct writer writer = {.config = config, .style = style};

    heal_text_init(&writer.text, buffer, size);
    write_singles(&writer);
    write_services(&writer);
    write_family(&writer, HEAL_GROUP_THRESHOLD, "thresholds");
    write_family(&writer, HEAL_GROUP_POLICY, "policy");
    return writer.text.cut ? -ENOSPC : (int)writer.text.length;
}
