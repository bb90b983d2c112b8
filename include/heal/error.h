/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * An input error as data: what is wrong and where. Functions that read text return a negative errno and
 * fill one of these; a caller that has a file adds its name when it prints "file:line:column: what".
 */
#ifndef HEAL_ERROR_H
#define HEAL_ERROR_H

#include <stdarg.h>

struct heal_error {
    int code;   /**< the negative errno that the function returned */
    int line;   /**< from 1; 0 where there is no place */
    int column; /**< from 1; 0 where there is no place */
    char what[200];
};

/** Fills @p error (which may be NULL) and @return @p code, so that a reader can `return heal_error_set(…)`.
 */
int heal_error_set(struct heal_error *error, int code, int line, int column, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
