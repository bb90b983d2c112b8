/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/page.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/utf8.h"

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

void heal_page_print(const struct heal_page *page, enum heal_style style, const char *format, ...) {
    char text[2048], clean[2000]; /* so that what does not fit is seen to be cut */
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    heal_utf8_show(text, clean, sizeof clean);
    if (page->colour && style != HEAL_PLAIN)
        fprintf(page->out, "%s%s\033[0m", escapes[style], clean);
    else
        fputs(clean, page->out);
}

void heal_page_json(FILE *out, const json_t *value) {
    json_dumpf(value, out, JSON_INDENT(1) | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)); /* .1 is .1 */
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
