/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Readers of the kernel's text files in /proc (/proc/net excepted) and of a control group. Pure; each takes
 * the whole text of a file and leaves its output untouched on failure. All @return 0 or -EINVAL.
 */
#ifndef HEAL_WIRE_PROC_TEXT_H
#define HEAL_WIRE_PROC_TEXT_H

#include "heal/types.h"

/** /proc/stat, in clock ticks since boot. */
struct heal_proc_cpu {
    uint64_t busy, total; /**< time that a hypervisor stole is in neither */
    uint32_t cpus;
};
int heal_proc_cpu_parse(const char *text, size_t length, struct heal_proc_cpu *ret_cpu);

/** /proc/meminfo. */
struct heal_proc_memory {
    uint64_t total_bytes, available_bytes;
};
int heal_proc_memory_parse(const char *text, size_t length, struct heal_proc_memory *ret_memory);

/** /proc/pressure/…: the line "some", its avg10 as a share of time, 0 to 1. */
int heal_proc_pressure_parse(const char *text, size_t length, float *ret_share);

/** /proc/PID/stat. */
struct heal_proc_process {
    uint32_t pid, parent;
    char name[HEAL_NAME_MAX];
    char state;              /**< 'Z', 'X': it has ended */
    uint64_t ticks;          /**< user and system time of the process itself */
    uint64_t children_ticks; /**< of its children that ended and were waited for, and theirs */
    uint64_t start_ticks;    /**< since boot; with the pid it names a process for good */
    uint64_t rss_pages;
};
int heal_proc_process_parse(const char *text, size_t length, struct heal_proc_process *ret_process);

/** A decimal number alone on a line, such as a sysctl or a pid file. */
int heal_proc_number_parse(const char *text, size_t length, uint64_t most, uint64_t *ret_number);

/** cpu.max of a control group: "QUOTA PERIOD", or "max PERIOD". */
struct heal_proc_quota {
    uint64_t quota_us; /**< CPU time in each period; 0: no quota */
    uint64_t period_us;
};
int heal_proc_quota_parse(const char *text, size_t length, struct heal_proc_quota *ret_quota);

#endif
