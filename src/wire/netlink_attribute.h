/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Netlink attributes read by a table: one row an attribute says its type, what its bytes are and which member
 * of a struct they fill. Nested ones have a table of their own, and are known by the table alone: nl80211
 * nests without saying so (NLA_F_NESTED is missing). Pure; every length is checked against what is there.
 */
#ifndef HEAL_WIRE_NETLINK_ATTRIBUTE_H
#define HEAL_WIRE_NETLINK_ATTRIBUTE_H

#include <stddef.h>
#include <stdint.h>

enum heal_attribute_kind {
    HEAL_ATTRIBUTE_NUMBER, /**< of the member's size, in the host's order, as the kernel sends it */
    HEAL_ATTRIBUTE_BYTES,  /**< exactly the member's size, such as a MAC address */
    HEAL_ATTRIBUTE_NAME,   /**< text with its NUL, which fits into the member */
    HEAL_ATTRIBUTE_FLAG,   /**< it is there: the member, a bool, becomes true */
    HEAL_ATTRIBUTE_NEST,   /**< attributes, for the table in `nest` */
};

struct heal_attribute {
    uint16_t type;
    enum heal_attribute_kind kind;
    size_t offset, size; /**< of the member */
    size_t seen;         /**< offset of a bool that says that it was there; 0: none */
    const struct heal_attribute *nest;
};

/* Rows: HEAL_ATTRIBUTE_OF(NUMBER, BATADV_ATTR_TQ, struct heal_batadv_originator, tq). A table ends with a row
 * of type 0. */
#define HEAL_ATTRIBUTE_OF(kind_, type_, struct_, member_)                                                    \
    {                                                                                                        \
        .type = (type_), .kind = HEAL_ATTRIBUTE_##kind_, .offset = offsetof(struct_, member_),               \
        .size = sizeof(((struct_ *)0)->member_)                                                              \
    }
#define HEAL_ATTRIBUTE_SEEN_OF(kind_, type_, struct_, member_, seen_)                                        \
    {                                                                                                        \
        .type = (type_), .kind = HEAL_ATTRIBUTE_##kind_, .offset = offsetof(struct_, member_),               \
        .size = sizeof(((struct_ *)0)->member_), .seen = offsetof(struct_, seen_)                            \
    }
#define HEAL_ATTRIBUTE_NEST_OF(type_, nest_)                                                                 \
    { .type = (type_), .kind = HEAL_ATTRIBUTE_NEST, .nest = (nest_) }

/**
 * Fills the members of @p into whose attributes are there; of a type that comes twice the last counts, and
 * one of another size than its row says is as good as not there.
 * @return 0, or -EBADMSG where a length leads out of the bytes, with @p into half filled.
 */
int heal_attributes_read(const uint8_t *bytes, size_t length, const struct heal_attribute *table, void *into);

#endif
