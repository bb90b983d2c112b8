/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The option table in words: for `healctl config explain`, the completions and the manual. */
#include "base/text.h"
#include "config/config.h"
#include "config/option.h"
#include "config/value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Sections that come before their keys have no row of their own. */
struct section {
    const char *name, *what;
};

static const struct section sections[] = {
    {"metrics",    "The page of metrics that Prometheus reads."                                                },
    {"mesh",       "How this node takes part in the talk between the nodes' healds."                           },
    {"routing",    "The routing daemon of this node."                                                          },
    {"sources",    "Where readings come from."                                                                 },
    {"probe",      "How often neighbours are probed."                                                          },
    {"guard",      "What keeps heald from doing harm."                                                         },
    {"notify",     "How people hear of what only they can mend."                                               },
    {"services",
     "What is watched on this node, a list. A later file may add to it, or change one by its name."            },
    {"thresholds", "What counts as out of the normal range, for each metric."                                  },
    {"policy",     "What may be done about each diagnosis, and when. Files of policy.d hold this section only."},
};

static const struct section *section_find(const char *name) {
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        if (strcmp(sections[i].name, name) == 0)
            return &sections[i];
    return NULL;
}

/* The default of a row that has one; with it, that of a slot whose default depends on which it is. */
static void add_default(struct heal_text *text, const struct heal_option_slot *slot, bool any) {
    struct heal_config *defaults = malloc(sizeof *defaults);

    if (!defaults)
        return;
    heal_config_init(defaults);
    if (any && slot->option->group != HEAL_GROUP_CONFIG)
        heal_text_add(text, "%s",
                      heal_option_is_service(slot->option) && slot->option->fallback ? slot->option->fallback
                                                                                     : "");
    else
        heal_value_format(slot->option, heal_option_value(slot, defaults), text);
    free(defaults);
}

static void add_line(struct heal_text *text, const char *label, const char *value) {
    if (value[0])
        heal_text_add(text, "  %-13s%s\n", label, value);
}

static void explain_slot(struct heal_text *text, const struct heal_option_slot *slot, const char *name,
                         bool any) {
    const struct heal_option *option = slot->option;
    char range[80], variable[HEAL_CONFIG_NAME_MAX + 8], fallback_buffer[400];
    struct heal_text fallback;
    bool service = heal_option_is_service(option);

    heal_text_init(&fallback, fallback_buffer, sizeof fallback_buffer);
    add_default(&fallback, slot, any || service);
    heal_text_add(text, "%s\n  %s\n", name, option->what);
    add_line(text, "value:", heal_value_wanted(option->type));
    add_line(text, "range:", heal_option_range(option, range, sizeof range));
    if (option->group == HEAL_GROUP_THRESHOLD && !any)
        add_line(text, "unit:", heal_metric_unit((enum heal_metric)slot->index));
    add_line(text, "default:", fallback_buffer);
    if (!service && !any)
        add_line(text, "environment:", heal_option_variable(name, variable));
    add_line(text, "change:", option->restart ? "when heald starts anew" : "at a reload (SIGHUP)");
}

static int explain_section(struct heal_text *text, const struct section *section) {
    const struct heal_option *option;
    char pattern[HEAL_CONFIG_NAME_MAX];

    heal_text_add(text, "%s\n  %s\n", section->name, section->what);
    for (size_t i = 0; (option = heal_option_at(i)); i++)
        if (strcmp(option->section, section->name) == 0)
            heal_text_add(text, "  %-30s %s\n", heal_option_pattern(option, pattern), option->what);
    return text->cut ? -ENOSPC : (int)text->length;
}

/* Whether @p name is the full name of one slot; services have none before there are any. */
static bool find_slot(const char *name, struct heal_option_slot *slot) {
    char candidate[HEAL_CONFIG_NAME_MAX];

    while (heal_option_next(slot))
        if (!heal_option_is_service(slot->option) &&
            strcmp(heal_option_name(slot, NULL, candidate), name) == 0)
            return true;
    return false;
}

/* @return the row that "policy.*.for", or "services.ANY.unit", means; NULL for none. */
static const struct heal_option *find_row(const char *name) {
    const char *first = strchr(name, '.'), *last = strrchr(name, '.');
    const struct heal_option *option;
    bool starred = first && last > first && strncmp(first, ".*.", 3) == 0 && last == first + 2;

    for (size_t i = 0; first && last > first && (option = heal_option_at(i)); i++)
        if (option->group != HEAL_GROUP_CONFIG && (starred || heal_option_is_service(option)) &&
            strlen(option->section) == (size_t)(first - name) &&
            strncmp(option->section, name, (size_t)(first - name)) == 0 && strcmp(option->key, last + 1) == 0)
            return option;
    return NULL;
}

/* The name nearest so far to what was typed. */
struct nearest {
    const char *typed;
    size_t distance; /* what is nearer than this counts */
    char name[HEAL_CONFIG_NAME_MAX];
};

static void compare(struct nearest *nearest, const char *candidate) {
    size_t distance = heal_name_distance(nearest->typed, candidate);

    if (distance < nearest->distance) {
        nearest->distance = distance;
        heal_name_copy(nearest->name, sizeof nearest->name, candidate);
    }
}

