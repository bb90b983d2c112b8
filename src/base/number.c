/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned digit_of(char c) {
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    return UINT32_MAX;
}

int heal_number_parse_u64(const char *text, unsigned base, uint64_t *ret_value) {
    uint64_t value = 0;
    bool fits = true;

    if (!*text)
        return -EINVAL;
    for (; *text; text++) {
        unsigned digit = digit_of(*text);

        if (digit >= base)
            return -EINVAL;
        fits = fits && value <= (UINT64_MAX - digit) / base;
        if (fits)
            value = value * base + digit;
    }
    if (!fits)
        return -ERANGE;
    *ret_value = value;
    return 0;
}

int heal_number_parse_i64(const char *text, int64_t *ret_value) {
    bool minus = *text == '-';
    uint64_t size = 0;

    int r = heal_number_parse_u64(text + minus, 10, &size);
    if (r < 0)
        return r;
    if (size > (uint64_t)INT64_MAX + minus)
        return -ERANGE;
    /* Negated as unsigned, so that INT64_MIN comes out right. */
    *ret_value = (int64_t)(minus ? 0 - size : size);
    return 0;
}

int heal_number_parse_float(const char *text, float *ret_value) {
    char *end;

    /* strtof takes more than we do: blanks, hexadecimal, inf and nan. */
    if (!*text || strspn(text, "0123456789+-.e") != strlen(text))
        return -EINVAL;
    float value = strtof(text, &end);
    if (*end || !isfinite(value))
        return -EINVAL;
    *ret_value = value;
    return 0;
}

const char *heal_number_format_float(float value, char buffer[static HEAL_NUMBER_TEXT]) {
    enum { DIGITS_MAX = 9 /* enough for every float */ };

    for (int digits = 1; digits <= DIGITS_MAX; digits++) {
        snprintf(buffer, HEAL_NUMBER_TEXT, "%.*g", digits, (double)value);
        if (digits == DIGITS_MAX || !(strtof(buffer, NULL) < value || strtof(buffer, NULL) > value))
            break;
    }
    return buffer;
}
