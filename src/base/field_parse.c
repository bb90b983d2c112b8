/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/field.h"
#include "base/number.h"

#include <errno.h>
#include <string.h>

enum { VALUE_MAX = 512, FIELDS_MAX = 64 };

/* The greatest value of each unsigned type; 0 where it is none. */
static uint64_t greatest(enum heal_field_type type) {
    static const uint64_t most[HEAL_FIELD_TYPES] = {
        [HEAL_FIELD_U8] = UINT8_MAX,   [HEAL_FIELD_U16] = UINT16_MAX, [HEAL_FIELD_U32] = UINT32_MAX,
        [HEAL_FIELD_U64] = UINT64_MAX, [HEAL_FIELD_BOOL] = 1,
    };
    return most[type];
}

static void keep(const struct heal_field *field, char *into, uint64_t value) {
    switch ((int)field->type) {
    case HEAL_FIELD_U8:
        memcpy(into, &(uint8_t){(uint8_t)value}, sizeof(uint8_t));
        return;
    case HEAL_FIELD_U16:
        memcpy(into, &(uint16_t){(uint16_t)value}, sizeof(uint16_t));
        return;
    case HEAL_FIELD_U32:
        memcpy(into, &(uint32_t){(uint32_t)value}, sizeof(uint32_t));
        return;
    case HEAL_FIELD_BOOL:
        memcpy(into, &(bool){value == 1}, sizeof(bool));
        return;
    default:
        memcpy(into, &value, sizeof value);
    }
}

/* Each reader below @return 0, or -EINVAL after having said what is wrong with the present pair. */

static int parse_unsigned(struct heal_pairs *pairs, const struct heal_field *field, const char *value,
                          char *into) {
    uint64_t number = 0, most = greatest(field->type), least = 0;
    bool bounded = field->most > 0;

    int r = heal_number_parse_u64(value, 10, &number);
    if (r == -EINVAL)
        return heal_pairs_refuse(pairs, "\"%s\" is not a whole number", value);
    if (bounded) {
        least = (uint64_t)field->least;
        most = (uint64_t)field->most;
    }
    if (r < 0 || number < least || number > most)
        return heal_pairs_refuse(pairs, "%s is not in %llu to %llu", value, (unsigned long long)least,
                                 (unsigned long long)most);
    keep(field, into, number);
    return 0;
}

static int parse_signed(struct heal_pairs *pairs, const char *value, char *into) {
    int64_t number = 0;

    int r = heal_number_parse_i64(value, &number);
    if (r == -EINVAL)
        return heal_pairs_refuse(pairs, "\"%s\" is not a whole number", value);
    if (r < 0 || number < INT32_MIN || number > INT32_MAX)
        return heal_pairs_refuse(pairs, "%s is too large a number", value);
    memcpy(into, &(int32_t){(int32_t)number}, sizeof(int32_t));
    return 0;
}

static int parse_float(struct heal_pairs *pairs, const struct heal_field *field, const char *value,
                       char *into) {
    float number = 0;

    if (heal_number_parse_float(value, &number) < 0)
        return heal_pairs_refuse(pairs, "\"%s\" is not a finite number", value);
    if ((field->least != 0 || field->most != 0) && (number < field->least || number > field->most))
        return heal_pairs_refuse(pairs, "%s is not in %g to %g", value, (double)field->least,
                                 (double)field->most);
    memcpy(into, &number, sizeof number);
    return 0;
}

static int parse_feature(struct heal_pairs *pairs, const struct heal_field *field, const char *value,
                         char *base) {
    if (strcmp(value, "-") == 0)
        return 0;
    base[field->aside] = (char)((uint8_t)base[field->aside] | 1U << field->size);
    return parse_float(pairs, field, value, base + field->offset);
}

static int parse_choice(struct heal_pairs *pairs, const struct heal_field *field, const char *value,
                        char *into) {
    for (unsigned i = 0; field->names[i]; i++) {
        if (strcmp(field->names[i], value) == 0) {
            memcpy(into, &i, sizeof i);
            return 0;
        }
    }
    const char *nearest = heal_name_nearest(value, field->names);
    if (nearest)
        return heal_pairs_refuse(pairs, "\"%s\" is not known; do you mean \"%s\"?", value, nearest);
    return heal_pairs_refuse(pairs, "\"%s\" is not known", value);
}

