/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Processes as /proc shows them, and the kernel's small files: read into the caller's memory, nothing kept
 * open.
 */
#ifndef HEAL_OS_PROCESS_H
#define HEAL_OS_PROCESS_H

#include "wire/proc_text.h"

#include <sys/types.h>

/** Reads up to @p size - 1 bytes of a small file and ends them with a NUL. @return the length or a negative
 * errno. */
ssize_t heal_small_file_read(const char *path, char *buffer, size_t size);

/** Writes to a file that is there, such as a sysctl, in one go. @return 0 or a negative errno. */
int heal_small_file_write(const char *path, const char *text);

/** @return 0; -ESRCH where there is none (one that has ended and waits to be reaped counts as none). */
int heal_process_read(pid_t pid, struct heal_proc_process *ret_process);

/** Processes at one moment, sorted by pid. */
struct heal_process_list {
    size_t count, capacity;
    struct heal_proc_process *process;
};

void heal_process_list_init(struct heal_process_list *list);
void heal_process_list_deinit(struct heal_process_list *list);

/** Looks at all processes of this PID namespace. @return 0, -EFBIG if there are more than @p most, … */
int heal_process_list_read(struct heal_process_list *list, size_t most);

/** @return the process of this pid, or NULL. */
const struct heal_proc_process *heal_process_list_find(const struct heal_process_list *list, uint32_t pid);

/** Lists a process and its descendants. @return how many, at most @p most. */
size_t heal_process_list_tree(const struct heal_process_list *list, pid_t root, size_t most, pid_t *ret_pids);

#endif
