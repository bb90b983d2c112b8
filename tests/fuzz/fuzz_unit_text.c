/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/unit_text.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_unit_text unit;
    if (heal_unit_text_parse((const char *)data, size, &unit) < 0) {
        return 0;
    }
    const char *end = memchr(unit.cgroup, '\0', sizeof(unit.cgroup));
    if (!end || (end > unit.cgroup && unit.cgroup[0] != '/') || strstr(unit.cgroup, "/../") ||
        unit.activity >= HEAL_UNIT_ACTIVITIES) {
        __builtin_trap();
    }
    return 0;
}
