/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Structs as `name=value` pairs, by a table: one row a field says its name, type, place and range, and is the
 * only place that does. Writing, reading and the documentation come from the row. What is written is read
 * back exactly. A table ends with a row without a name and has at most 64 rows.
 */
#ifndef HEAL_BASE_FIELD_H
#define HEAL_BASE_FIELD_H

#include "base/pairs.h"

enum heal_field_type {
    HEAL_FIELD_U8,
    HEAL_FIELD_U16,
    HEAL_FIELD_U32,
    HEAL_FIELD_U64,
    HEAL_FIELD_I32,
    HEAL_FIELD_BOOL,
    HEAL_FIELD_FLOAT,
    HEAL_FIELD_FEATURE, /**< a float, or `-` where bit `size` of the byte at `aside` is not set */
    HEAL_FIELD_TEXT,    /**< a char array of `size` bytes */
    HEAL_FIELD_CHOICE,  /**< an enum: value i is spelled names[i] */
    HEAL_FIELD_NODE,    /**< heal_node_id, 16 hexadecimal digits */
    HEAL_FIELD_ADDRESS,
    HEAL_FIELD_PREFIX,
    HEAL_FIELD_PORT,  /**< ADDRESS%IFNAME; `-` for a zero key */
    HEAL_FIELD_NODES, /**< node ids joined by `/` (`-`: none); their number is the byte at `aside`, at most
                         `most` */
    HEAL_FIELD_BYTES, /**< `size` bytes of room as hexadecimal digits (`-`: none); their number is the byte at
                         `aside` */
    HEAL_FIELD_LIST, /**< the pair comes once an element, 0 to `most` times: the values of `element` joined by
                        commas; their number is the byte at `aside` */
    HEAL_FIELD_TYPES,
};

struct heal_field {
    const char *name;
    enum heal_field_type type;
    size_t offset;            /**< in the struct */
    size_t size;              /**< TEXT: of the array; LIST: of an element; FEATURE: the bit; BYTES: room */
    size_t aside;             /**< offset of the byte that goes with it */
    float least, most;        /**< of a number, both 0: all that the type holds; of a list: most elements */
    const char *const *names; /**< CHOICE; ends with NULL */
    const struct heal_field *element; /**< LIST; no TEXT, PORT or LIST in it */
};

/* Rows: HEAL_FIELD_OF(U32, "mtu", struct heal_reading_link, mtu). */
#define HEAL_FIELD_OF(type_, name_, struct_, member_)                                                        \
    { .name = name_, .type = HEAL_FIELD_##type_, .offset = offsetof(struct_, member_) }
#define HEAL_FIELD_RANGE_OF(type_, name_, struct_, member_, least_, most_)                                   \
    {                                                                                                        \
        .name = name_, .type = HEAL_FIELD_##type_, .offset = offsetof(struct_, member_), .least = least_,    \
        .most = most_                                                                                        \
    }
#define HEAL_FIELD_TEXT_OF(name_, struct_, member_)                                                          \
    {                                                                                                        \
        .name = name_, .type = HEAL_FIELD_TEXT, .offset = offsetof(struct_, member_),                        \
        .size = sizeof(((struct_ *)0)->member_)                                                              \
    }
#define HEAL_FIELD_BYTES_OF(name_, struct_, member_, count_)                                                 \
    {                                                                                                        \
        .name = name_, .type = HEAL_FIELD_BYTES, .offset = offsetof(struct_, member_),                       \
        .size = sizeof(((struct_ *)0)->member_), .aside = offsetof(struct_, count_)                          \
    }
#define HEAL_FIELD_CHOICE_OF(name_, struct_, member_, names_)                                                \
    { .name = name_, .type = HEAL_FIELD_CHOICE, .offset = offsetof(struct_, member_), .names = names_ }

/** Adds a struct's pairs. @return 0, or -EINVAL for what could not be read back (NaN, a value out of range).
 */
int heal_fields_format(struct heal_text *text, const struct heal_field *fields, const void *from);

/**
 * Reads pairs up to the end of the text. Each field must come once; names that are not in the table, values
 * out of range and missing fields are errors. @return 0, or -EINVAL with @p into half filled.
 */
int heal_fields_parse(struct heal_pairs *pairs, const struct heal_field *fields, void *into);

#endif
