/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Any bytes as the ipcore-faults tables, one after another with a line "=" between them: what is taken are
 * graphs without an infinite feature, what is not is refused with words. */
#include "dataset/ipcore.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_table_text file[HEAL_IPCORE_FILES];
    struct heal_ipcore_mesh mesh;
    struct heal_dataset set;
    struct heal_error error = {.code = 0};
    const char *at = (const char *)data, *end = at + size;

    for (int i = 0; i < HEAL_IPCORE_FILES; i++) {
        const char *cut = size > 0 ? memmem(at, (size_t)(end - at), "=\n", 2) : NULL;

        file[i] = (struct heal_table_text){.text = at, .length = (size_t)((cut ? cut : end) - at)};
        at = cut ? cut + 2 : end;
    }
    int r = heal_ipcore_parse(file, &set, &mesh, &error);
    if (r == 0)
        heal_dataset_deinit(&set);
    else if (error.what[0] == '\0')
        abort();
    return 0;
}
