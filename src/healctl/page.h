/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Writing for people: aligned tables, colour on a terminal, and the careful reading of JSON
 * fields. Whatever the daemon says may come from a hostile neighbour: control characters never reach the
 * terminal, and a field that is missing or of another type shows as "-".
 */
#ifndef HEAL_HEALCTL_PAGE_H
#define HEAL_HEALCTL_PAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/amount.h"

enum {
    HEAL_CELL_MAX = 120,  /**< bytes of a cell; what is longer is cut, and ends in "…" */
    HEAL_WORDS_MAX = 512, /**< of what is made to become a cell: more, so that the cell sees that it is cut */
    HEAL_COLUMNS_MAX = 13
};

enum heal_style { HEAL_PLAIN, HEAL_BOLD, HEAL_DIM, HEAL_GOOD, HEAL_WARN, HEAL_BAD };

struct heal_page {
    FILE *out;
    bool colour;
    double now; /**< of the daemon's clock; below 0: not known */
};

/** @param reply its "now" is taken; may be NULL. */
void heal_page_init(struct heal_page *page, FILE *out, const json_t *reply);

/** Prints in a style, if there is colour. The text is made clean. */
void heal_page_print(const struct heal_page *page, enum heal_style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Prints JSON as it is, for --json. */
void heal_page_json(FILE *out, const json_t *value);

/** @return a string field, or @p otherwise. */
const char *heal_field_text(const json_t *object, const char *name, const char *otherwise);
/** @return whether the field is a finite number. */
bool heal_field_number(const json_t *object, const char *name, double *ret_value);
bool heal_field_true(const json_t *object, const char *name);
/** @return an integer field, or 0. */
long long heal_field_integer(const json_t *object, const char *name);

struct heal_column {
    const char *title;
    bool right; /**< numbers */
};

struct heal_cell {
    enum heal_style style;
    char text[HEAL_CELL_MAX];
};

/** A table: cells are added row by row, then printed. Frees itself when printed. */
struct heal_table {
    const struct heal_page *page;
    const struct heal_column *column;
    size_t columns, cells, room;
    struct heal_cell *cell;
};

void heal_table_init(struct heal_table *table, const struct heal_page *page, const struct heal_column *column,
                     size_t columns);
void heal_table_add(struct heal_table *table, enum heal_style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Cells from fields; what is not there is "-". */
void heal_table_add_text(struct heal_table *table, enum heal_style style, const json_t *object,
                         const char *name);
/** @param scale what the number is multiplied by. @param decimals how many are shown. */
void heal_table_add_number(struct heal_table *table, const json_t *object, const char *name, double scale,
                           int decimals, const char *unit);
/** A number as an amount of @p unit (base/amount.h). */
void heal_table_add_amount(struct heal_table *table, const json_t *object, const char *name,
                           const char *unit);
/** The time since the field's point in time. */
void heal_table_add_age(struct heal_table *table, const json_t *object, const char *name);
/** The span between two fields. */
void heal_table_add_span(struct heal_table *table, const json_t *object, const char *from, const char *to);

/** Prints the rows below a head; without rows, @p empty (a sentence) instead. */
void heal_table_print(struct heal_table *table, const char *empty);

#endif
