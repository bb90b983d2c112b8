/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "weights/protobuf.h"

#include <stdlib.h>
#include <string.h>

enum { VARINT_MAX = 10, ROOM_FIRST = 4096 };
enum wire { WIRE_VARINT = 0, WIRE_BYTES = 2 };

/* @return where so many bytes more go; NULL: nowhere. */
static uint8_t *grow(struct heal_protobuf *message, size_t bytes) {
    while (!message->failed && message->room - message->length < bytes) {
        size_t room = message->room > 0 ? 2 * message->room : ROOM_FIRST;
        uint8_t *larger = realloc(message->bytes, room);

        message->failed = !larger;
        if (larger) {
            message->bytes = larger;
            message->room = room;
        }
    }
    if (message->failed)
        return NULL;
    message->length += bytes;
    return message->bytes + message->length - bytes;
}

/* @return the bytes of a varint: seven bits each, least first. */
static size_t varint(uint64_t value, uint8_t to[static VARINT_MAX]) {
    size_t length = 0;

    for (; value >= 0x80; value >>= 7)
        to[length++] = (uint8_t)(value | 0x80);
    to[length++] = (uint8_t)value;
    return length;
}

static void add(struct heal_protobuf *message, const uint8_t *bytes, size_t length) {
    uint8_t *to = grow(message, length);

    if (to && length > 0)
        memcpy(to, bytes, length);
}

static void add_varint(struct heal_protobuf *message, uint64_t value) {
    uint8_t bytes[VARINT_MAX];
    size_t length = varint(value, bytes);

    add(message, bytes, length);
}

static void add_tag(struct heal_protobuf *message, unsigned field, enum wire wire) {
    add_varint(message, (uint64_t)field << 3 | wire);
}

void heal_protobuf_whole(struct heal_protobuf *message, unsigned field, uint64_t value) {
    add_tag(message, field, WIRE_VARINT);
    add_varint(message, value);
}

void heal_protobuf_bytes(struct heal_protobuf *message, unsigned field, const uint8_t *bytes, size_t length) {
    add_tag(message, field, WIRE_BYTES);
    add_varint(message, length);
    add(message, bytes, length);
}

void heal_protobuf_text(struct heal_protobuf *message, unsigned field, const char *text) {
    heal_protobuf_bytes(message, field, (const uint8_t *)text, strlen(text));
}

void heal_protobuf_append(struct heal_protobuf *message, const struct heal_protobuf *fields) {
    message->failed = message->failed || fields->failed;
    add(message, fields->bytes, fields->length);
}

size_t heal_protobuf_begin(struct heal_protobuf *message, unsigned field) {
    add_tag(message, field, WIRE_BYTES);
    return message->length;
}

/* Its length goes before it, now that it is known. */
void heal_protobuf_end(struct heal_protobuf *message, size_t begun) {
    uint8_t bytes[VARINT_MAX];
    size_t inside = message->length - begun, length = varint(inside, bytes);

    if (!grow(message, length))
        return;
    memmove(message->bytes + begun + length, message->bytes + begun, inside);
    memcpy(message->bytes + begun, bytes, length);
}
