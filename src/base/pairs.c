/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/pairs.h"

#include "base/number.h"

#include <errno.h>
#include <string.h>

enum { NUMBER_MAX = 64 };

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

static int column_of(const struct heal_pairs *pairs, size_t offset) {
    return offset < pairs->line_start ? 1 : (int)(offset - pairs->line_start) + 1;
}

static int fail_at(struct heal_pairs *pairs, size_t offset, const char *what) {
    return heal_error_set(pairs->error, -EINVAL, pairs->line, column_of(pairs, offset), "%s", what);
}

void heal_pairs_init(struct heal_pairs *pairs, const char *text, size_t length, struct heal_error *error) {
    *pairs = (struct heal_pairs){.text = text, .length = strnlen(text, length), .line = 1, .error = error};
}

static void skip_blanks(struct heal_pairs *pairs) {
    for (; pairs->offset < pairs->length && is_blank(pairs->text[pairs->offset]); pairs->offset++) {
        if (pairs->text[pairs->offset] == '\n') {
            pairs->line++;
            pairs->line_start = pairs->offset + 1;
        }
    }
}

/* @return whether a word begins here; comments are gone over. */
static bool find_word(struct heal_pairs *pairs) {
    for (;;) {
        skip_blanks(pairs);
        if (pairs->offset == pairs->length)
            return false;
        if (pairs->text[pairs->offset] != '#')
            return true;
        while (pairs->offset < pairs->length && pairs->text[pairs->offset] != '\n')
            pairs->offset++;
    }
}

int heal_pairs_word(struct heal_pairs *pairs, char *buffer, size_t size) {
    if (!find_word(pairs))
        return 0;
    size_t start = pairs->offset, end = start;
    while (end < pairs->length && !is_blank(pairs->text[end]))
        end++;
    if (end - start >= size)
        return fail_at(pairs, start, "this word is too long");
    memcpy(buffer, pairs->text + start, end - start);
    buffer[end - start] = '\0';
    pairs->offset = end;
    return 1;
}

/* Goes over a value that begins at the offset: to its closing quote, or to the next blank. */
static int skip_value(struct heal_pairs *pairs) {
    const char *text = pairs->text;
    size_t at = pairs->offset;

    if (at < pairs->length && text[at] == '"') {
        for (at++; at < pairs->length && text[at] != '"' && text[at] != '\n'; at++) {
            if (text[at] == '\\' && at + 1 < pairs->length)
                at++;
        }
        if (at >= pairs->length || text[at] != '"')
            return fail_at(pairs, pairs->offset, "this quote is never closed");
        at++;
        if (at < pairs->length && !is_blank(text[at]))
            return fail_at(pairs, at, "a blank must follow a closing quote");
    } else {
        for (; at < pairs->length && !is_blank(text[at]); at++) {
            if (text[at] == '"')
                return fail_at(pairs, at, "a quote inside a bare word: put the whole value in quotes");
        }
    }
    pairs->value_start = pairs->offset;
    pairs->value_length = at - pairs->offset;
    pairs->offset = at;
    return 0;
}

int heal_pairs_next(struct heal_pairs *pairs) {
    if (!find_word(pairs))
        return 0;
    size_t start = pairs->offset, end = start;
    while (end < pairs->length && is_name(pairs->text[end]))
        end++;
    if (end == start || end == pairs->length || pairs->text[end] != '=')
        return fail_at(pairs, end, "expected name=value");
    if (end - start >= sizeof pairs->name)
        return fail_at(pairs, start, "this name is too long");
    memcpy(pairs->name, pairs->text + start, end - start);
    pairs->name[end - start] = '\0';
    pairs->name_start = start;
    pairs->offset = end + 1;
    int r = skip_value(pairs);
    return r < 0 ? r : 1;
}

bool heal_pairs_is(const struct heal_pairs *pairs, const char *name) {
    return strcmp(pairs->name, name) == 0;
}

int heal_pairs_refuse(struct heal_pairs *pairs, const char *format, ...) {
    char what[sizeof pairs->error->what];
    struct heal_text text;
    va_list arguments;

    heal_text_init(&text, what, sizeof what);
    heal_text_add(&text, "%s: ", pairs->name);
    va_start(arguments, format);
    heal_text_add_v(&text, format, arguments);
    va_end(arguments);
    return fail_at(pairs, pairs->value_start, what);
}

