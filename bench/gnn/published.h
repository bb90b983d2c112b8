/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** Data that others have published, and what comes of them. */
#ifndef HEAL_BENCH_PUBLISHED_H
#define HEAL_BENCH_PUBLISHED_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/** They are none of the project's: where HEAL_DATA says, else beside the checkout.
 * @param name a file or a folder among them @param ret_path where it should be @return whether it can be read
 */
bool published_find(const char *name, char *ret_path, size_t size);

/** Prints a bench's result, on a line or for people. @param result the caller's no longer */
void published_print(json_t *result, bool on_a_line);

#endif
