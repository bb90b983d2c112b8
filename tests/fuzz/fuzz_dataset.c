/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Any bytes as labelled graphs: what is taken is written, and that is taken again and written the same. */
#include "dataset/dataset.h"
#include "dataset_again.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_dataset set;
    struct heal_error error = {.code = 0};

    if (heal_dataset_parse((const char *)data, size, &set, &error) == 0) {
        dataset_again(&set);
        heal_dataset_deinit(&set);
    } else if (error.what[0] == '\0') {
        abort();
    }
    return 0;
}
