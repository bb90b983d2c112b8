/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/netlink_attribute.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <string.h>

/* @return whether the bytes are what the row says; then they are in its member. */
static bool take(const struct heal_attribute *row, const uint8_t *data, size_t size, uint8_t *into) {
    uint8_t *member = into + row->offset;
    switch (row->kind) {
    case HEAL_ATTRIBUTE_NUMBER:
    case HEAL_ATTRIBUTE_BYTES:
        if (size != row->size) {
            return false;
        }
        memcpy(member, data, size);
        return true;
    case HEAL_ATTRIBUTE_NAME:
        if (size == 0 || size > row->size || memchr(data, '\0', size) != data + size - 1) {
            return false;
        }
        memcpy(member, data, size);
        return true;
    case HEAL_ATTRIBUTE_FLAG:
        *(bool *)member = true;
        return true;
    case HEAL_ATTRIBUTE_NEST:
        break;
    }
    return false;
}

static const struct heal_attribute *find(const struct heal_attribute *table, unsigned type) {
    for (const struct heal_attribute *row = table; row->type != 0; row++) {
        if (row->type == type) {
            return row;
        }
    }
    return NULL;
}

/* Takes the attribute that begins here. @return the bytes up to the next, or -EBADMSG. */
static int read_one(const uint8_t *bytes, size_t length, const struct heal_attribute *table, uint8_t *into) {
    struct nlattr head;
    if (length < sizeof(head)) {
        return -EBADMSG;
    }
    memcpy(&head, bytes, sizeof(head));
    if (head.nla_len < sizeof(head) || head.nla_len > length) {
        return -EBADMSG;
    }
    const struct heal_attribute *row = find(table, head.nla_type & (unsigned)NLA_TYPE_MASK);
    const uint8_t *data = bytes + sizeof(head);
    size_t size = head.nla_len - sizeof(head);
    if (row && row->kind == HEAL_ATTRIBUTE_NEST) {
        int r = heal_attributes_read(data, size, row->nest, into);
        if (r < 0) {
            return r;
        }
    } else if (row && take(row, data, size, into) && row->seen) {
        *(bool *)(into + row->seen) = true;
    }
    return (int)((head.nla_len + NLA_ALIGNTO - 1U) & ~(NLA_ALIGNTO - 1U));
}

int heal_attributes_read(const uint8_t *bytes, size_t length, const struct heal_attribute *table,
                         void *into) {
    while (length > 0) {
        int step = read_one(bytes, length, table, into);
        if (step < 0) {
            return step;
        }
        if ((size_t)step >= length) {
            return 0;
        }
        bytes += step;
        length -= (size_t)step;
    }
    return 0;
}
