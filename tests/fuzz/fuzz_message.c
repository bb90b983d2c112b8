/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A message from a neighbour: what is taken can be said again and is then the same. */
#include "wire/message_codec.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct heal_message message, again;
    uint8_t bytes[HEAL_MESSAGE_BYTES_MAX];
    struct heal_error error;

    if (heal_message_decode(data, size, &message, &error) != 0)
        return 0;
    int length = heal_message_encode(&message, bytes, sizeof bytes);
    /* A path table may be shared more cleverly than we write it. */
    if (length < 0)
        return 0;
    if (heal_message_decode(bytes, (size_t)length, &again, &error) != 0 ||
        // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): the decoder zeroes it all first
        memcmp(&message, &again, sizeof message) != 0)
        abort();
    return 0;
}
