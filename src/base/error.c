/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heal/error.h"

#include <stdio.h>

int heal_error_set(struct heal_error *error, int code, int line, int column, const char *format, ...) {
    va_list arguments;

    if (!error)
        return code;
    error->code = code;
    error->line = line;
    error->column = column;
    va_start(arguments, format);
    vsnprintf(error->what, sizeof error->what, format, arguments);
    va_end(arguments);
    return code;
}
