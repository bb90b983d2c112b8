/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "config/value.h"

#include "config/list_value.h"
#include "config/quantity.h"
#include "config/text_value.h"
#include "config/utf8.h"

#include <errno.h>
#include <string.h>

/* A value that is being read, and how to complain about it. */
struct input {
    const struct heal_option *option;
    const char *name;
    const struct heal_yaml_node *node;
    const char *text; /* the node's; empty for a null */
    struct heal_error *error;
};

static const char *const wanted[HEAL_OPTION_TYPES] = {
    [HEAL_OPTION_NAME] = "letters, digits, '.', '_' and '-'",
    [HEAL_OPTION_PATH] = "an absolute path without '..'",
    [HEAL_OPTION_UNIT] = "the name of a systemd unit",
    [HEAL_OPTION_WORDS] = "words of letters, digits, '.', '_', ':', '/' and '-', one blank between two",
    [HEAL_OPTION_LISTEN] = "ADDRESS:PORT, [ADDRESS]:PORT or off",
    [HEAL_OPTION_COMMAND] = "a list of arguments, the first an absolute path",
    [HEAL_OPTION_ADDRESS] = "the IPv6 or IPv4 address of a node",
    [HEAL_OPTION_CHOICE] = "one of a few words",
    [HEAL_OPTION_BOOL] = "true or false",
    [HEAL_OPTION_DURATION] = "a duration such as 250ms, 1s or 10min",
    [HEAL_OPTION_MILLIS] = "a duration such as 250ms, 1s or 10min",
    [HEAL_OPTION_SIZE] = "a size such as 64MiB, 1GB or 4096",
    [HEAL_OPTION_NUMBER] = "a number such as 0.03, 3 or 5%",
    [HEAL_OPTION_COUNT] = "a whole number",
    [HEAL_OPTION_STEPS] = "a list of remedies",
};

const char *heal_value_wanted(enum heal_option_type type) {
    return wanted[type];
}

static int refuse(const struct input *input, const char *expected) {
    char shown[HEAL_YAML_SHOWN_MAX];

    return heal_error_set(input->error, -EINVAL, input->node->line, input->node->column,
                          "%s: expected %s, not '%s'", input->name, expected,
                          heal_yaml_show(input->text, shown));
}

static int check_range(const struct input *input, double value) {
    char range[80], shown[HEAL_YAML_SHOWN_MAX];

    if (value >= input->option->min && value <= input->option->max)
        return 0;
    return heal_error_set(input->error, -ERANGE, input->node->line, input->node->column,
                          "%s: %s is out of range (%s)", input->name, heal_yaml_show(input->text, shown),
                          heal_option_range(input->option, range, sizeof range));
}

static int read_text(const struct input *input, char *field, bool (*is_good)(const char *)) {
    size_t length = strlen(input->text);

    if (length == 0 ? !input->option->optional : !is_good(input->text))
        return refuse(input, wanted[input->option->type]);
    if (length >= input->option->size)
        return heal_error_set(input->error, -EINVAL, input->node->line, input->node->column,
                              "%s: longer than %zu bytes", input->name, input->option->size - 1);
    memset(field, 0, input->option->size);
    memcpy(field, input->text, length);
    return 0;
}

static int read_listen(const struct input *input, char *field) {
    if (strcmp(input->text, "off") != 0)
        return read_text(input, field, heal_text_value_is_listen);
    memset(field, 0, input->option->size);
    return 0;
}

/* What one node can have as its own: not multicast, not of one link only, not "any". */
static bool is_node_address(const struct heal_address *address) {
    const uint8_t *byte = address->byte;

    if (heal_address_is_mapped(address))
        return byte[12] != 0 && byte[12] < 224;
    return !heal_address_is_zero(address) && byte[0] != 0xff && !heal_address_is_link_local(address);
}

static int read_address(const struct input *input, struct heal_address *field) {
    struct heal_address address = {0};

    if (input->text[0] && (heal_address_parse(input->text, &address) < 0 || !is_node_address(&address)))
        return refuse(input, wanted[HEAL_OPTION_ADDRESS]);
    *field = address;
    return 0;
}

/* Own enums all have the size of an int; this field's is known by its row only. */
static int read_choice(const struct input *input, void *field) {
    const char *const *names = input->option->names;
    char shown[HEAL_YAML_SHOWN_MAX], choices[80];

    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], input->text) == 0) {
            memcpy(field, &i, sizeof i);
            return 0;
        }
    heal_option_range(input->option, choices, sizeof choices);
    const char *nearest = input->text[0] ? heal_name_nearest(input->text, names) : NULL;
    if (!nearest)
        return refuse(input, choices);
    return heal_error_set(input->error, -EINVAL, input->node->line, input->node->column,
                          "%s: expected %s, not '%s'; did you mean '%s'?", input->name, choices,
                          heal_yaml_show(input->text, shown), nearest);
}