static int unknown(const char *name, struct heal_config_error *error) {
    char shown[HEAL_YAML_SHOWN_MAX], candidate[HEAL_CONFIG_NAME_MAX];
    struct nearest nearest = {name, strlen(name) / 3 + 1, ""};
    struct heal_option_slot slot = {NULL, 0};

    if (!error)
        return -ENOENT;
    while (heal_option_next(&slot)) {
        if (heal_option_is_service(slot.option))
            heal_option_pattern(slot.option, candidate);
        else
            heal_option_name(&slot, NULL, candidate);
        compare(&nearest, candidate);
    }
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        compare(&nearest, sections[i].name);
    error->file[0] = '\0';
    return heal_error_set(&error->error, -ENOENT, 0, 0, "no option '%s'%s%s%s", heal_yaml_show(name, shown),
                          nearest.name[0] ? "; did you mean '" : "", nearest.name,
                          nearest.name[0] ? "'?" : "");
}

/* "thresholds.loss", "policy.link-loss": all that is below it. @return whether there is something. */
static bool explain_below(struct heal_text *text, const char *name) {
    char candidate[HEAL_CONFIG_NAME_MAX];
    struct heal_option_slot slot = {NULL, 0};
    size_t length = strlen(name);
    bool any = false;

    while (heal_option_next(&slot)) {
        if (heal_option_is_service(slot.option))
            continue;
        heal_option_name(&slot, NULL, candidate);
        if (strncmp(candidate, name, length) != 0 || candidate[length] != '.')
            continue;
        explain_slot(text, &slot, candidate, false);
        any = true;
    }
    return any;
}

int heal_config_explain(const char *name, char *buffer, size_t size, struct heal_config_error *error) {
    const struct section *section = section_find(name);
    struct heal_option_slot slot = {NULL, 0};
    struct heal_text text;

    heal_text_init(&text, buffer, size);
    if (section)
        return explain_section(&text, section);
    if (find_slot(name, &slot)) {
        explain_slot(&text, &slot, name, false);
    } else if (!explain_below(&text, name)) {
        slot = (struct heal_option_slot){find_row(name), 0};
        if (!slot.option)
            return unknown(name, error);
        explain_slot(&text, &slot, name, true);
    }
    return text.cut ? -ENOSPC : (int)text.length;
}

bool heal_config_option_name(size_t index, char buffer[static HEAL_CONFIG_NAME_MAX]) {
    struct heal_option_slot slot = {NULL, 0};

    while (heal_option_next(&slot)) {
        bool service = heal_option_is_service(slot.option);

        if ((service && slot.index > 0) || index-- > 0)
            continue;
        if (service)
            heal_option_pattern(slot.option, buffer);
        else
            heal_option_name(&slot, NULL, buffer);
        return true;
    }
    return false;
}

/* man(7): a backslash and a leading dot or quote would be troff's own; a dash is to stay one. */
static void add_troff(struct heal_text *text, const char *words) {
    for (; *words; words++) {
        if (*words == '\\')
            heal_text_add(text, "\\e");
        else if (*words == '-')
            heal_text_add(text, "\\-");
        else
            heal_text_add(text, "%c", *words);
    }
}

static void add_manual_entry(struct heal_text *text, const struct heal_option *option) {
    char pattern[HEAL_CONFIG_NAME_MAX], range[80], fallback_buffer[400];
    struct heal_text fallback;

    heal_text_init(&fallback, fallback_buffer, sizeof fallback_buffer);
    add_default(&fallback, &(struct heal_option_slot){option, 0}, true);
    heal_text_add(text, ".TP\n.B ");
    add_troff(text, heal_option_pattern(option, pattern));
    heal_text_add(text, "\n");
    add_troff(text, option->what);
    heal_text_add(text, "\nTakes ");
    heal_option_range(option, range, sizeof range);
    add_troff(text, option->type == HEAL_OPTION_CHOICE ? range : heal_value_wanted(option->type));
    if (range[0] && option->type != HEAL_OPTION_CHOICE) {
        heal_text_add(text, "; ");
        add_troff(text, range);
    }
    heal_text_add(text, ".\n");
    if (fallback_buffer[0]) {
        heal_text_add(text, "Default: ");
        add_troff(text, fallback_buffer);
        heal_text_add(text, ".\n");
    }
    if (option->restart)
        heal_text_add(text, "A change takes effect when heald starts anew.\n");
}

int heal_config_manual(char *buffer, size_t size) {
    const struct heal_option *option;
    const char *section_name = "";
    struct heal_text text;

    heal_text_init(&text, buffer, size);
    for (size_t i = 0; (option = heal_option_at(i)); i++) {
        const struct section *section = section_find(option->section);

        if (section && strcmp(section->name, section_name) != 0) {
            section_name = section->name;
            heal_text_add(&text, ".SS %s\n%s\n", section->name, section->what);
        }
        add_manual_entry(&text, option);
    }
    return text.cut ? -ENOSPC : (int)text.length;
}
