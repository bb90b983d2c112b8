/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "config/utf8.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* RFC 3629, 4: the shape of a character, by its first byte; the second byte has bounds of its own. */
struct shape {
    uint8_t first_min, first_max, bytes, second_min, second_max;
};

static const struct shape shapes[] = {
    {0x00, 0x7f, 1, 0,    0   },
    {0xc2, 0xdf, 2, 0x80, 0xbf},
    {0xe0, 0xe0, 3, 0xa0, 0xbf},
    {0xe1, 0xec, 3, 0x80, 0xbf},
    {0xed, 0xed, 3, 0x80, 0x9f},
    {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf},
    {0xf1, 0xf3, 4, 0x80, 0xbf},
    {0xf4, 0xf4, 4, 0x80, 0x8f},
};

/* @return the bytes of the character at the start of @p text, or 0 if there is none. */
static size_t character_length(const unsigned char *text, size_t length) {
    const struct shape *shape = shapes;
    const struct shape *end = shapes + sizeof shapes / sizeof shapes[0];

    while (shape < end && (text[0] < shape->first_min || text[0] > shape->first_max))
        shape++;
    if (shape == end || length < shape->bytes)
        return 0;
    if (shape->bytes > 1 && (text[1] < shape->second_min || text[1] > shape->second_max))
        return 0;
    for (size_t i = 2; i < shape->bytes; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    return shape->bytes;
}

size_t heal_utf8_decode(const char *text, size_t length, uint32_t *ret_code) {
    static const uint8_t first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    const unsigned char *byte = (const unsigned char *)text;
    size_t bytes = length > 0 ? character_length(byte, length) : 0;

    if (bytes == 0)
        return 0;
    uint32_t code = byte[0] & first_bits[bytes];
    for (size_t i = 1; i < bytes; i++)
        code = code << 6 | (byte[i] & 0x3fU);
    *ret_code = code;
    return bytes;
}

/* C0, DEL and C1 (which UTF-8 writes as c2 80 to c2 9f; c2 85 is a line's end to YAML, and no one needs it).
 */
static bool is_control(const unsigned char *character) {
    return character[0] < 0x20 || character[0] == 0x7f || (character[0] == 0xc2 && character[1] < 0xa0);
}

int heal_utf8_check(const char *text, size_t length, struct heal_error *error) {
    const unsigned char *byte = (const unsigned char *)text;
    int line = 1, column = 1;

    for (size_t i = 0; i < length; column++) {
        size_t bytes = character_length(byte + i, length - i);

        if (bytes == 0)
            return heal_error_set(error, -EINVAL, line, column, "no UTF-8 (byte 0x%02x)", byte[i]);
        if (byte[i] == '\n') {
            line++;
            column = 0;
        } else if (byte[i] != '\t' && byte[i] != '\r' && is_control(byte + i)) {
            return heal_error_set(error, -EINVAL, line, column, "a control character (byte 0x%02x)",
                                  byte[i + bytes - 1]);
        }
        i += bytes;
    }
    return 0;
}

const char *heal_utf8_show(const char *text, char *buffer, size_t size) {
    static const char ellipsis[] = "…";
    const unsigned char *byte = (const unsigned char *)text;
    size_t length = strlen(text), used = 0, safe = 0; /* safe: the ellipsis still fits behind it */

    for (size_t i = 0; i < length;) {
        size_t bytes = character_length(byte + i, length - i);
        bool good = bytes > 0 && !is_control(byte + i);
        size_t wanted = good ? bytes : 1;

        if (used + sizeof ellipsis <= size)
            safe = used;
        if (used + wanted + 1 > size) {
            memcpy(buffer + safe, ellipsis, sizeof ellipsis);
            return buffer;
        }
        if (good)
            memcpy(buffer + used, text + i, bytes);
        else
            buffer[used] = '?';
        used += wanted;
        i += bytes > 0 ? bytes : 1;
    }
    buffer[used] = '\0';
    return buffer;
}
