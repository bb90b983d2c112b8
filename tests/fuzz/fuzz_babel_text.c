/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/babel_text.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *at = (const char *)data, *end = at + size;
    struct heal_babel_line line;
    struct heal_error error;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *next = newline ? newline + 1 : end;
        if (heal_babel_line_parse(at, (size_t)(next - at), &line, &error) < 0 && error.column < 1) {
            __builtin_trap();
        }
        at = next;
    }
    return 0;
}
