/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "dataset/folder.h"

#include "dataset/dataset.h"
#include "os/file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static int read_one(const char *folder, const char *name, struct heal_table_text *ret_text) {
    char path[PATH_MAX], *text;
    size_t length;

    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return -ENAMETOOLONG;
    int r = heal_file_read(path, HEAL_DATASET_BYTES_MAX, &text, &length);
    if (r == 0)
        *ret_text = (struct heal_table_text){.text = text, .length = length};
    return r;
}

int heal_folder_read(const char *folder, const char *const *name, size_t count,
                     struct heal_table_text *ret_text, struct heal_error *error) {
    for (size_t i = 0; i < count; i++) {
        int r = read_one(folder, name[i], &ret_text[i]);

        if (r < 0) {
            heal_folder_free(ret_text, i);
            return heal_error_set(error, r, 0, 0, "%s: %s", name[i], strerror(-r));
        }
    }
    return 0;
}

void heal_folder_free(struct heal_table_text *text, size_t count) {
    for (size_t i = 0; i < count; i++)
        free((char *)text[i].text);
}

int heal_folder_name(const char *name, int r, struct heal_error *error) {
    char what[sizeof error->what];

    if (r == 0 || !error)
        return r;
    memcpy(what, error->what, sizeof what);
    return heal_error_set(error, r, error->line, error->column, "%s: %.140s", name, what);
}
