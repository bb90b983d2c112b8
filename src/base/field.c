/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/field.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum { VALUE_MAX = 512 };

static uint64_t load(const struct heal_field *field, const char *from) {
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    bool truth;

    switch ((int)field->type) {
    case HEAL_FIELD_U8:
        memcpy(&u8, from, sizeof u8);
        return u8;
    case HEAL_FIELD_U16:
        memcpy(&u16, from, sizeof u16);
        return u16;
    case HEAL_FIELD_U32:
        memcpy(&u32, from, sizeof u32);
        return u32;
    case HEAL_FIELD_BOOL:
        memcpy(&truth, from, sizeof truth);
        return truth;
    default:
        memcpy(&u64, from, sizeof u64);
        return u64;
    }
}

static bool in_range(const struct heal_field *field, float value) {
    return isfinite(value) &&
           ((field->least == 0 && field->most == 0) || (value >= field->least && value <= field->most));
}

static int format_float(struct heal_text *text, const struct heal_field *field, const char *from) {
    float value;

    memcpy(&value, from, sizeof value);
    if (!in_range(field, value))
        return -EINVAL;
    heal_text_add(text, "%.9g", (double)value);
    return 0;
}

static int format_choice(struct heal_text *text, const struct heal_field *field, const char *from) {
    unsigned value, count = 0;

    memcpy(&value, from, sizeof value);
    while (field->names[count])
        count++;
    if (value >= count)
        return -EINVAL;
    heal_text_add(text, "%s", field->names[value]);
    return 0;
}

static void format_node(struct heal_text *text, heal_node_id node) {
    heal_text_add(text, "%016llx", (unsigned long long)node);
}

static int format_prefix(struct heal_text *text, const char *from) {
    char buffer[HEAL_ADDRESS_TEXT];
    struct heal_prefix prefix;

    memcpy(&prefix, from, sizeof prefix);
    if (prefix.length > 128)
        return -EINVAL;
    heal_text_add(text, "%s", heal_prefix_format(&prefix, buffer));
    return 0;
}

static void format_port(struct heal_text *text, const char *from) {
    char buffer[HEAL_ADDRESS_TEXT];
    struct heal_port_key key;

    memcpy(&key, from, sizeof key);
    if (!key.ifname[0] && heal_address_is_zero(&key.peer))
        heal_text_add(text, "-");
    else
        heal_text_add(text, "%s%%%.*s", heal_address_format(&key.peer, buffer), (int)sizeof key.ifname - 1,
                      key.ifname);
}

static int format_nodes(struct heal_text *text, const struct heal_field *field, const char *base) {
    uint8_t count = (uint8_t)base[field->aside];

    if ((float)count > field->most)
        return -EINVAL;
    if (count == 0)
        heal_text_add(text, "-");
    for (unsigned i = 0; i < count; i++) {
        heal_node_id node;

        memcpy(&node, base + field->offset + i * sizeof node, sizeof node);
        heal_text_add(text, i ? "/" : "");
        format_node(text, node);
    }
    return 0;
}

static int format_bytes(struct heal_text *text, const struct heal_field *field, const char *base) {
    uint8_t count = (uint8_t)base[field->aside];

    if (count > field->size)
        return -EINVAL;
    if (count == 0)
        heal_text_add(text, "-");
    for (unsigned i = 0; i < count; i++)
        heal_text_add(text, "%02x", (uint8_t)base[field->offset + i]);
    return 0;
}

static int format_value(struct heal_text *text, const struct heal_field *field, const char *base);

static int format_element(struct heal_text *text, const struct heal_field *fields, const char *base) {
    for (const struct heal_field *field = fields; field->name; field++) {
        if (field != fields)
            heal_text_add(text, ",");
        int r = format_value(text, field, base);
        if (r < 0)
            return r;
    }
    return 0;
}

static int format_value(struct heal_text *text, const struct heal_field *field, const char *base) {
    const char *from = base + field->offset;
    char buffer[HEAL_ADDRESS_TEXT];
    struct heal_address address;
    int32_t number;

    switch (field->type) {
    case HEAL_FIELD_U8:
    case HEAL_FIELD_U16:
    case HEAL_FIELD_U32:
    case HEAL_FIELD_U64:
    case HEAL_FIELD_BOOL:
        heal_text_add(text, "%llu", (unsigned long long)load(field, from));
        return 0;
    case HEAL_FIELD_I32:
        memcpy(&number, from, sizeof number);
        heal_text_add(text, "%d", number);
        return 0;
    case HEAL_FIELD_FEATURE:
        if (!((uint8_t)base[field->aside] >> field->size & 1)) {
            heal_text_add(text, "-");
            return 0;
        }
        return format_float(text, field, from);
    case HEAL_FIELD_FLOAT:
        return format_float(text, field, from);
    case HEAL_FIELD_CHOICE:
        return format_choice(text, field, from);
    case HEAL_FIELD_NODE:
        format_node(text, load(field, from));
        return 0;
    case HEAL_FIELD_ADDRESS:
        memcpy(&address, from, sizeof address);
        heal_text_add(text, "%s", heal_address_format(&address, buffer));
        return 0;
    case HEAL_FIELD_PREFIX:
        return format_prefix(text, from);
    case HEAL_FIELD_PORT:
        format_port(text, from);
        return 0;
    case HEAL_FIELD_NODES:
        return format_nodes(text, field, base);
    case HEAL_FIELD_BYTES:
        return format_bytes(text, field, base);
    case HEAL_FIELD_TEXT:
    case HEAL_FIELD_LIST:
    case HEAL_FIELD_TYPES:
        break;
    }
    return -EINVAL;
}

static int format_list(struct heal_text *text, const struct heal_field *field, const char *base) {
    char buffer[VALUE_MAX];
    struct heal_text value;
    unsigned count = (uint8_t)base[field->aside];

    if ((float)count > field->most)
        return -EINVAL;
    for (unsigned i = 0; i < count; i++) {
        heal_text_init(&value, buffer, sizeof buffer);
        int r = format_element(&value, field->element, base + field->offset + i * field->size);
        if (r < 0)
            return r;
        heal_text_pair_text(text, field->name, buffer, sizeof buffer);
    }
    return 0;
}

static int format_pair(struct heal_text *text, const struct heal_field *field, const char *base) {
    char buffer[VALUE_MAX];
    struct heal_text value;

    if (field->type == HEAL_FIELD_LIST)
        return format_list(text, field, base);
    if (field->type == HEAL_FIELD_TEXT) {
        heal_text_pair_text(text, field->name, base + field->offset, field->size);
        return 0;
    }
    heal_text_init(&value, buffer, sizeof buffer);
    int r = format_value(&value, field, base);
    if (r == 0)
        heal_text_pair_text(text, field->name, buffer, sizeof buffer);
    return r;
}

int heal_fields_format(struct heal_text *text, const struct heal_field *fields, const void *from) {
    for (const struct heal_field *field = fields; field->name; field++) {
        int r = format_pair(text, field, from);
        if (r < 0)
            return r;
    }
    return 0;
}
