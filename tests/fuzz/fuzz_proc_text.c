/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/proc_text.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    struct heal_proc_cpu cpu;
    struct heal_proc_memory memory;
    struct heal_proc_process process;
    float share;
    uint64_t number;
    struct heal_proc_quota quota;
    if (heal_proc_cpu_parse(text, size, &cpu) == 0 && cpu.busy > cpu.total) {
        __builtin_trap();
    }
    if (heal_proc_pressure_parse(text, size, &share) == 0 && !(share >= 0 && share <= 1.01F)) {
        __builtin_trap();
    }
    heal_proc_memory_parse(text, size, &memory);
    heal_proc_process_parse(text, size, &process);
    heal_proc_number_parse(text, size, 1000, &number);
    if (heal_proc_quota_parse(text, size, &quota) == 0 && quota.period_us == 0) {
        __builtin_trap();
    }
    return 0;
}
