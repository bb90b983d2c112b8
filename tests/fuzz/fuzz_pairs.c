/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Pairs of a record's value, read as every type. */
#include "base/pairs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const names[] = {"incident", "metric", "value", NULL};
    struct heal_error error;
    struct heal_pairs pairs;
    char text[32];
    uint64_t whole;
    int64_t number;
    unsigned index;
    float real;
    bool truth;

    heal_pairs_init(&pairs, (const char *)data, size, &error);
    heal_pairs_word(&pairs, text, sizeof text);
    while (heal_pairs_next(&pairs) > 0) {
        heal_pairs_text(&pairs, text, sizeof text);
        heal_pairs_u64(&pairs, 1, 1000, &whole);
        heal_pairs_i64(&pairs, -9, 9, &number);
        heal_pairs_hex(&pairs, &whole);
        heal_pairs_bool(&pairs, &truth);
        heal_pairs_float(&pairs, &real);
        heal_pairs_choice(&pairs, names, &index);
        heal_pairs_unknown(&pairs, names);
    }
    return 0;
}
