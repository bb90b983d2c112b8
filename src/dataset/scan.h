/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Reads a text line by line and field by field, and knows where it is: what every reader of a table shares.
 * It points into the text, which outlives it; nothing here allocates.
 */
#ifndef HEAL_DATASET_SCAN_H
#define HEAL_DATASET_SCAN_H

#include "gnn/feature.h"
#include "heal/error.h"

#include <stddef.h>
#include <stdint.h>

enum { HEAL_SCAN_FIELD_MAX = 64 };

struct heal_scan {
    const char *next, *end;     /**< the lines that are left */
    const char *rest, *stop;    /**< what is left of this one; rest is NULL when it is over */
    const char *begin, *placed; /**< where the line and its last field begin */
    int line;
    char separator;
    char field[HEAL_SCAN_FIELD_MAX];
};

/** @param separator between two fields; an empty field is one, too */
void heal_scan_init(struct heal_scan *scan, const char *text, size_t length, char separator);

/** Goes to the next line. @return false past the last. */
bool heal_scan_line(struct heal_scan *scan);
/** @return the next field, valid until the one after; NULL: the line is over. What is too long for a field,
 * or is no printable text, comes as words in brackets, which are neither a name nor a number. */
const char *heal_scan_field(struct heal_scan *scan);
/** Copies what is left of the line. @return false: there is nothing, it does not fit, or is no printable
 * text.
 */
bool heal_scan_rest(struct heal_scan *scan, char *buffer, size_t size);

/** Fills @p error with words and the place of the last field. @return -EINVAL. */
int heal_scan_refuse(const struct heal_scan *scan, struct heal_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Takes the next field as a whole number, called @p what. @return 0, or -EINVAL with words and place. */
int heal_scan_whole(struct heal_scan *scan, const char *what, int64_t least, int64_t most, int64_t *ret_value,
                    struct heal_error *error);
/** As above, as a number, or NaN for `-` or nothing; below zero is refused where it has a logarithm. */
int heal_scan_value(struct heal_scan *scan, const struct heal_gnn_feature *feature, float *ret_value,
                    struct heal_error *error);
/** As above, as a name: a letter or digit first, then these and `.`, `_`, `-`; at most HEAL_GNN_NAME_MAX - 1.
 */
int heal_scan_name(struct heal_scan *scan, const char *what, const char **ret_name, struct heal_error *error);
/** @return 0, or -EINVAL with words and place: the line goes on. */
int heal_scan_over(struct heal_scan *scan, struct heal_error *error);

#endif