static int read_bool(const struct input *input, bool *field) {
    bool yes = strcmp(input->text, "true") == 0;

    if (!yes && strcmp(input->text, "false") != 0)
        return refuse(input, wanted[HEAL_OPTION_BOOL]);
    *field = yes;
    return 0;
}

static int read_duration(const struct input *input, void *field) {
    heal_us duration = UINT64_MAX;
    bool millis = input->option->type == HEAL_OPTION_MILLIS;
    int r = heal_duration_parse(input->text, &duration);

    if (r == -EINVAL || (millis && r == 0 && duration % HEAL_US_PER_MS != 0))
        return refuse(input, millis ? "a duration in whole milliseconds" : wanted[HEAL_OPTION_DURATION]);
    r = check_range(input, (double)duration);
    if (r < 0)
        return r;
    if (millis)
        *(uint16_t *)field = (uint16_t)(duration / HEAL_US_PER_MS);
    else
        *(heal_us *)field = duration;
    return 0;
}

static int read_size(const struct input *input, uint64_t *field) {
    uint64_t bytes = UINT64_MAX;

    if (heal_size_parse(input->text, &bytes) == -EINVAL)
        return refuse(input, wanted[HEAL_OPTION_SIZE]);
    int r = check_range(input, (double)bytes);
    if (r == 0)
        *field = bytes;
    return r;
}

static int read_number(const struct input *input, float *field) {
    double number = 1e300; /* what is too large for the reader is too large for every range */

    if (heal_number_parse(input->text, &number) == -EINVAL)
        return refuse(input, wanted[HEAL_OPTION_NUMBER]);
    int r = check_range(input, number);
    if (r == 0)
        *field = (float)number;
    return r;
}

static int read_count(const struct input *input, uint16_t *field) {
    double number = 1e300;
    size_t length = strlen(input->text);

    if (length == 0 || strspn(input->text, "0123456789") != length)
        return refuse(input, wanted[HEAL_OPTION_COUNT]);
    heal_number_parse(input->text, &number);
    int r = check_range(input, number);
    if (r == 0)
        *field = (uint16_t)number;
    return r;
}

static int read_scalar(const struct input *input, void *field) {
    switch (input->option->type) {
    case HEAL_OPTION_NAME:
        return read_text(input, field, heal_text_value_is_name);
    case HEAL_OPTION_PATH:
        return read_text(input, field, heal_text_value_is_path);
    case HEAL_OPTION_UNIT:
        return read_text(input, field, heal_text_value_is_unit);
    case HEAL_OPTION_WORDS:
        return read_text(input, field, heal_text_value_is_words);
    case HEAL_OPTION_LISTEN:
        return read_listen(input, field);
    case HEAL_OPTION_ADDRESS:
        return read_address(input, field);
    case HEAL_OPTION_CHOICE:
        return read_choice(input, field);
    case HEAL_OPTION_BOOL:
        return read_bool(input, field);
    case HEAL_OPTION_DURATION:
    case HEAL_OPTION_MILLIS:
        return read_duration(input, field);
    case HEAL_OPTION_SIZE:
        return read_size(input, field);
    case HEAL_OPTION_NUMBER:
        return read_number(input, field);
    case HEAL_OPTION_COUNT:
        return read_count(input, field);
    case HEAL_OPTION_COMMAND:
    case HEAL_OPTION_STEPS:
    case HEAL_OPTION_TYPES:
        break;
    }
    return -EINVAL;
}

int heal_value_read(const struct heal_option *option, const char *name, const struct heal_yaml_node *node,
                    void *field, struct heal_error *error) {
    struct input input = {option, name, node, node->text, error};

    if (option->type == HEAL_OPTION_COMMAND)
        return heal_list_value_read_command(name, node, field, error);
    if (option->type == HEAL_OPTION_STEPS)
        return heal_list_value_read_steps(name, node, field, error);
    int r = heal_yaml_want(node, HEAL_YAML_SCALAR, name, error);
    if (r < 0)
        return r;
    if (heal_yaml_is_null(node))
        input.text = "";
    return read_scalar(&input, field);
}

int heal_value_read_text(const struct heal_option *option, const char *name, const char *text, void *field,
                         struct heal_error *error) {
    struct heal_yaml_node scalar = {.quoted = true, .text = text, .length = strlen(text)};
    struct heal_yaml *yaml = NULL;

    if (option->type != HEAL_OPTION_COMMAND && option->type != HEAL_OPTION_STEPS)
        return heal_value_read(option, name, &scalar, field, error);
    int r = heal_yaml_parse(text, strlen(text), &yaml, error);
    if (r < 0)
        return r;
    scalar.quoted = false; /* nothing: an empty list */
    r = heal_value_read(option, name, yaml && yaml->root ? yaml->root : &scalar, field, error);
    heal_yaml_free(yaml);
    return r;
}