static int parse_node(struct heal_pairs *pairs, const char *value, char *into) {
    uint64_t node = 0;

    if (heal_number_parse_u64(value, 16, &node) < 0)
        return heal_pairs_refuse(pairs, "\"%s\" is not a node's id (up to 16 hexadecimal digits)", value);
    memcpy(into, &node, sizeof node);
    return 0;
}

static int parse_address(struct heal_pairs *pairs, const char *value, char *into) {
    struct heal_address address;

    if (heal_address_parse(value, &address) < 0)
        return heal_pairs_refuse(pairs, "\"%s\" is not an address", value);
    memcpy(into, &address, sizeof address);
    return 0;
}

static int parse_prefix(struct heal_pairs *pairs, const char *value, char *into) {
    struct heal_prefix prefix;

    if (heal_prefix_parse(value, &prefix) < 0)
        return heal_pairs_refuse(pairs, "\"%s\" is not ADDRESS/LENGTH", value);
    memcpy(into, &prefix, sizeof prefix);
    return 0;
}

static int parse_port(struct heal_pairs *pairs, char *value, char *into) {
    struct heal_port_key key = {0};

    if (strcmp(value, "-") != 0) {
        char *percent = strchr(value, '%');

        if (!percent || strlen(percent + 1) >= sizeof key.ifname)
            return heal_pairs_refuse(pairs, "\"%s\" is not ADDRESS%%INTERFACE", value);
        heal_name_copy(key.ifname, sizeof key.ifname, percent + 1);
        *percent = '\0';
        if (heal_address_parse(value, &key.peer) < 0)
            return heal_pairs_refuse(pairs, "\"%s\" is not an address", value);
    }
    memcpy(into, &key, sizeof key);
    return 0;
}

static int parse_nodes(struct heal_pairs *pairs, const struct heal_field *field, char *value, char *base) {
    unsigned count = 0;

    if (strcmp(value, "-") == 0)
        return 0;
    for (char *part = value, *next; part; part = next, count++) {
        next = strchr(part, '/');
        if (next)
            *next++ = '\0';
        if ((float)count >= field->most)
            return heal_pairs_refuse(pairs, "more than %g nodes", (double)field->most);
        int r = parse_node(pairs, part, base + field->offset + count * sizeof(heal_node_id));
        if (r < 0)
            return r;
    }
    base[field->aside] = (char)count;
    return 0;
}

/* @return the digit's value; above 15 for what is none. */
static unsigned digit_of(char digit) {
    static const char digits[] = "0123456789abcdef";
    const char *at = digit ? strchr(digits, digit) : NULL;

    return at ? (unsigned)(at - digits) : 16;
}

static int parse_bytes(struct heal_pairs *pairs, const struct heal_field *field, const char *value,
                       char *base) {
    size_t digits = strcmp(value, "-") == 0 ? 0 : strlen(value);

    if (digits % 2 != 0 || digits > 2 * field->size)
        return heal_pairs_refuse(pairs, "not up to %zu bytes of two hexadecimal digits", field->size);
    for (size_t i = 0; i < digits / 2; i++) {
        unsigned high = digit_of(value[2 * i]), low = digit_of(value[2 * i + 1]);

        if (high > 15 || low > 15)
            return heal_pairs_refuse(pairs, "\"%.2s\" is not two hexadecimal digits", value + 2 * i);
        base[field->offset + i] = (char)(high << 4 | low);
    }
    base[field->aside] = (char)(digits / 2);
    return 0;
}

