/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** Whatever a fuzzer's bytes were taken for can be written, is taken again, and is written the same. */
#ifndef HEAL_TESTS_FUZZ_DATASET_AGAIN_H
#define HEAL_TESTS_FUZZ_DATASET_AGAIN_H

#include "dataset/dataset.h"

#include <stdlib.h>
#include <string.h>

static inline char *dataset_text(const struct heal_dataset *set, size_t *ret_length) {
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_length);

    if (!out || heal_dataset_write(set, out) < 0 || fclose(out) != 0)
        abort();
    return text;
}

/* Ends the program otherwise. */
static inline void dataset_again(const struct heal_dataset *set) {
    struct heal_dataset again;
    size_t length, length_again;
    char *text = dataset_text(set, &length);

    if (heal_dataset_parse(text, length, &again, NULL) != 0)
        abort();
    char *text_again = dataset_text(&again, &length_again);
    if (length != length_again || memcmp(text, text_again, length) != 0)
        abort();
    free(text);
    free(text_again);
    heal_dataset_deinit(&again);
}

#endif
