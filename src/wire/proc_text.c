/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/proc_text.h"

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Text under the reader's eye. Never looks at text[length] or beyond. */
struct cursor {
    const char *at, *end;
};

static void skip_blanks(struct cursor *cursor) {
    while (cursor->at < cursor->end && (*cursor->at == ' ' || *cursor->at == '\t')) {
        cursor->at++;
    }
}

/* @return false where there is no number or it does not fit. */
static bool read_number(struct cursor *cursor, uint64_t *ret_number) {
    uint64_t number = 0;
    skip_blanks(cursor);
    const char *start = cursor->at;
    for (; cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9'; cursor->at++) {
        uint64_t digit = (uint64_t)(*cursor->at - '0');
        if (number > (UINT64_MAX - digit) / 10) {
            return false;
        }
        number = number * 10 + digit;
    }
    *ret_number = number;
    return cursor->at > start;
}

static bool starts_with(const struct cursor *cursor, const char *prefix) {
    size_t size = strlen(prefix);
    return (size_t)(cursor->end - cursor->at) >= size && memcmp(cursor->at, prefix, size) == 0;
}

/* @return false at the end of the text. */
static bool next_line(struct cursor *cursor) {
    const char *newline = memchr(cursor->at, '\n', (size_t)(cursor->end - cursor->at));
    cursor->at = newline ? newline + 1 : cursor->end;
    return cursor->at < cursor->end;
}

/* proc(5): cpu user nice system idle iowait irq softirq steal …; guest time is within user's. */
static bool read_cpu_line(struct cursor *cursor, struct heal_proc_cpu *cpu) {
    enum { IDLE = 3, IOWAIT = 4, COUNTED = 7 };
    for (int i = 0; i < COUNTED; i++) {
        uint64_t ticks;
        if (!read_number(cursor, &ticks) || ticks > UINT64_MAX / 16) {
            return false;
        }
        cpu->total += ticks;
        if (i != IDLE && i != IOWAIT) {
            cpu->busy += ticks;
        }
    }
    return true;
}

int heal_proc_cpu_parse(const char *text, size_t length, struct heal_proc_cpu *ret_cpu) {
    struct cursor cursor = {text, text + length};
    struct heal_proc_cpu cpu = {0};
    if (!starts_with(&cursor, "cpu ")) {
        return -EINVAL;
    }
    cursor.at += strlen("cpu ");
    if (!read_cpu_line(&cursor, &cpu)) {
        return -EINVAL;
    }
    while (next_line(&cursor) && starts_with(&cursor, "cpu")) {
        cpu.cpus++;
    }
    *ret_cpu = cpu;
    return cpu.cpus ? 0 : -EINVAL;
}

int heal_proc_memory_parse(const char *text, size_t length, struct heal_proc_memory *ret_memory) {
    struct cursor cursor = {text, text + length};
    uint64_t total = 0, available = 0;
    bool has_available = false;
    if (length == 0) {
        return -EINVAL;
    }
    do {
        uint64_t *target = starts_with(&cursor, "MemTotal:")       ? &total
                           : starts_with(&cursor, "MemAvailable:") ? &available
                                                                   : NULL;
        if (!target) {
            continue;
        }
        cursor.at = (const char *)memchr(cursor.at, ':', (size_t)(cursor.end - cursor.at)) + 1;
        if (!read_number(&cursor, target) || *target > UINT64_MAX / 1024) {
            return -EINVAL;
        }
        has_available |= target == &available;
    } while (next_line(&cursor));
    if (total == 0 || !has_available) {
        return -EINVAL;
    }
    *ret_memory = (struct heal_proc_memory){total * 1024, available * 1024};
    return 0;
}

