/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "config/utf8.h"
#include "healctl/page.h"

void heal_table_init(struct heal_table *table, const struct heal_page *page, const struct heal_column *column,
                     size_t columns) {
    *table = (struct heal_table){.page = page, .column = column, .columns = columns};
}

void heal_table_add(struct heal_table *table, enum heal_style style, const char *format, ...) {
    char text[HEAL_WORDS_MAX];
    va_list arguments;

    if (table->cells == table->room) {
        size_t room = table->room ? 2 * table->room : 16 * table->columns;
        struct heal_cell *cell = reallocarray(table->cell, room, sizeof *cell);

        /* Without memory the table ends here. */
        if (!cell)
            return;
        table->cell = cell;
        table->room = room;
    }
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct heal_cell *cell = &table->cell[table->cells++];
    cell->style = style;
    heal_utf8_show(text, cell->text, sizeof cell->text);
}

void heal_table_add_text(struct heal_table *table, enum heal_style style, const json_t *object,
                         const char *name) {
    heal_table_add(table, style, "%s", heal_field_text(object, name, "-"));
}

void heal_table_add_number(struct heal_table *table, const json_t *object, const char *name, double scale,
                           int decimals, const char *unit) {
    double value;

    if (heal_field_number(object, name, &value))
        heal_table_add(table, HEAL_PLAIN, "%.*f%s%s", decimals, value * scale, unit[0] ? " " : "", unit);
    else
        heal_table_add(table, HEAL_DIM, "-");
}

void heal_table_add_amount(struct heal_table *table, const json_t *object, const char *name,
                           const char *unit) {
    char text[HEAL_AMOUNT_MAX];
    double value;

    if (heal_field_number(object, name, &value))
        heal_table_add(table, HEAL_PLAIN, "%s", heal_amount_format(value, unit, text));
    else
        heal_table_add(table, HEAL_DIM, "-");
}

static void add_seconds(struct heal_table *table, double seconds) {
    char span[HEAL_SPAN_MAX];

    heal_table_add(table, HEAL_PLAIN, "%s", heal_span_format(seconds, span));
}

void heal_table_add_age(struct heal_table *table, const json_t *object, const char *name) {
    double then;

    if (table->page->now >= 0 && heal_field_number(object, name, &then))
        add_seconds(table, table->page->now - then);
    else
        heal_table_add(table, HEAL_DIM, "-");
}

void heal_table_add_span(struct heal_table *table, const json_t *object, const char *from, const char *to) {
    double a, b;

    if (heal_field_number(object, from, &a) && heal_field_number(object, to, &b))
        add_seconds(table, b - a);
    else
        heal_table_add(table, HEAL_DIM, "-");
}

/* @return the columns that a text takes on a terminal: its characters, wide ones not among them. */
static int width_of(const char *text) {
    int width = 0;

    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

static void print_cell(const struct heal_table *table, size_t column, enum heal_style style, const char *text,
                       int width) {
    int blanks = width - width_of(text);
    bool right = table->column[column].right, last = column + 1 == table->columns;

    fprintf(table->page->out, "%*s", column ? 2 : 0, "");
    fprintf(table->page->out, "%*s", right ? blanks : 0, "");
    heal_page_print(table->page, style, "%s", text);
    fprintf(table->page->out, "%*s", right || last ? 0 : blanks, "");
}

void heal_table_print(struct heal_table *table, const char *empty) {
    int width[HEAL_COLUMNS_MAX] = {0};
    size_t rows = table->cells / table->columns;

    if (rows == 0 && empty)
        fprintf(table->page->out, "%s\n", empty);
    for (size_t c = 0; rows > 0 && c < table->columns; c++) {
        width[c] = width_of(table->column[c].title);
        for (size_t r = 0; r < rows; r++) {
            int wanted = width_of(table->cell[r * table->columns + c].text);

            width[c] = wanted > width[c] ? wanted : width[c];
        }
    }
    for (size_t c = 0; rows > 0 && c < table->columns; c++)
        print_cell(table, c, HEAL_BOLD, table->column[c].title, width[c]);
    if (rows > 0)
        fputc('\n', table->page->out);
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < table->columns; c++) {
            const struct heal_cell *cell = &table->cell[r * table->columns + c];

            print_cell(table, c, cell->style, cell->text, width[c]);
        }
        fputc('\n', table->page->out);
    }
    free(table->cell);
    table->cell = NULL;
}
