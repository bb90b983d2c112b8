/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * JSON as Markdown tables, whatever its shape: an array of objects is a table with a row each, an object of
 * objects one whose first column is the name, and single values are a table of two columns. Owns nothing.
 */
#ifndef HEAL_BENCH_RENDER_TABLE_H
#define HEAL_BENCH_RENDER_TABLE_H

#include <jansson.h>
#include <stdio.h>

/** Writes all of @p root, an object. */
void heal_table_write(FILE *out, json_t *root);

/** Writes a number as people read it: four digits that count, no exponent. */
void heal_table_write_number(FILE *out, double number);

#endif
