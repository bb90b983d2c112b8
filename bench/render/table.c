/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "render/table.h"

#include <math.h>
#include <stdbool.h>

void heal_table_write_number(FILE *out, double number) {
    double size = fabs(number);

    if (number == floor(number) && size < 1e15)
        fprintf(out, "%.0f", number);
    else if (size >= 1000)
        fprintf(out, "%.1f", number);
    else if (size >= 1)
        fprintf(out, "%.2f", number);
    else
        fprintf(out, "%.5f", number);
}

static bool is_scalar(const json_t *value) {
    return !json_is_object(value) && !json_is_array(value);
}

static void write_cell(FILE *out, const json_t *value) {
    if (!value)
        fputs(" |", out);
    else if (json_is_string(value))
        fprintf(out, " %s |", json_string_value(value));
    else if (json_is_boolean(value))
        fprintf(out, " %s |", json_is_true(value) ? "yes" : "no");
    else if (json_is_null(value))
        fputs(" – |", out);
    else if (json_is_number(value)) {
        fputc(' ', out);
        heal_table_write_number(out, json_number_value(value));
        fputs(" |", out);
    } else {
        fprintf(out, " (%zu) |", json_is_array(value) ? json_array_size(value) : json_object_size(value));
    }
}

/* The head of a table: the names of the first row's members. */
static void write_head(FILE *out, const char *corner, json_t *first) {
    const char *name;
    json_t *value;

    fputs(corner ? "\n| |" : "\n|", out);
    json_object_foreach(first, name, value) fprintf(out, " %s |", name);
    fputs(corner ? "\n|---|" : "\n|", out);
    json_object_foreach(first, name, value) fputs("---|", out);
    fputc('\n', out);
}

static void write_row(FILE *out, const char *title, json_t *columns, const json_t *row) {
    const char *name;
    json_t *value;

    fputc('|', out);
    if (title)
        fprintf(out, " %s |", title);
    json_object_foreach(columns, name, value) write_cell(out, json_object_get(row, name));
    fputc('\n', out);
}

static void write_array(FILE *out, const char *title, const json_t *array) {
    json_t *first = json_array_get(array, 0);
    size_t index;
    json_t *row;

    fprintf(out, "\n%s:\n", title);
    if (!json_is_object(first)) {
        json_array_foreach(array, index, row) {
            fputs("-", out);
            write_cell(out, row);
            fputc('\n', out);
        }
        return;
    }
    write_head(out, NULL, first);
    json_array_foreach(array, index, row) write_row(out, NULL, first, row);
}

/* The members of @p root that are objects of values only: one table. */
static void write_objects(FILE *out, json_t *root) {
    json_t *columns = NULL, *value;
    const char *name;

    json_object_foreach(root, name, value) {
        if (!json_is_object(value))
            continue;
        if (!columns) {
            columns = value;
            write_head(out, "", columns);
        }
        write_row(out, name, columns, value);
    }
}

void heal_table_write(FILE *out, json_t *root) {
    json_t *value;
    const char *name;
    bool any = false;

    json_object_foreach(root, name, value) {
        if (!is_scalar(value))
            continue;
        if (!any)
            fputs("\n| figure | value |\n|---|---|\n", out);
        any = true;
        fprintf(out, "| %s |", name);
        write_cell(out, value);
        fputc('\n', out);
    }
    write_objects(out, root);
    json_object_foreach(root, name, value) {
        if (json_is_array(value))
            write_array(out, name, value);
    }
}