static int parse_value(struct heal_pairs *pairs, const struct heal_field *field, char *value, char *base) {
    char *into = base + field->offset;

    switch (field->type) {
    case HEAL_FIELD_U8:
    case HEAL_FIELD_U16:
    case HEAL_FIELD_U32:
    case HEAL_FIELD_U64:
    case HEAL_FIELD_BOOL:
        return parse_unsigned(pairs, field, value, into);
    case HEAL_FIELD_I32:
        return parse_signed(pairs, value, into);
    case HEAL_FIELD_FLOAT:
        return parse_float(pairs, field, value, into);
    case HEAL_FIELD_FEATURE:
        return parse_feature(pairs, field, value, base);
    case HEAL_FIELD_CHOICE:
        return parse_choice(pairs, field, value, into);
    case HEAL_FIELD_NODE:
        return parse_node(pairs, value, into);
    case HEAL_FIELD_ADDRESS:
        return parse_address(pairs, value, into);
    case HEAL_FIELD_PREFIX:
        return parse_prefix(pairs, value, into);
    case HEAL_FIELD_PORT:
        return parse_port(pairs, value, into);
    case HEAL_FIELD_NODES:
        return parse_nodes(pairs, field, value, base);
    case HEAL_FIELD_BYTES:
        return parse_bytes(pairs, field, value, base);
    case HEAL_FIELD_TEXT:
    case HEAL_FIELD_LIST:
    case HEAL_FIELD_TYPES:
        break;
    }
    return heal_pairs_refuse(pairs, "cannot be read here");
}

/* One element of a list: values joined by commas, as many as the element has fields. */
static int parse_element(struct heal_pairs *pairs, const struct heal_field *list, char *value, char *base) {
    unsigned count = (uint8_t)base[list->aside];
    char *element = base + list->offset + count * list->size;

    if ((float)count >= list->most)
        return heal_pairs_refuse(pairs, "comes more than %g times", (double)list->most);
    for (const struct heal_field *field = list->element; field->name; field++) {
        if (!value)
            return heal_pairs_refuse(pairs, "the %s is missing", field->name);
        char *comma = strchr(value, ',');
        if (comma)
            *comma = '\0';
        int r = parse_value(pairs, field, value, element);
        if (r < 0)
            return r;
        value = comma ? comma + 1 : NULL;
    }
    if (value)
        return heal_pairs_refuse(pairs, "\"%s\" is one value too many", value);
    base[list->aside] = (char)(count + 1);
    return 0;
}

static int parse_pair(struct heal_pairs *pairs, const struct heal_field *field, char *base) {
    char value[VALUE_MAX];

    if (field->type == HEAL_FIELD_TEXT)
        return heal_pairs_text(pairs, base + field->offset, field->size);
    int r = heal_pairs_text(pairs, value, sizeof value);
    if (r < 0)
        return r;
    if (field->type == HEAL_FIELD_LIST)
        return parse_element(pairs, field, value, base);
    return parse_value(pairs, field, value, base);
}

static int unknown_name(struct heal_pairs *pairs, const struct heal_field *fields) {
    const char *names[FIELDS_MAX + 1] = {NULL};

    for (size_t i = 0; i < FIELDS_MAX && fields[i].name; i++)
        names[i] = fields[i].name;
    return heal_pairs_unknown(pairs, names);
}

static int check_all_came(const struct heal_pairs *pairs, const struct heal_field *fields, uint64_t came) {
    for (size_t i = 0; fields[i].name; i++) {
        if (fields[i].type != HEAL_FIELD_LIST && !(came >> i & 1))
            return heal_error_set(pairs->error, -EINVAL, pairs->line,
                                  (int)(pairs->offset - pairs->line_start) + 1, "%s=… is missing",
                                  fields[i].name);
    }
    return 0;
}

int heal_fields_parse(struct heal_pairs *pairs, const struct heal_field *fields, void *into) {
    uint64_t came = 0;
    int r;

    while ((r = heal_pairs_next(pairs)) > 0) {
        size_t i = 0;

        while (fields[i].name && !heal_pairs_is(pairs, fields[i].name))
            i++;
        if (!fields[i].name)
            return unknown_name(pairs, fields);
        if ((came >> i & 1) && fields[i].type != HEAL_FIELD_LIST)
            return heal_pairs_refuse(pairs, "comes twice");
        came |= UINT64_C(1) << i;
        r = parse_pair(pairs, &fields[i], into);
        if (r < 0)
            return r;
    }
    return r < 0 ? r : check_all_came(pairs, fields, came);
}
