/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/exposition.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

static const char *const type_names[] = {
    [HEAL_EXPOSITION_COUNTER] = "counter",
    [HEAL_EXPOSITION_GAUGE] = "gauge",
    [HEAL_EXPOSITION_HISTOGRAM] = "histogram",
    [HEAL_EXPOSITION_SUMMARY] = "summary",
};

/* A piece of output that is taken whole or not at all. */
static struct heal_text begin(struct heal_exposition *exposition) {
    struct heal_text text;

    heal_text_init(&text, exposition->buffer + exposition->length, exposition->size - exposition->length);
    return text;
}

static bool end(struct heal_exposition *exposition, const struct heal_text *text) {
    if (text->cut) {
        exposition->buffer[exposition->length] = '\0';
        exposition->cut = true;
        return false;
    }
    exposition->length += text->length;
    return true;
}

/* @return the length of the UTF-8 character at @p at (RFC 3629, 4), or 0. */
static size_t utf8_length(const unsigned char *at) {
    size_t length = at[0] < 0x80   ? 1
                    : at[0] < 0xc2 ? 0
                    : at[0] < 0xe0 ? 2
                    : at[0] < 0xf0 ? 3
                    : at[0] < 0xf5 ? 4
                                   : 0;

    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    /* Overlong forms, surrogates, and what lies beyond U+10FFFF. */
    if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
        (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
        return 0;
    return length;
}

static void add_label_value(struct heal_text *text, const char *value) {
    for (const unsigned char *at = (const unsigned char *)value; *at;) {
        size_t length = utf8_length(at);

        if (*at == '\\' || *at == '"')
            heal_text_add(text, "\\%c", *at);
        else if (*at == '\n')
            heal_text_add(text, "\\n");
        else if (length == 0)
            heal_text_add(text, "\xef\xbf\xbd");
        else
            heal_text_add(text, "%.*s", (int)length, (const char *)at);
        at += length ? length : 1;
    }
}

static void add_help(struct heal_text *text, const char *help) {
    for (; *help; help++) {
        if (*help == '\\')
            heal_text_add(text, "\\\\");
        else if (*help == '\n')
            heal_text_add(text, "\\n");
        else
            heal_text_add(text, "%c", *help);
    }
}

static void add_number(struct heal_text *text, double value) {
    if (isnan(value))
        heal_text_add(text, "NaN");
    else if (isinf(value))
        heal_text_add(text, value > 0 ? "+Inf" : "-Inf");
    else if (value == floor(value) && fabs(value) < 1e15)
        heal_text_add(text, "%.0f", value);
    else
        heal_text_add(text, "%.9g", value);
}

void heal_exposition_init(struct heal_exposition *exposition, char *buffer, size_t size) {
    *exposition = (struct heal_exposition){.buffer = buffer, .size = size};
    buffer[0] = '\0';
}

void heal_exposition_family(struct heal_exposition *exposition, const char *name,
                            enum heal_exposition_type type, const char *help) {
    exposition->family = name;
    exposition->type = type;
    exposition->pending = help;
}

static void add_head(const struct heal_exposition *exposition, struct heal_text *text) {
    if (!exposition->pending)
        return;
    heal_text_add(text, "# HELP %s ", exposition->family);
    add_help(text, exposition->pending);
    heal_text_add(text, "\n# TYPE %s %s\n", exposition->family, type_names[exposition->type]);
}

static void add_sample(const struct heal_exposition *exposition, struct heal_text *text, const char *suffix,
                       const struct heal_exposition_label *labels, double value) {
    heal_text_add(text, "%s%s", exposition->family, suffix);
    for (size_t i = 0; labels && labels[i].name; i++) {
        heal_text_add(text, "%c%s=\"", i ? ',' : '{', labels[i].name);
        add_label_value(text, labels[i].value);
        heal_text_add(text, "\"");
    }
    heal_text_add(text, "%s ", labels && labels[0].name ? "}" : "");
    add_number(text, value);
    heal_text_add(text, "\n");
}

void heal_exposition_sample(struct heal_exposition *exposition, double value,
                            const struct heal_exposition_label *labels) {
    struct heal_text text = begin(exposition);

    add_head(exposition, &text);
    add_sample(exposition, &text, "", labels, value);
    if (end(exposition, &text))
        exposition->pending = NULL;
}

void heal_exposition_histogram(struct heal_exposition *exposition,
                               const struct heal_exposition_bucket *buckets, size_t bucket_count,
                               uint64_t count, double sum) {
    struct heal_text text = begin(exposition);
    uint64_t below = 0;

    add_head(exposition, &text);
    for (size_t i = 0; i < bucket_count; i++) {
        char bound[32];
        struct heal_text number;
        const struct heal_exposition_label label[] = {
            {"le", bound},
            {NULL, NULL }
        };

        heal_text_init(&number, bound, sizeof bound);
        add_number(&number, buckets[i].bound);
        below += buckets[i].count;
        add_sample(exposition, &text, "_bucket", label, (double)below);
    }
    add_sample(exposition, &text, "_bucket",
               (const struct heal_exposition_label[]){
                   {"le", "+Inf"},
                   {NULL, NULL  }
    },
               (double)count);
    add_sample(exposition, &text, "_sum", NULL, sum);
    add_sample(exposition, &text, "_count", NULL, (double)count);
    if (end(exposition, &text))
        exposition->pending = NULL;
}

void heal_exposition_summary(struct heal_exposition *exposition, uint64_t count, double sum) {
    struct heal_text text = begin(exposition);

    add_head(exposition, &text);
    add_sample(exposition, &text, "_sum", NULL, sum);
    add_sample(exposition, &text, "_count", NULL, (double)count);
    if (end(exposition, &text))
        exposition->pending = NULL;
}
