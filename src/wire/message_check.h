/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What both sides of the message codec hold to be valid.
 */
#ifndef HEAL_WIRE_MESSAGE_CHECK_H
#define HEAL_WIRE_MESSAGE_CHECK_H

#include "heal/types.h"

/** @return whether it is a name or slug: 1 to HEAL_NAME_MAX - 1 printable ASCII characters. */
static inline bool heal_message_text_is_valid(const char *text) {
    size_t length = 0;

    for (; length < HEAL_NAME_MAX && text[length]; length++) {
        if (text[length] < 0x20 || text[length] > 0x7e)
            return false;
    }
    return length > 0 && length < HEAL_NAME_MAX;
}

/** @return whether the id is that of the name: nobody speaks under another's id with a name of his own. */
static inline bool heal_message_sender_is_valid(const char *name, heal_node_id id) {
    return heal_message_text_is_valid(name) && heal_node_id_of(name) == id;
}

/** @return whether it is a share (a NaN is none). */
static inline bool heal_message_share_is_valid(float share) {
    return share >= 0 && share <= 1;
}

/** @return whether a name that may be unknown is empty or valid. */
static inline bool heal_message_is_name(const char *name) {
    return name[0] == '\0' || heal_message_text_is_valid(name);
}

#endif
