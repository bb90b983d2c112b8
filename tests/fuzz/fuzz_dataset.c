/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Any bytes as labelled graphs: what is taken is written, and that is taken again and written the same. */
#include "dataset/dataset.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *write(const struct heal_dataset *set, size_t *ret_length) {
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_length);

    if (!out || heal_dataset_write(set, out) < 0 || fclose(out) != 0)
        abort();
    return text;
}

static void check(const struct heal_dataset *set) {
    struct heal_dataset again;
    size_t length, length_again;
    char *text = write(set, &length);

    if (heal_dataset_parse(text, length, &again, NULL) != 0)
        abort();
    char *text_again = write(&again, &length_again);
    if (length != length_again || memcmp(text, text_again, length) != 0)
        abort();
    free(text);
    free(text_again);
    heal_dataset_deinit(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_dataset set;
    struct heal_error error = {.code = 0};

    if (heal_dataset_parse((const char *)data, size, &set, &error) == 0) {
        check(&set);
        heal_dataset_deinit(&set);
    } else if (error.what[0] == '\0') {
        abort();
    }
    return 0;
}
