/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "dataset/scan.h"

#include "base/number.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

void heal_scan_init(struct heal_scan *scan, const char *text, size_t length, char separator) {
    *scan = (struct heal_scan){.next = text, .end = text + length, .separator = separator};
    scan->begin = scan->placed = scan->stop = text;
}

bool heal_scan_line(struct heal_scan *scan) {
    if (scan->next == scan->end || scan->line == INT_MAX)
        return false;
    const char *newline = memchr(scan->next, '\n', (size_t)(scan->end - scan->next));
    scan->begin = scan->placed = scan->rest = scan->next;
    scan->stop = newline ? newline : scan->end;
    scan->next = newline ? newline + 1 : scan->end;
    if (scan->stop > scan->begin && scan->stop[-1] == '\r')
        scan->stop--;
    scan->line++;
    return true;
}

/* ASCII, or bytes of UTF-8. */
static bool is_text(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    return true;
}

const char *heal_scan_field(struct heal_scan *scan) {
    scan->placed = scan->rest ? scan->rest : scan->stop;
    if (!scan->rest)
        return NULL;
    const char *end = memchr(scan->rest, scan->separator, (size_t)(scan->stop - scan->rest));
    size_t length = (size_t)((end ? end : scan->stop) - scan->rest);
    if (length >= sizeof scan->field) {
        snprintf(scan->field, sizeof scan->field, "(too long)");
    } else if (!is_text(scan->rest, length)) {
        snprintf(scan->field, sizeof scan->field, "(no text)");
    } else {
        memcpy(scan->field, scan->rest, length);
        scan->field[length] = '\0';
    }
    scan->rest = end ? end + 1 : NULL;
    return scan->field;
}

bool heal_scan_rest(struct heal_scan *scan, char *buffer, size_t size) {
    size_t length = scan->rest ? (size_t)(scan->stop - scan->rest) : 0;

    scan->placed = scan->rest ? scan->rest : scan->stop;
    if (length == 0 || length >= size || !is_text(scan->rest, length))
        return false;
    memcpy(buffer, scan->rest, length);
    buffer[length] = '\0';
    scan->rest = NULL;
    return true;
}

int heal_scan_refuse(const struct heal_scan *scan, struct heal_error *error, const char *format, ...) {
    char what[sizeof error->what];
    va_list arguments;
    ptrdiff_t column = scan->placed - scan->begin + 1;

    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return heal_error_set(error, -EINVAL, scan->line, column < INT_MAX ? (int)column : INT_MAX, "%s", what);
}

int heal_scan_whole(struct heal_scan *scan, const char *what, int64_t least, int64_t most, int64_t *ret_value,
                    struct heal_error *error) {
    const char *field = heal_scan_field(scan);
    int64_t value;

    if (!field)
        return heal_scan_refuse(scan, error, "%s is missing", what);
    if (heal_number_parse_i64(field, &value) < 0 || value < least || value > most)
        return heal_scan_refuse(scan, error,
                                "%s is a whole number from %" PRId64 " to %" PRId64 ", not \"%s\"", what,
                                least, most, field);
    *ret_value = value;
    return 0;
}

int heal_scan_value(struct heal_scan *scan, const struct heal_gnn_feature *feature, float *ret_value,
                    struct heal_error *error) {
    const char *field = heal_scan_field(scan);
    float value;

    if (!field)
        return heal_scan_refuse(scan, error, "%s is missing; `-` says that it was not measured",
                                feature->name);
    if (field[0] == '\0' || strcmp(field, "-") == 0) {
        *ret_value = NAN;
        return 0;
    }
    if (heal_number_parse_float(field, &value) < 0)
        return heal_scan_refuse(scan, error, "%s is a finite number or `-`, not \"%s\"", feature->name,
                                field);
    if (feature->logarithm && value < 0)
        return heal_scan_refuse(scan, error, "%s has a logarithm, and is never below 0", feature->name);
    *ret_value = value;
    return 0;
}

static bool is_name(const char *name) {
    static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    return name[0] != '\0' && strchr(first, name[0]) && strlen(name) < HEAL_GNN_NAME_MAX &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")] == '\0';
}

int heal_scan_name(struct heal_scan *scan, const char *what, const char **ret_name,
                   struct heal_error *error) {
    const char *field = heal_scan_field(scan);

    if (!field || !is_name(field))
        return heal_scan_refuse(scan, error, "%s is a name, not \"%s\"", what, field ? field : "");
    *ret_name = field;
    return 0;
}

int heal_scan_over(struct heal_scan *scan, struct heal_error *error) {
    const char *field = heal_scan_field(scan);

    return field ? heal_scan_refuse(scan, error, "the line goes on with \"%s\"", field) : 0;
}
