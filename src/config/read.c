/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The ways into a configuration: YAML texts, the environment, single values. */
#include "base/text.h"
#include "config/config.h"
#include "config/option.h"
#include "config/utf8.h"
#include "config/value.h"
#include "config/yaml.h"

#include <errno.h>
#include <string.h>

enum { ORIGIN_ENVIRONMENT = 1, ORIGIN_FILES = 2 };

struct reader {
    struct heal_config *config;
    struct heal_error *error;
    uint8_t file; /* for origins */
};

static int read_value(const struct reader *reader, const struct heal_option_slot *slot,
                      const struct heal_yaml_node *node) {
    char name[HEAL_CONFIG_NAME_MAX];

    heal_option_name(slot, reader->config, name);
    int r = heal_value_read(slot->option, name, node, heal_option_field(slot, reader->config), reader->error);
    if (r < 0)
        return r;
    heal_option_set_origin(slot, reader->config,
                           (struct heal_config_origin){
                               .line = (uint32_t)node->line,
                               .column = (uint16_t)(node->column < UINT16_MAX ? node->column : UINT16_MAX),
                               .file = reader->file,
                           });
    return 0;
}

/* Reads the keys of one section, or of one threshold, policy or service of a section. */
static int read_keys(const struct reader *reader, const char *section, unsigned index, const char *where,
                     const struct heal_yaml_node *map) {
    const char *known[HEAL_OPTION_KEYS_MAX];
    int r = heal_yaml_want(map, HEAL_YAML_MAP, where, reader->error);

    if (r < 0)
        return r;
    heal_option_keys(section, known);
    for (const struct heal_yaml_node *node = map->first; node; node = node->next) {
        const struct heal_option *option = heal_option_find(section, node->key->text);

        if (!option)
            return heal_yaml_unknown_key(node->key, known, where, reader->error);
        r = read_value(reader, &(struct heal_option_slot){option, index}, node);
        if (r < 0)
            return r;
    }
    return 0;
}

/* `thresholds` and `policy`: first a metric or a diagnosis, then its keys. */
static int read_family(const struct reader *reader, const char *section, enum heal_option_group group,
                       const struct heal_yaml_node *map) {
    const char *known[HEAL_OPTION_KEYS_MAX] = {NULL};
    unsigned instances = heal_option_instances(group);
    int r = heal_yaml_want(map, HEAL_YAML_MAP, section, reader->error);

    for (unsigned i = 0; i < instances; i++)
        known[i] = group == HEAL_GROUP_POLICY ? heal_diagnosis_slug((enum heal_diagnosis)i)
                                              : heal_metric_name((enum heal_metric)i);
    for (const struct heal_yaml_node *node = map->first; r == 0 && node; node = node->next) {
        char where[HEAL_CONFIG_NAME_MAX];
        struct heal_text text;
        unsigned index = 0;

        while (index < instances && strcmp(known[index], node->key->text) != 0)
            index++;
        if (index == instances)
            return heal_yaml_unknown_key(node->key, known, section, reader->error);
        heal_text_init(&text, where, sizeof where);
        heal_text_add(&text, "%s.%s", section, known[index]);
        r = read_keys(reader, section, index, where, node);
    }
    return r;
}

/* A service that is not there yet, with its defaults. */
static int add_service(const struct reader *reader, const struct heal_yaml_node *name) {
    struct heal_config *config = reader->config;
    struct heal_option_slot slot = {NULL, 0};

    if (config->settings.services == HEAL_SERVICES_MAX)
        return heal_error_set(reader->error, -EINVAL, name->line, name->column, "more than %d services",
                              HEAL_SERVICES_MAX);
    unsigned index = config->settings.services;
    config->settings.service[index] = (struct heal_service_setting){0};
    config->service[index] = (struct heal_config_service){0};
    while (heal_option_next(&slot))
        if (heal_option_is_service(slot.option) && slot.index == index && slot.option->fallback)
            heal_value_read_text(slot.option, slot.option->key, slot.option->fallback,
                                 heal_option_field(&slot, config), NULL);
    int r = read_value(reader, &(struct heal_option_slot){heal_option_find("services", "name"), index}, name);
    if (r == 0)
        config->settings.services++;
    return r;
}

static int read_service(const struct reader *reader, const struct heal_yaml_node *list,
                        const struct heal_yaml_node *map) {
    char where[HEAL_CONFIG_NAME_MAX];
    struct heal_text text;
    int r = heal_yaml_want(map, HEAL_YAML_MAP, "services", reader->error);

    if (r < 0)
        return r;
    const struct heal_yaml_node *name = heal_yaml_get(map, "name");
    if (!name)
        return heal_error_set(reader->error, -EINVAL, map->line, map->column, "services: one without a name");
    for (const struct heal_yaml_node *other = list->first; other != map; other = other->next) {
        const struct heal_yaml_node *same = heal_yaml_get(other, "name");

        if (same && strcmp(same->text, name->text) == 0 && name->length > 0)
            return heal_error_set(reader->error, -EINVAL, name->line, name->column,
                                  "services: this name is here twice, first in line %d", same->line);
    }
    int index = heal_config_service_find(reader->config, name->text);
    if (index < 0) {
        r = add_service(reader, name);
        if (r < 0)
            return r;
        index = reader->config->settings.services - 1;
    }
    heal_text_init(&text, where, sizeof where);
    heal_text_add(&text, "services.%s", name->text);
    return read_keys(reader, "services", (unsigned)index, where, map);
}

static int read_services(const struct reader *reader, const struct heal_yaml_node *list) {
    int r = heal_yaml_want(list, HEAL_YAML_LIST, "services", reader->error);

    for (const struct heal_yaml_node *map = list->first; r == 0 && map; map = map->next)
        r = read_service(reader, list, map);
    return r;
}

