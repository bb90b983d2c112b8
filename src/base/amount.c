/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/amount.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

const char *heal_span_format(double seconds, char buffer[static HEAL_SPAN_MAX]) {
    struct heal_text text;
    heal_text_init(&text, buffer, HEAL_SPAN_MAX);
    /* Beyond a thousand years it is no time. */
    if (!(seconds >= 0) || seconds > 3.2e10) {
        heal_text_add(&text, "?");
        return buffer;
    }
    long long whole = llround(seconds);
    if (seconds < 0.9995)
        heal_text_add(&text, "%.*f ms", seconds < 0.00995 ? 1 : 0, seconds * 1000);
    else if (seconds < 9.95)
        heal_text_add(&text, "%.1f s", seconds);
    else if (whole < 120)
        heal_text_add(&text, "%lld s", whole);
    else if (whole < 7200)
        heal_text_add(&text, "%lld min", whole / 60);
    else if (whole < 172800)
        heal_text_add(&text, "%lld h %lld min", whole / 3600, whole % 3600 / 60);
    else
        heal_text_add(&text, "%lld d %lld h", whole / 86400, whole % 86400 / 3600);
    return buffer;
}

/* Three digits that mean something, and no exponent: 0.036, 4.10 as 4.1, 200, 1234. */
static void add_plain(struct heal_text *text, double value, const char *unit) {
    double size = fabs(value);
    int decimals = size == 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    heal_text_add(text, "%.*f", decimals, value);
    while (decimals > 0 && text->length > 1 && text->buffer[text->length - 1] == '0') {
        text->buffer[--text->length] = '\0';
        decimals--;
    }
    if (decimals == 0 && text->buffer[text->length - 1] == '.')
        text->buffer[--text->length] = '\0';
    heal_text_add(text, "%s%s", unit[0] != '\0' ? " " : "", unit);
}

static void add_rate(struct heal_text *text, double bits) {
    static const char *const unit[] = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s"};
    size_t i = 0;
    for (; bits >= 1000 && i + 1 < HEAL_COUNT(unit); i++)
        bits /= 1000;
    heal_text_add(text, "%.*f %s", bits < 10 && i > 0 ? 1 : 0, bits, unit[i]);
}

const char *heal_amount_format(double value, const char *unit, char buffer[static HEAL_AMOUNT_MAX]) {
    struct heal_text text;
    heal_text_init(&text, buffer, HEAL_AMOUNT_MAX);
    if (strcmp(unit, "share") == 0)
        heal_text_add(&text, "%.1f %%", value * 100);
    else if (strcmp(unit, "bit/s") == 0)
        add_rate(&text, value);
    else if (strcmp(unit, "s") == 0)
        heal_span_format(value, buffer);
    else
        add_plain(&text, value, unit);
    return buffer;
}

void heal_text_add_span(struct heal_text *text, const char *before, heal_us span, const char *after) {
    char words[HEAL_SPAN_MAX];
    heal_text_add(text, "%s%s%s", before, heal_span_format((double)span / 1e6, words), after);
}
