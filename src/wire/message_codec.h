/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Messages between neighbours as bytes (protobuf: proto/heal/v1/mesh.proto). The decoder takes bytes from
 * anybody: it checks every range, caps every list, takes only printable text, and skips what it does not
 * know.
 */
#ifndef HEAL_WIRE_MESSAGE_CODEC_H
#define HEAL_WIRE_MESSAGE_CODEC_H

#include "heal/error.h"
#include "heal/message.h"

enum { HEAL_MESSAGE_BYTES_MAX = 1400 };

/**
 * Writes all of a message but its port.
 * @return the length; -EMSGSIZE for one that is longer than @p size or HEAL_MESSAGE_BYTES_MAX; -EINVAL for
 *         one that no decoder would take; -ENOMEM.
 */
int heal_message_encode(const struct heal_message *message, uint8_t *buffer, size_t size);

/**
 * Reads a message; its port is left zero for the caller to fill in.
 * @param error may be NULL. @return 0; -EMSGSIZE for too many bytes; -EBADMSG for what is no valid message.
 */
int heal_message_decode(const uint8_t *bytes, size_t length, struct heal_message *ret_message,
                        struct heal_error *error);

#endif
