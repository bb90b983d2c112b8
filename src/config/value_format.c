/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The way out of value.h: from a field to text. */
#include "config/list_value.h"
#include "config/quantity.h"
#include "config/utf8.h"
#include "config/value.h"

#include <string.h>

/* What YAML 1.1 takes for a line's end, does not take at all, or nobody could see. */
static bool needs_escape(uint32_t code) {
    return code < 0x20 || (code >= 0x7f && code <= 0xa0) || code == 0x2028 || code == 0x2029 ||
           code == 0xfeff || (code & 0xfffe) == 0xfffe;
}

void heal_value_quote(const char *value, struct heal_text *text) {
    size_t length = strlen(value);

    heal_text_add(text, "\"");
    for (size_t i = 0; i < length;) {
        uint32_t code = 0xfffd;
        size_t bytes = heal_utf8_decode(value + i, length - i, &code);

        if (code == '"' || code == '\\')
            heal_text_add(text, "\\%c", (int)code);
        else if (needs_escape(code) || bytes == 0)
            heal_text_add(text, code > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)code);
        else
            heal_text_add(text, "%.*s", (int)bytes, value + i);
        i += bytes > 0 ? bytes : 1;
    }
    heal_text_add(text, "\"");
}

static void format_address(const struct heal_address *address, struct heal_text *text) {
    char buffer[HEAL_ADDRESS_TEXT] = "";

    if (!heal_address_is_zero(address))
        heal_address_format(address, buffer);
    heal_text_add(text, "\"%s\"", buffer);
}

static void format_quantity(const struct heal_option *option, const void *field, struct heal_text *text) {
    char buffer[HEAL_QUANTITY_MAX] = "";

    if (option->type == HEAL_OPTION_DURATION)
        heal_duration_format(*(const heal_us *)field, buffer);
    else if (option->type == HEAL_OPTION_MILLIS)
        heal_duration_format(*(const uint16_t *)field * HEAL_US_PER_MS, buffer);
    else if (option->type == HEAL_OPTION_SIZE)
        heal_size_format(*(const uint64_t *)field, buffer);
    else
        heal_number_format(*(const float *)field, buffer);
    heal_text_add(text, "%s", buffer);
}

static int choice_of(const void *field) {
    int choice;

    memcpy(&choice, field, sizeof choice);
    return choice;
}

void heal_value_format(const struct heal_option *option, const void *field, struct heal_text *text) {
    switch (option->type) {
    case HEAL_OPTION_NAME:
    case HEAL_OPTION_PATH:
    case HEAL_OPTION_UNIT:
    case HEAL_OPTION_WORDS:
        heal_value_quote(field, text);
        break;
    case HEAL_OPTION_LISTEN:
        heal_value_quote(*(const char *)field ? field : "off", text);
        break;
    case HEAL_OPTION_ADDRESS:
        format_address(field, text);
        break;
    case HEAL_OPTION_CHOICE:
        heal_text_add(text, "%s", option->names[choice_of(field)]);
        break;
    case HEAL_OPTION_BOOL:
        heal_text_add(text, "%s", *(const bool *)field ? "true" : "false");
        break;
    case HEAL_OPTION_DURATION:
    case HEAL_OPTION_MILLIS:
    case HEAL_OPTION_SIZE:
    case HEAL_OPTION_NUMBER:
        format_quantity(option, field, text);
        break;
    case HEAL_OPTION_COUNT:
        heal_text_add(text, "%u", *(const uint16_t *)field);
        break;
    case HEAL_OPTION_COMMAND:
        heal_list_value_format_command(field, text);
        break;
    case HEAL_OPTION_STEPS:
        heal_list_value_format_steps(field, text);
        break;
    case HEAL_OPTION_TYPES:
        break;
    }
}

static bool equal_commands(const struct heal_config_command *a, const struct heal_config_command *b) {
    return a->arguments == b->arguments && a->used == b->used && memcmp(a->text, b->text, a->used) == 0;
}

bool heal_value_equal(const struct heal_option *option, const void *a, const void *b) {
    switch (option->type) {
    case HEAL_OPTION_NAME:
    case HEAL_OPTION_PATH:
    case HEAL_OPTION_UNIT:
    case HEAL_OPTION_WORDS:
    case HEAL_OPTION_LISTEN:
        return strcmp(a, b) == 0; /* what lies behind the NUL does not count */
    case HEAL_OPTION_COMMAND:
        return equal_commands(a, b);
    case HEAL_OPTION_STEPS:
        return heal_list_value_equal_steps(a, b);
    case HEAL_OPTION_ADDRESS:
    case HEAL_OPTION_CHOICE:
    case HEAL_OPTION_BOOL:
    case HEAL_OPTION_DURATION:
    case HEAL_OPTION_MILLIS:
    case HEAL_OPTION_SIZE:
    case HEAL_OPTION_NUMBER:
    case HEAL_OPTION_COUNT:
    case HEAL_OPTION_TYPES:
        break;
    }
    return memcmp(a, b, option->size) == 0;
}