int heal_pairs_unknown(struct heal_pairs *pairs, const char *const *names) {
    const char *nearest = heal_name_nearest(pairs->name, names);
    int column = column_of(pairs, pairs->name_start);

    if (nearest)
        return heal_error_set(pairs->error, -EINVAL, pairs->line, column,
                              "\"%s\" is not known here; do you mean \"%s\"?", pairs->name, nearest);
    return heal_error_set(pairs->error, -EINVAL, pairs->line, column, "\"%s\" is not known here",
                          pairs->name);
}

int heal_pairs_u64(struct heal_pairs *pairs, uint64_t least, uint64_t most, uint64_t *ret_value) {
    char digits[NUMBER_MAX];
    uint64_t value = 0;

    int r = heal_pairs_text(pairs, digits, sizeof digits);
    if (r < 0)
        return r;
    r = heal_number_parse_u64(digits, 10, &value);
    if (r == -EINVAL)
        return heal_pairs_refuse(pairs, "\"%s\" is not a whole number", digits);
    if (r == -ERANGE || value < least || value > most)
        return heal_pairs_refuse(pairs, "%s is not in %llu to %llu", digits, (unsigned long long)least,
                                 (unsigned long long)most);
    *ret_value = value;
    return 0;
}

int heal_pairs_u32(struct heal_pairs *pairs, uint32_t least, uint32_t most, uint32_t *ret_value) {
    uint64_t value = 0;
    int r = heal_pairs_u64(pairs, least, most, &value);

    if (r == 0)
        *ret_value = (uint32_t)value;
    return r;
}

int heal_pairs_i64(struct heal_pairs *pairs, int64_t least, int64_t most, int64_t *ret_value) {
    char digits[NUMBER_MAX];
    int64_t value = 0;

    int r = heal_pairs_text(pairs, digits, sizeof digits);
    if (r < 0)
        return r;
    r = heal_number_parse_i64(digits, &value);
    if (r == -EINVAL)
        return heal_pairs_refuse(pairs, "\"%s\" is not a whole number", digits);
    if (r == -ERANGE || value < least || value > most)
        return heal_pairs_refuse(pairs, "%s is not in %lld to %lld", digits, (long long)least,
                                 (long long)most);
    *ret_value = value;
    return 0;
}

int heal_pairs_hex(struct heal_pairs *pairs, uint64_t *ret_value) {
    char digits[NUMBER_MAX];

    int r = heal_pairs_text(pairs, digits, sizeof digits);
    if (r < 0)
        return r;
    if (heal_number_parse_u64(digits, 16, ret_value) < 0)
        return heal_pairs_refuse(pairs, "\"%s\" is not a hexadecimal number of up to 16 digits", digits);
    return 0;
}

int heal_pairs_bool(struct heal_pairs *pairs, bool *ret_value) {
    uint64_t value = 0;
    int r = heal_pairs_u64(pairs, 0, 1, &value);

    if (r == 0)
        *ret_value = value == 1;
    return r;
}

int heal_pairs_float(struct heal_pairs *pairs, float *ret_value) {
    char digits[NUMBER_MAX];

    int r = heal_pairs_text(pairs, digits, sizeof digits);
    if (r < 0)
        return r;
    if (heal_number_parse_float(digits, ret_value) < 0)
        return heal_pairs_refuse(pairs, "\"%s\" is not a finite number", digits);
    return 0;
}

static int hex_digit(char c) {
    uint64_t value = 0;
    return heal_number_parse_u64((const char[]){c, '\0'}, 16, &value) == 0 ? (int)value : -1;
}

/* Reads what follows a backslash at @p at. @return how many bytes of the text it took, or 0 if it is none. */
static size_t read_escape(const char *at, size_t room, char *ret_byte) {
    static const char letter[] = "nrt\"\\", meaning[] = "\n\r\t\"\\";
    const char *found = room > 0 && *at ? strchr(letter, *at) : NULL;

    if (found) {
        *ret_byte = meaning[found - letter];
        return 1;
    }
    int high = room >= 3 && *at == 'x' ? hex_digit(at[1]) : -1;
    int low = high >= 0 ? hex_digit(at[2]) : -1;
    if (low < 0 || (high == 0 && low == 0))
        return 0;
    *ret_byte = (char)(high * 16 + low);
    return 3;
}

