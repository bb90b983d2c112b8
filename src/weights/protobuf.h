/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Protocol Buffers' wire format, written: fields one after another, messages within messages. It owns its
 * bytes. When memory runs out it goes on without writing, and says so at the end.
 */
#ifndef HEAL_WEIGHTS_PROTOBUF_H
#define HEAL_WEIGHTS_PROTOBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct heal_protobuf {
    uint8_t *bytes; /**< for free() */
    size_t length, room;
    bool failed; /**< there was no memory */
};

void heal_protobuf_whole(struct heal_protobuf *message, unsigned field, uint64_t value);
void heal_protobuf_text(struct heal_protobuf *message, unsigned field, const char *text);
void heal_protobuf_bytes(struct heal_protobuf *message, unsigned field, const uint8_t *bytes, size_t length);

/** Adds fields that another holds. */
void heal_protobuf_append(struct heal_protobuf *message, const struct heal_protobuf *fields);

/** Begins a message within; what follows is in it until it ends. @return what heal_protobuf_end wants */
size_t heal_protobuf_begin(struct heal_protobuf *message, unsigned field);
void heal_protobuf_end(struct heal_protobuf *message, size_t begun);

#endif
