/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "picture/markup.h"

#include "config/utf8.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

static bool is_shown(uint32_t code) {
    bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    /* Unicode's bidirectional controls (UAX 9, 2): a name written with them reads as another. */
    bool turns = code == 0x061c || code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
                 (code >= 0x2066 && code <= 0x2069);
    /* Not characters, in XML and HTML. */
    bool none = code == 0x2028 || code == 0x2029 || code == 0xfeff || (code & 0xfffe) == 0xfffe ||
                (code >= 0xfdd0 && code <= 0xfdef);

    return !control && !turns && !none;
}

static void add_escaped(FILE *out, const char *text) {
    static const char *const entity[128] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;",
    };
    size_t left = strlen(text);

    for (size_t length; left > 0; text += length, left -= length) {
        uint32_t code = 0;

        length = heal_utf8_decode(text, left, &code);
        if (length == 0 || !is_shown(code))
            fputs("\xef\xbf\xbd", out);
        else if (code < 128 && entity[code])
            fputs(entity[code], out);
        else
            fwrite(text, 1, length, out);
        length = length ? length : 1;
    }
}

/* What has more than one letter. */
static size_t add_long(FILE *out, const char *format, va_list *arguments) {
    if (strncmp(format, "zu", 2) == 0) {
        fprintf(out, "%zu", va_arg(*arguments, size_t));
        return 2;
    }
    if (strncmp(format, "llu", 3) == 0) {
        fprintf(out, "%llu", va_arg(*arguments, unsigned long long));
        return 3;
    }
    if (format[0] != '.' || format[1] < '0' || format[1] > '9' || format[2] != 'f')
        return 0;
    double value = va_arg(*arguments, double);
    fprintf(out, "%.*f", format[1] - '0', isfinite(value) ? value : 0);
    return 3;
}

/* What follows a %: @return how long it is, or 0 where it is not known. */
static size_t add_argument(FILE *out, const char *format, va_list *arguments) {
    if (format[0] == '%')
        fputc('%', out);
    else if (format[0] == 's')
        add_escaped(out, va_arg(*arguments, const char *));
    else if (format[0] == 'd')
        fprintf(out, "%d", va_arg(*arguments, int));
    else
        return add_long(out, format, arguments);
    return 1;
}

void heal_markup_add(FILE *out, const char *template, ...) {
    va_list arguments;

    va_start(arguments, template);
    while (*template) {
        size_t length = strcspn(template, "%");

        fwrite(template, 1, length, out);
        template += length;
        if (*template != '%')
            break;
        length = add_argument(out, template + 1, &arguments);
        if (length == 0)
            break;
        template += 1 + length;
    }
    va_end(arguments);
}