/* Measures the text, and writes it where there is a buffer. @return its length or -EINVAL. */
static int unquote(struct heal_pairs *pairs, char *buffer, size_t size) {
    const char *at = pairs->text + pairs->value_start, *end = at + pairs->value_length;
    size_t length = 0;

    if (at == end || *at != '"') {
        length = pairs->value_length;
        if (length < size)
            memcpy(buffer, at, length);
        return (int)length;
    }
    for (at++, end--; at < end; at++, length++) {
        char byte = *at;

        if (byte == '\\') {
            size_t taken = read_escape(at + 1, (size_t)(end - at) - 1, &byte);
            if (taken == 0)
                return heal_pairs_refuse(pairs, "an escape that is not \\\" \\\\ \\n \\r \\t \\xHH");
            at += taken;
        }
        if (length < size)
            buffer[length] = byte;
    }
    return (int)length;
}

int heal_pairs_text(struct heal_pairs *pairs, char *buffer, size_t size) {
    int length = unquote(pairs, NULL, 0);

    if (length < 0)
        return length;
    if ((size_t)length >= size)
        return heal_pairs_refuse(pairs, "longer than %zu bytes", size - 1);
    unquote(pairs, buffer, size);
    buffer[length] = '\0';
    return 0;
}

int heal_pairs_choice(struct heal_pairs *pairs, const char *const *names, unsigned *ret_index) {
    char name[NUMBER_MAX];

    int r = heal_pairs_text(pairs, name, sizeof name);
    if (r < 0)
        return r;
    for (unsigned i = 0; names[i]; i++) {
        if (strcmp(names[i], name) == 0) {
            *ret_index = i;
            return 0;
        }
    }
    const char *nearest = heal_name_nearest(name, names);
    if (nearest)
        return heal_pairs_refuse(pairs, "\"%s\" is not known; do you mean \"%s\"?", name, nearest);
    return heal_pairs_refuse(pairs, "\"%s\" is not known", name);
}

static void add_name(struct heal_text *text, const char *name) {
    heal_text_add(text, "%s%s=", text->length > 0 ? " " : "", name);
}

void heal_text_pair_u64(struct heal_text *text, const char *name, uint64_t value) {
    add_name(text, name);
    heal_text_add(text, "%llu", (unsigned long long)value);
}

void heal_text_pair_i64(struct heal_text *text, const char *name, int64_t value) {
    add_name(text, name);
    heal_text_add(text, "%lld", (long long)value);
}

void heal_text_pair_hex(struct heal_text *text, const char *name, uint64_t value) {
    add_name(text, name);
    heal_text_add(text, "%016llx", (unsigned long long)value);
}

void heal_text_pair_bool(struct heal_text *text, const char *name, bool value) {
    heal_text_pair_u64(text, name, value ? 1 : 0);
}

void heal_text_pair_float(struct heal_text *text, const char *name, float value) {
    add_name(text, name);
    heal_text_add(text, "%.9g", (double)value);
}

static void add_escaped(struct heal_text *text, char c) {
    static const char letter[] = "nrt\"\\", meaning[] = "\n\r\t\"\\";
    const char *found = strchr(meaning, c);

    if (found)
        heal_text_add(text, "\\%c", letter[found - meaning]);
    else if ((unsigned char)c < ' ' || c == 0x7f)
        heal_text_add(text, "\\x%02x", (unsigned)(unsigned char)c);
    else
        heal_text_add(text, "%c", c);
}

void heal_text_pair_text(struct heal_text *text, const char *name, const char *value, size_t size) {
    size_t length = strnlen(value, size);
    bool bare = length > 0 && value[0] != '#';

    for (size_t i = 0; i < length && bare; i++)
        bare = (unsigned char)value[i] > ' ' && value[i] != '"' && value[i] != '\\' && value[i] != 0x7f;
    add_name(text, name);
    if (bare) {
        heal_text_add(text, "%.*s", (int)length, value);
        return;
    }
    heal_text_add(text, "\"");
    for (size_t i = 0; i < length; i++)
        add_escaped(text, value[i]);
    heal_text_add(text, "\"");
}