static int read_section(const struct reader *reader, const struct heal_yaml_node *node) {
    const char *section = node->key->text;

    if (strcmp(section, "services") == 0)
        return read_services(reader, node);
    if (strcmp(section, "thresholds") == 0)
        return read_family(reader, section, HEAL_GROUP_THRESHOLD, node);
    if (strcmp(section, "policy") == 0)
        return read_family(reader, section, HEAL_GROUP_POLICY, node);
    return read_keys(reader, section, 0, section, node);
}

static int read_root(const struct reader *reader, const struct heal_yaml_node *root, const char *const *known,
                     const char *where) {
    int r = heal_yaml_want(root, HEAL_YAML_MAP, "configuration", reader->error);

    if (r == 0)
        r = heal_yaml_want_keys(root, known, where, reader->error);
    for (const struct heal_yaml_node *node = root->first; r == 0 && node; node = node->next) {
        const struct heal_option *option = heal_option_find("", node->key->text);

        r = option ? read_value(reader, &(struct heal_option_slot){option, 0}, node)
                   : read_section(reader, node);
    }
    return r;
}

static int add_file(struct heal_config *config, const char *file_name, struct heal_error *error,
                    uint8_t *ret_file) {
    struct heal_config_origins *origins = &config->origins;

    if (origins->files == HEAL_CONFIG_FILES_MAX)
        return heal_error_set(error, -E2BIG, 0, 0, "more than %d configuration files", HEAL_CONFIG_FILES_MAX);
    heal_utf8_show(file_name, origins->file[origins->files], sizeof origins->file[0]);
    *ret_file = (uint8_t)(ORIGIN_FILES + origins->files++);
    return 0;
}

static int read_text(struct heal_config *config, const char *text, size_t length, const char *file_name,
                     bool policy_only, struct heal_error *error) {
    const char *known[HEAL_OPTION_KEYS_MAX] = {"policy", NULL};
    struct reader reader = {.config = config, .error = error};
    struct heal_yaml *yaml = NULL;
    int r = add_file(config, file_name, error, &reader.file);

    if (r == 0)
        r = heal_yaml_parse(text, length, &yaml, error);
    if (r < 0)
        return r;
    if (!policy_only)
        heal_option_keys("", known);
    if (yaml && yaml->root)
        r = read_root(&reader, yaml->root, known, policy_only ? "a policy file" : "");
    heal_yaml_free(yaml);
    return r;
}

static int name_error(struct heal_config_error *error, const char *file, int r) {
    if (r < 0 && error)
        heal_utf8_show(file, error->file, sizeof error->file);
    return r;
}

int heal_config_read_text(struct heal_config *config, const char *text, size_t length, const char *file_name,
                          struct heal_config_error *error) {
    int r = read_text(config, text, length, file_name, false, error ? &error->error : NULL);

    return name_error(error, file_name, r);
}

int heal_config_read_policy(struct heal_config *config, const char *text, size_t length,
                            const char *file_name, struct heal_config_error *error) {
    int r = read_text(config, text, length, file_name, true, error ? &error->error : NULL);

    return name_error(error, file_name, r);
}

static bool slot_exists(const struct heal_config *config, const struct heal_option_slot *slot) {
    return !heal_option_is_service(slot->option) || slot->index < config->settings.services;
}

static int set_value(struct heal_config *config, const struct heal_option_slot *slot, const char *name,
                     const char *value, uint8_t file, struct heal_error *error) {
    int r = heal_utf8_check(value, strlen(value), error);

    if (r == 0)
        r = heal_value_read_text(slot->option, name, value, heal_option_field(slot, config), error);
    if (r == 0)
        heal_option_set_origin(slot, config, (struct heal_config_origin){.file = file});
    else if (error)
        error->line = error->column = 0; /* a place in one value says nothing */
    return r;
}

int heal_config_set(struct heal_config *config, const char *name, const char *value,
                    struct heal_config_error *error) {
    struct heal_error *inner = error ? &error->error : NULL;
    struct heal_option_slot slot = {NULL, 0};
    char candidate[HEAL_CONFIG_NAME_MAX], shown[HEAL_YAML_SHOWN_MAX];

    while (heal_option_next(&slot))
        if (slot_exists(config, &slot) && strcmp(heal_option_name(&slot, config, candidate), name) == 0)
            return name_error(error, "", set_value(config, &slot, name, value, ORIGIN_ENVIRONMENT, inner));
    return name_error(error, "",
                      heal_error_set(inner, -ENOENT, 0, 0, "no option '%s'", heal_yaml_show(name, shown)));
}

/* @return 0, also where the name is none of ours. */
static int read_variable(struct heal_config *config, const char *variable, struct heal_error *error) {
    const char *equals = strchr(variable, '=');
    struct heal_option_slot slot = {NULL, 0};
    char name[HEAL_CONFIG_NAME_MAX], candidate[HEAL_CONFIG_NAME_MAX + 8];

    if (!equals || strncmp(variable, "HEALD_", 6) != 0)
        return 0;
    size_t length = (size_t)(equals - variable);
    while (heal_option_next(&slot)) {
        if (heal_option_is_service(slot.option))
            continue;
        heal_option_variable(heal_option_name(&slot, config, name), candidate);
        if (strlen(candidate) == length && memcmp(candidate, variable, length) == 0)
            return set_value(config, &slot, candidate, equals + 1, ORIGIN_ENVIRONMENT, error);
    }
    return 0;
}

int heal_config_read_environment(struct heal_config *config, const char *const *environment,
                                 struct heal_config_error *error) {
    int r = 0;

    for (; r == 0 && *environment; environment++)
        r = read_variable(config, *environment, error ? &error->error : NULL);
    return name_error(error, "environment", r);
}
