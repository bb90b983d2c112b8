/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "weights/header.h"

#include "weights/safetensors.h"

#include <string.h>

int heal_header_peek(struct heal_header *header) {
    while (header->at < header->end && header->bytes[header->at] != 0 &&
           strchr(" \t\r\n", header->bytes[header->at]))
        header->at++;
    return header->at < header->end ? header->bytes[header->at] : -1;
}

int heal_header_take(struct heal_header *header, char wanted) {
    int there = heal_header_peek(header);

    if (there < 0)
        return heal_safetensors_refuse(header->error, header->at, "the header ends where a '%c' is due",
                                       wanted);
    if (there != wanted)
        return heal_safetensors_refuse(header->error, header->at, "a '%c' is due", wanted);
    header->at++;
    return 0;
}

int heal_header_next(struct heal_header *header, char closing, bool first, bool *ret_more) {
    if (heal_header_peek(header) == closing) {
        header->at++;
        *ret_more = false;
        return 0;
    }
    *ret_more = true;
    return first ? 0 : heal_header_take(header, ',');
}

static int hex_of(int character) {
    const char *digits = "0123456789abcdef", *found;

    if (character >= 'A' && character <= 'F')
        character += 'a' - 'A';
    found = character > 0 ? strchr(digits, character) : NULL;
    return found ? (int)(found - digits) : -1;
}

/* \uXXXX, the backslash and the u being past. */
static int take_code(struct heal_header *header, unsigned *ret_code) {
    unsigned code = 0;

    for (int i = 0; i < 4; i++, header->at++) {
        int digit = header->at < header->end ? hex_of(header->bytes[header->at]) : -1;

        if (digit < 0)
            return heal_safetensors_refuse(header->error, header->at, "four hexadecimal digits are due");
        code = code << 4 | (unsigned)digit;
    }
    if (code == 0 || (code >= 0xd800 && code < 0xe000))
        return heal_safetensors_refuse(header->error, header->at - 4, "character %04x is not taken", code);
    *ret_code = code;
    return 0;
}

static size_t put_utf8(unsigned code, char *to) {
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xc0 | code >> 6);
        to[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    to[0] = (char)(0xe0 | code >> 12);
    to[1] = (char)(0x80 | (code >> 6 & 0x3f));
    to[2] = (char)(0x80 | (code & 0x3f));
    return 3;
}

/* What follows a backslash. @param to has room for three bytes */
static int take_escape(struct heal_header *header, char *to, size_t *ret_size) {
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    int what = header->at < header->end ? header->bytes[header->at] : 0;
    const char *found = what > 0 ? strchr(from, what) : NULL;
    unsigned code = 0;

    if (!found && what != 'u')
        return heal_safetensors_refuse(header->error, header->at,
                                       "a backslash before nothing that it goes with");
    header->at++;
    if (found) {
        *to = into[found - from];
        *ret_size = 1;
        return 0;
    }
    int r = take_code(header, &code);
    if (r == 0)
        *ret_size = put_utf8(code, to);
    return r;
}

int heal_header_string(struct heal_header *header, char *buffer, size_t size, size_t *ret_length) {
    size_t length = 0, begin = header->at;
    int r = heal_header_take(header, '"');

    while (r == 0) {
        size_t taken = 1;
        char piece[4] = {0};
        int there = header->at < header->end ? header->bytes[header->at] : -1;

        if (there < 0)
            return heal_safetensors_refuse(header->error, begin, "a text without an end");
        if (there < 0x20)
            return heal_safetensors_refuse(header->error, header->at, "a control character (%02x) in a text",
                                           (unsigned)there);
        header->at++;
        if (there == '"')
            break;
        piece[0] = (char)there;
        if (there == '\\')
            r = take_escape(header, piece, &taken);
        if (r == 0 && length + taken >= size)
            return heal_safetensors_refuse(header->error, begin,
                                           "a text too long: at most %zu bytes are taken", size - 1);
        memcpy(buffer + length, piece, taken);
        length += taken;
    }
    if (r < 0)
        return r;
    buffer[length] = '\0';
    *ret_length = length;
    return 0;
}

int heal_header_name(struct heal_header *header, char *buffer, size_t size, size_t *ret_place) {
    size_t length = 0;

    heal_header_peek(header);
    *ret_place = header->at;
    int r = heal_header_string(header, buffer, size, &length);
    if (r < 0)
        return r;
    for (size_t i = 0; i < length; i++) {
        if (buffer[i] <= ' ' || buffer[i] > '~')
            return heal_safetensors_refuse(header->error, *ret_place,
                                           "a name that is not of printable ASCII");
    }
    return length > 0 ? 0 : heal_safetensors_refuse(header->error, *ret_place, "a name that is empty");
}

int heal_header_whole(struct heal_header *header, uint64_t most, uint64_t *ret_value) {
    int there = heal_header_peek(header);
    size_t begin = header->at;
    uint64_t value = 0;

    if (there < '0' || there > '9')
        return heal_safetensors_refuse(header->error, begin, "a whole number is due");
    for (; header->at < header->end && header->bytes[header->at] >= '0' && header->bytes[header->at] <= '9';
         header->at++) {
        value = value * 10 + (header->bytes[header->at] - (uint64_t)'0');
        if (value > most)
            return heal_safetensors_refuse(header->error, begin, "a number above %llu",
                                           (unsigned long long)most);
    }
    if (header->at < header->end && header->bytes[header->at] != 0 &&
        strchr(".eE", header->bytes[header->at]))
        return heal_safetensors_refuse(header->error, begin, "a whole number is due");
    *ret_value = value;
    return 0;
}
