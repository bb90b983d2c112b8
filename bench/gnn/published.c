/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "published.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

bool published_find(const char *name, char *ret_path, size_t size) {
    const char *folder = getenv("HEAL_DATA");

    snprintf(ret_path, size, "%s/%s", folder ? folder : "../shared/data", name);
    return access(ret_path, R_OK) == 0;
}

void published_print(json_t *result, bool on_a_line) {
    (void)json_dumpf(result, stdout, on_a_line ? JSON_COMPACT : JSON_INDENT(2));
    printf("\n");
    json_decref(result);
}
