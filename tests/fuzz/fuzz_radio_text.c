/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/radio_text.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_reading_radio radio;
    struct heal_error error;
    int r = heal_radio_line_parse((const char *)data, size, &radio, &error);
    if (r == 0 && !(radio.rssi_dbm >= -200 && radio.rssi_dbm <= 100)) {
        __builtin_trap();
    }
    if (r < 0 && (error.column < 1 || (size_t)error.column > size + 1)) {
        __builtin_trap();
    }
    return 0;
}
