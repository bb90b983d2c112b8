/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/procfs.h"

#include "os/process.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { PROCESSES_MAX = 4096 };

struct heal_procfs {
    struct heal_procfs_options options;
    float capacity; /* CPUs */
    bool begun;
    heal_us last;
    struct heal_proc_cpu cpu;
    struct heal_process_list before, current;
    char text[1 << 16]; /* /proc/stat is long on machines with many interrupts; its beginning is enough */
};

int heal_procfs_open(const struct heal_procfs_options *options, struct heal_procfs **ret_procfs) {
    if (access("/proc/self/stat", R_OK) < 0) {
        return -errno;
    }
    struct heal_procfs *procfs = calloc(1, sizeof(*procfs));
    if (!procfs) {
        return -ENOMEM;
    }
    procfs->options = *options;
    procfs->capacity = heal_cpu_capacity(options->cpu_capacity);
    heal_process_list_init(&procfs->before);
    heal_process_list_init(&procfs->current);
    *ret_procfs = procfs;
    return 0;
}

struct heal_procfs *heal_procfs_close(struct heal_procfs *procfs) {
    if (procfs) {
        heal_process_list_deinit(&procfs->before);
        heal_process_list_deinit(&procfs->current);
        free(procfs);
    }
    return NULL;
}

float heal_cpu_capacity(float configured) {
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    return configured > 0 ? configured : (float)(cpus > 0 ? cpus : 1);
}

float heal_procfs_cpu_capacity(const struct heal_procfs *procfs) {
    return procfs->capacity;
}

static ssize_t read_text(struct heal_procfs *procfs, const char *path) {
    return heal_small_file_read(path, procfs->text, sizeof(procfs->text));
}

static int read_memory_total(struct heal_procfs *procfs, struct heal_proc_memory *ret_memory) {
    ssize_t length = read_text(procfs, "/proc/meminfo");
    int r = length < 0 ? (int)length : heal_proc_memory_parse(procfs->text, (size_t)length, ret_memory);
    if (r == 0 && procfs->options.memory_bytes) {
        ret_memory->total_bytes = procfs->options.memory_bytes;
    }
    return r;
}

static int read_host(struct heal_procfs *procfs, struct heal_reading_node *node) {
    struct heal_proc_cpu cpu = {0};
    struct heal_proc_memory memory = {0};
    ssize_t length = read_text(procfs, "/proc/stat");
    int r = length < 0 ? (int)length : heal_proc_cpu_parse(procfs->text, (size_t)length, &cpu);
    if (r == 0) {
        r = read_memory_total(procfs, &memory);
    }
    if (r < 0) {
        return r;
    }
    if (procfs->begun && cpu.total > procfs->cpu.total && cpu.busy >= procfs->cpu.busy) {
        float share = (float)(cpu.busy - procfs->cpu.busy) / (float)(cpu.total - procfs->cpu.total);
        node->cpu = share * (float)cpu.cpus / procfs->capacity;
    }
    procfs->cpu = cpu;
    node->memory_total_bytes = memory.total_bytes;
    node->memory_used_bytes =
        memory.total_bytes > memory.available_bytes ? memory.total_bytes - memory.available_bytes : 0;
    return 0;
}

/*
 * Ticks used since the last look. A process that ended between two looks left its time with the parent that
 * waited for it (children_ticks); what of that was seen while it lived is taken off again. Where nobody
 * waited, its last bit is lost, and nothing else.
 */
static uint64_t ticks_used(const struct heal_process_list *before, const struct heal_process_list *current) {
    uint64_t own = 0, inherited = 0, seen_of_ended = 0;
    for (size_t i = 0; i < current->count; i++) {
        const struct heal_proc_process *process = &current->process[i];
        const struct heal_proc_process *last = heal_process_list_find(before, process->pid);
        bool same = last && last->start_ticks == process->start_ticks;
        own += process->ticks - (same ? last->ticks : 0);
        inherited += process->children_ticks - (same ? last->children_ticks : 0);
    }
    for (size_t i = 0; i < before->count; i++) {
        const struct heal_proc_process *last = &before->process[i];
        const struct heal_proc_process *process = heal_process_list_find(current, last->pid);
        if (!process || process->start_ticks != last->start_ticks) {
            seen_of_ended += last->ticks + last->children_ticks;
        }
    }
    return own + (inherited > seen_of_ended ? inherited - seen_of_ended : 0);
}

static int read_processes(struct heal_procfs *procfs, heal_us now, struct heal_reading_node *node) {
    struct heal_proc_memory memory = {0};
    struct heal_process_list spare = procfs->before;
    int r = read_memory_total(procfs, &memory);
    procfs->before = procfs->current;
    procfs->current = spare;
    if (r == 0) {
        r = heal_process_list_read(&procfs->current, PROCESSES_MAX);
    }
    if (r < 0 && r != -EFBIG) {
        return r;
    }
    if (procfs->begun && now > procfs->last) {
        float seconds = (float)ticks_used(&procfs->before, &procfs->current) / (float)sysconf(_SC_CLK_TCK);
        node->cpu = seconds / ((float)(now - procfs->last) / (float)HEAL_US_PER_S) / procfs->capacity;
    }
    for (size_t i = 0; i < procfs->current.count; i++) {
        node->memory_used_bytes += procfs->current.process[i].rss_pages * (uint64_t)sysconf(_SC_PAGESIZE);
    }
    node->memory_total_bytes = memory.total_bytes;
    return 0;
}

static bool read_switch(const char *path) {
    char text[16];
    ssize_t length = heal_small_file_read(path, text, sizeof(text));
    uint64_t number;
    return length > 0 && heal_proc_number_parse(text, (size_t)length, UINT32_MAX, &number) == 0 &&
           number != 0;
}

/* Pressure is the host's, so it says nothing of a part of it. */
static float read_pressure(struct heal_procfs *procfs) {
    float share;
    if (procfs->options.processes) {
        return -1;
    }
    ssize_t length = read_text(procfs, "/proc/pressure/cpu");
    return length > 0 && heal_proc_pressure_parse(procfs->text, (size_t)length, &share) == 0 ? share : -1;
}

int heal_procfs_read(struct heal_procfs *procfs, heal_us now, const struct heal_reading_sink *sink) {
    struct heal_reading reading = {.kind = HEAL_READING_NODE};
    struct heal_reading_node *node = &reading.node;
    int r = procfs->options.processes ? read_processes(procfs, now, node) : read_host(procfs, node);
    if (r < 0) {
        return r;
    }
    bool first = !procfs->begun;
    procfs->begun = true;
    procfs->last = now;
    if (first) {
        return 1;
    }
    node->memory = (float)((double)node->memory_used_bytes / (double)node->memory_total_bytes);
    node->cpu_pressure = read_pressure(procfs);
    node->forwarding = read_switch("/proc/sys/net/ipv6/conf/all/forwarding");
    node->forwarding4 = read_switch("/proc/sys/net/ipv4/ip_forward");
    sink->take(sink->context, &reading);
    return 0;
}
