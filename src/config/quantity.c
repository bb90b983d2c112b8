/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "config/quantity.h"

#include "base/cleanup.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Up to here a double holds every whole number. */
static const double quantity_max = 1e15;

/* Twelve decimals: what is finer could not be written so that it reads back. */
static const double number_grain = 1e12;

struct unit {
    const char *name;
    uint64_t factor;
};

/* Each from the largest down, so that the first that divides a value writes it shortest. */
static const struct unit duration_units[] = {
    {"d",   UINT64_C(86400) * HEAL_US_PER_S},
    {"h",   UINT64_C(3600) * HEAL_US_PER_S },
    {"min", UINT64_C(60) * HEAL_US_PER_S   },
    {"s",   HEAL_US_PER_S                  },
    {"ms",  HEAL_US_PER_MS                 },
    {"us",  1                              },
};

static const struct unit binary_units[] = {
    {"TiB", UINT64_C(1) << 40},
    {"GiB", UINT64_C(1) << 30},
    {"MiB", UINT64_C(1) << 20},
    {"KiB", UINT64_C(1) << 10},
};

static const struct unit decimal_units[] = {
    {"TB", UINT64_C(1000000000000)},
    {"GB", UINT64_C(1000000000)   },
    {"MB", UINT64_C(1000000)      },
    {"kB", UINT64_C(1000)         },
    {"B",  1                      },
    {"",   1                      },
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Reads the digits at the start of a text: at most 17 of them count, which is all that a double can hold.
 * @return how many characters, 0 where there is no number. */
static size_t read_digits(const char *text, double *ret_number) {
    const char *c = text;
    double mantissa = 0, divisor = 1;

    for (; is_digit(*c); c++)
        mantissa = mantissa * 10 + (*c - '0');
    if (c == text)
        return 0;
    if (*c == '.') {
        if (!is_digit(c[1]))
            return 0;
        for (c++; is_digit(*c); c++) {
            if (mantissa >= quantity_max || divisor >= quantity_max)
                continue;
            mantissa = mantissa * 10 + (*c - '0');
            divisor *= 10;
        }
    }
    *ret_number = mantissa / divisor;
    return (size_t)(c - text);
}

int heal_number_parse(const char *text, double *ret_number) {
    double number;
    size_t length = read_digits(text, &number);

    if (length == 0)
        return -EINVAL;
    if (strcmp(text + length, "%") == 0)
        number /= 100;
    else if (text[length])
        return -EINVAL;
    if (number > quantity_max)
        return -ERANGE;
    if (number < 1)
        number = round(number * number_grain) / number_grain;
    *ret_number = number;
    return 0;
}

static const struct unit *find_unit(const struct unit *units, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(units[i].name, name) == 0)
            return &units[i];
    return NULL;
}

static int scale(double number, const struct unit *unit, uint64_t *ret_value) {
    double value = round(number * (double)unit->factor);

    if (value > quantity_max)
        return -ERANGE;
    *ret_value = (uint64_t)value;
    return 0;
}

int heal_duration_parse(const char *text, heal_us *ret_duration) {
    double number;
    size_t length = read_digits(text, &number);

    if (length == 0)
        return -EINVAL;
    if (!text[length] && number <= 0) {
        *ret_duration = 0;
        return 0;
    }
    const struct unit *unit = find_unit(duration_units, HEAL_COUNT(duration_units), text + length);
    return unit ? scale(number, unit, ret_duration) : -EINVAL;
}

int heal_size_parse(const char *text, uint64_t *ret_bytes) {
    double number;
    size_t length = read_digits(text, &number);

    if (length == 0)
        return -EINVAL;
    const struct unit *unit = find_unit(binary_units, HEAL_COUNT(binary_units), text + length);
    if (!unit)
        unit = find_unit(decimal_units, HEAL_COUNT(decimal_units), text + length);
    return unit ? scale(number, unit, ret_bytes) : -EINVAL;
}

/* Plain decimals, since the readers above know no exponents. */
const char *heal_number_format(float number, char buffer[static HEAL_QUANTITY_MAX]) {
    for (int digits = 0; digits <= 12; digits++) {
        double back;

        snprintf(buffer, HEAL_QUANTITY_MAX, "%.*f", digits, (double)number);
        if (heal_number_parse(buffer, &back) == 0 && (float)back == number)
            break;
    }
    return buffer;
}

const char *heal_duration_format(heal_us duration, char buffer[static HEAL_QUANTITY_MAX]) {
    const struct unit *unit = duration_units;

    if (duration == 0)
        return strcpy(buffer, "0s");
    while (duration % unit->factor != 0)
        unit++;
    snprintf(buffer, HEAL_QUANTITY_MAX, "%" PRIu64 "%s", duration / unit->factor, unit->name);
    return buffer;
}

const char *heal_size_format(uint64_t bytes, char buffer[static HEAL_QUANTITY_MAX]) {
    for (size_t i = 0; bytes > 0 && i < HEAL_COUNT(binary_units); i++)
        if (bytes % binary_units[i].factor == 0) {
            snprintf(buffer, HEAL_QUANTITY_MAX, "%" PRIu64 "%s", bytes / binary_units[i].factor,
                     binary_units[i].name);
            return buffer;
        }
    snprintf(buffer, HEAL_QUANTITY_MAX, "%" PRIu64, bytes);
    return buffer;
}
