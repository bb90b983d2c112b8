/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/rtnetlink.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_rtnetlink_message message;
    size_t at = 0, used;
    while (heal_rtnetlink_decode(data + at, size - at, &message, &used) == 0) {
        if (used == 0 || used > size - at) {
            __builtin_trap();
        }
        if (message.kind == HEAL_RTNETLINK_ROUTE && message.route.reading.prefix.length > 128) {
            __builtin_trap();
        }
        at += used;
    }
    return 0;
}