int heal_proc_pressure_parse(const char *text, size_t length, float *ret_share) {
    static const char start[] = "some avg10=";
    struct cursor cursor = {text, text + length};
    uint64_t whole, hundredths;
    if (!starts_with(&cursor, start)) {
        return -EINVAL;
    }
    cursor.at += strlen(start);
    if (!read_number(&cursor, &whole) || cursor.at == cursor.end || *cursor.at != '.') {
        return -EINVAL;
    }
    const char *fraction = ++cursor.at;
    /* The kernel writes two digits. */
    if (!read_number(&cursor, &hundredths) || cursor.at - fraction != 2 || whole > 100) {
        return -EINVAL;
    }
    *ret_share = ((float)whole + (float)hundredths / 100) / 100;
    return 0;
}

/* The fields of /proc/PID/stat after the name and the state, by their numbers in proc(5). */
static bool read_process_fields(struct cursor *cursor, struct heal_proc_process *process) {
    enum { PPID = 4, UTIME = 14, STIME = 15, CUTIME = 16, CSTIME = 17, START = 22, RSS = 24 };
    for (int i = PPID; i <= RSS; i++) {
        uint64_t value;
        skip_blanks(cursor);
        /* Some are negative (priority, terminal group); none that count here. */
        bool negative = cursor->at < cursor->end && *cursor->at == '-';
        cursor->at += negative;
        if (!read_number(cursor, &value)) {
            return false;
        }
        value = negative ? 0 : value;
        if (i == PPID) {
            process->parent = (uint32_t)value;
        } else if (i == UTIME || i == STIME) {
            process->ticks += value;
        } else if (i == CUTIME || i == CSTIME) {
            process->children_ticks += value;
        } else if (i == START) {
            process->start_ticks = value;
        } else if (i == RSS) {
            process->rss_pages = value;
        }
    }
    return true;
}

int heal_proc_process_parse(const char *text, size_t length, struct heal_proc_process *ret_process) {
    struct cursor cursor = {text, text + length};
    struct heal_proc_process process = {0};
    uint64_t pid;
    /* The name stands in brackets and may hold any byte, brackets too: its end is the last bracket. */
    const char *open = memchr(text, '(', length), *close = memrchr(text, ')', length);
    if (!open || !close || close < open || !read_number(&cursor, &pid) || pid == 0 || pid > UINT32_MAX) {
        return -EINVAL;
    }
    process.pid = (uint32_t)pid;
    size_t size = (size_t)(close - open) - 1;
    if (size >= sizeof(process.name)) {
        size = sizeof(process.name) - 1;
    }
    memcpy(process.name, open + 1, size);
    cursor.at = close + 1;
    skip_blanks(&cursor);
    if (cursor.at == cursor.end) {
        return -EINVAL;
    }
    process.state = *cursor.at++;
    if (!read_process_fields(&cursor, &process)) {
        return -EINVAL;
    }
    *ret_process = process;
    return 0;
}

int heal_proc_number_parse(const char *text, size_t length, uint64_t most, uint64_t *ret_number) {
    struct cursor cursor = {text, text + length};
    uint64_t number;
    if (!read_number(&cursor, &number) || number > most) {
        return -EINVAL;
    }
    while (cursor.at < cursor.end && strchr(" \t\r\n", *cursor.at) && *cursor.at) {
        cursor.at++;
    }
    if (cursor.at != cursor.end) {
        return -EINVAL;
    }
    *ret_number = number;
    return 0;
}

int heal_proc_quota_parse(const char *text, size_t length, struct heal_proc_quota *ret_quota) {
    struct cursor cursor = {text, text + length};
    struct heal_proc_quota quota = {0};
    if (starts_with(&cursor, "max ")) {
        cursor.at += strlen("max ");
    } else if (!read_number(&cursor, &quota.quota_us) || quota.quota_us == 0) {
        return -EINVAL;
    }
    size_t left = (size_t)(cursor.end - cursor.at);
    if (heal_proc_number_parse(cursor.at, left, UINT32_MAX, &quota.period_us) < 0 || quota.period_us == 0) {
        return -EINVAL;
    }
    *ret_quota = quota;
    return 0;
}
