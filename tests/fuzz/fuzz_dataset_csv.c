/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Any bytes as four tables, one after another with a line "=" between them: what is taken is a set that can
 * be written, what is not is refused with words. */
#include "dataset/csv.h"
#include "dataset_again.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
        dataset_again(&set);
        heal_dataset_deinit(&set);
    } else if (error.what[0] == '\0') {
        abort();
    }
    return 0;
}
