/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/page.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const escapes[] = {
    [HEAL_PLAIN] = "",        [HEAL_BOLD] = "\033[1m",  [HEAL_DIM] = "\033[2m",
    [HEAL_GOOD] = "\033[32m", [HEAL_WARN] = "\033[33m", [HEAL_BAD] = "\033[31m",
};

static bool wants_colour(FILE *out) {
    const char *never = getenv("NO_COLOR"), *terminal = getenv("TERM");
    int fd = fileno(out);

    return fd >= 0 && isatty(fd) && !(never && never[0]) && terminal && strcmp(terminal, "dumb") != 0;
}

void heal_page_init(struct heal_page *page, FILE *out, const json_t *reply) {
    double now = -1;

    heal_field_number(reply, "now", &now);
    *page = (struct heal_page){.out = out, .colour = wants_colour(out), .now = now};
}

static bool continues(char c) {
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* Makes the end of a text that fills its buffer say that there was more, not in the middle of a character. */
static void mark_cut(char *buffer, size_t size) {
    static const char MARK[] = "\xe2\x80\xa6"; /* an ellipsis, with its NUL */
    size_t length = size > sizeof MARK ? size - sizeof MARK : 0;

    while (length > 0 && continues(buffer[length]))
        length--;
    if (size >= sizeof MARK)
        memcpy(buffer + length, MARK, sizeof MARK);
    else
        buffer[0] = '\0';
}

void heal_page_clean(char *buffer, size_t size, const char *text) {
    size_t length = 0;

    for (; *text && length + 1 < size; text++) {
        unsigned char c = (unsigned char)*text;
        /* C1 controls are two bytes in UTF-8, 0xc2 0x80 to 0x9f. */
        bool control = c < 0x20 || c == 0x7f || (c == 0xc2 && (unsigned char)text[1] < 0xa0);

        buffer[length++] = (char)(control ? '?' : c);
        if (control && c == 0xc2 && text[1])
            text++;
    }
    buffer[length] = '\0';
    if (*text)
        mark_cut(buffer, size);
}

void heal_page_print(const struct heal_page *page, enum heal_style style, const char *format, ...) {
    char text[2048], clean[2000]; /* so that what does not fit is seen to be cut */
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    heal_page_clean(clean, sizeof clean, text);
    if (page->colour && style != HEAL_PLAIN)
        fprintf(page->out, "%s%s\033[0m", escapes[style], clean);
    else
        fputs(clean, page->out);
}

void heal_page_json(FILE *out, const json_t *value) {
    json_dumpf(value, out, JSON_INDENT(1) | JSON_ENCODE_ANY);
    fputc('\n', out);
}

const char *heal_field_text(const json_t *object, const char *name, const char *otherwise) {
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : otherwise;
}

bool heal_field_number(const json_t *object, const char *name, double *ret_value) {
    const json_t *field = json_object_get(object, name);

    if (!json_is_number(field) || !isfinite(json_number_value(field)))
        return false;
    *ret_value = json_number_value(field);
    return true;
}

bool heal_field_true(const json_t *object, const char *name) {
    return json_is_true(json_object_get(object, name));
}

long long heal_field_integer(const json_t *object, const char *name) {
    return json_integer_value(json_object_get(object, name));
}
