/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** A set as its text, to compare with. After cmocka.h, to include. */
#ifndef HEAL_TESTS_UNIT_DATASET_AS_TEXT_H
#define HEAL_TESTS_UNIT_DATASET_AS_TEXT_H

#include "dataset/dataset.h"

#include <stdio.h>

/** @return for free() */
static inline char *as_text(const struct heal_dataset *set) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    assert_non_null(out);
    assert_int_equal(heal_dataset_write(set, out), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

#endif
