/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Any bytes as four tables, one after another with a line "=" between them: what is taken is a set that can
 * be written, what is not is refused with words. */
#include "dataset/csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct heal_dataset *set) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    struct heal_dataset again;

    if (!out || heal_dataset_write(set, out) < 0 || fclose(out) != 0 ||
        heal_dataset_parse(text, length, &again, NULL) != 0)
        abort();
    free(text);
    heal_dataset_deinit(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_table_text file[HEAL_CSV_FILES];
    struct heal_dataset set;
    struct heal_error error = {.code = 0};
    const char *at = (const char *)data, *end = at + size;

    for (int i = 0; i < HEAL_CSV_FILES; i++) {
        const char *cut = size > 0 ? memmem(at, (size_t)(end - at), "=\n", 2) : NULL;

        file[i] = (struct heal_table_text){.text = at, .length = (size_t)((cut ? cut : end) - at)};
        at = cut ? cut + 2 : end;
    }
    if (heal_csv_parse(file, &set, &error) == 0) {
        check(&set);
        heal_dataset_deinit(&set);
    } else if (error.what[0] == '\0') {
        abort();
    }
    return 0;
}
