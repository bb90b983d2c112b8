/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wifi/medium.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct heal_medium medium;
    struct heal_error error = {0};
    int r = heal_medium_parse((const char *)data, size, &medium, &error);

    if (r < 0 && (error.line < 1 || error.column < 1 || (size_t)error.column > size + 1))
        __builtin_trap();
    for (unsigned from = 0; r == 0 && from < HEAL_MEDIUM_RADIOS_MAX; from++)
        for (unsigned to = 0; to < HEAL_MEDIUM_RADIOS_MAX; to++) {
            double loss = heal_medium_attempt_loss(&medium, from, to, from % HEAL_MEDIUM_RATES, 1000);

            if (!(loss >= 0 && loss <= 1))
                __builtin_trap();
        }
    return 0;
}
