/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { DISTANCE_MAX = 64 };

void heal_text_init(struct heal_text *text, char *buffer, size_t size) {
    *text = (struct heal_text){.buffer = buffer, .size = size};
    buffer[0] = '\0';
}

void heal_text_add_v(struct heal_text *text, const char *format, va_list arguments) {
    size_t room = text->size - text->length;
    int wanted = vsnprintf(text->buffer + text->length, room, format, arguments);

    if (wanted < 0 || (size_t)wanted >= room) {
        text->length = text->size - 1;
        text->cut = true;
        return;
    }
    text->length += (size_t)wanted;
}

void heal_text_add(struct heal_text *text, const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    heal_text_add_v(text, format, arguments);
    va_end(arguments);
}

void heal_name_copy(char *buffer, size_t size, const char *source) {
    size_t length = strnlen(source, size - 1);

    memcpy(buffer, source, length);
    buffer[length] = '\0';
}

size_t heal_name_distance(const char *a, const char *b) {
    size_t row[DISTANCE_MAX + 1];
    size_t length_a = strnlen(a, DISTANCE_MAX), length_b = strnlen(b, DISTANCE_MAX);

    for (size_t j = 0; j <= length_b; j++)
        row[j] = j;
    for (size_t i = 1; i <= length_a; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= length_b; j++) {
            size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            size_t best = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;

            diagonal = row[j];
            row[j] = replaced < best ? replaced : best;
        }
    }
    return row[length_b];
}

const char *heal_name_nearest(const char *name, const char *const *candidates) {
    const char *nearest = NULL;
    size_t nearest_distance = (strlen(name) + 2) / 3;

    for (; *candidates; candidates++) {
        size_t distance = heal_name_distance(name, *candidates);

        if (distance < nearest_distance || (distance == nearest_distance && !nearest)) {
            nearest = *candidates;
            nearest_distance = distance;
        }
    }
    return nearest;
}
