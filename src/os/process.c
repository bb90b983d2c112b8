/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ssize_t heal_small_file_read(const char *path, char *buffer, size_t size) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        return -errno;
    }
    ssize_t length = 0, more;
    do {
        more = read(fd, buffer + length, size - 1 - (size_t)length);
        length += more > 0 ? more : 0;
    } while (more > 0 && (size_t)length < size - 1);
    int r = more < 0 ? -errno : 0;
    close(fd);
    buffer[length] = '\0';
    return r < 0 ? r : length;
}

int heal_small_file_write(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return -errno;
    }
    size_t length = strlen(text);
    ssize_t written = write(fd, text, length);
    int r = written < 0 ? -errno : (size_t)written == length ? 0 : -EIO;
    close(fd);
    return r;
}

int heal_process_read(pid_t pid, struct heal_proc_process *ret_process) {
    char path[32], text[512];
    struct heal_proc_process process;
    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    ssize_t length = heal_small_file_read(path, text, sizeof(text));
    if (length == -ENOENT || length == 0) {
        return -ESRCH;
    }
    if (length < 0) {
        return (int)length;
    }
    if (heal_proc_process_parse(text, (size_t)length, &process) < 0) {
        return -EINVAL;
    }
    if (process.state == 'Z' || process.state == 'X') {
        return -ESRCH;
    }
    *ret_process = process;
    return 0;
}

void heal_process_list_init(struct heal_process_list *list) {
    *list = (struct heal_process_list){0};
}

void heal_process_list_deinit(struct heal_process_list *list) {
    free(list->process);
    *list = (struct heal_process_list){0};
}

static int compare(const void *a, const void *b) {
    const struct heal_proc_process *left = a, *right = b;
    return (left->pid > right->pid) - (left->pid < right->pid);
}

static int append(struct heal_process_list *list, const struct heal_proc_process *process) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 32;
        struct heal_proc_process *grown = realloc(list->process, capacity * sizeof(*grown));
        if (!grown) {
            return -ENOMEM;
        }
        list->process = grown;
        list->capacity = capacity;
    }
    list->process[list->count++] = *process;
    return 0;
}

int heal_process_list_read(struct heal_process_list *list, size_t most) {
    DIR *folder = opendir("/proc");
    if (!folder) {
        return -errno;
    }
    int r = 0;
    list->count = 0;
    for (struct dirent *entry; r == 0 && (entry = readdir(folder));) {
        struct heal_proc_process process;
        uint64_t pid;
        if (heal_proc_number_parse(entry->d_name, strlen(entry->d_name), INT32_MAX, &pid) < 0 ||
            heal_process_read((pid_t)pid, &process) < 0) {
            continue; /* no process, or one that has ended meanwhile */
        }
        r = list->count < most ? append(list, &process) : -EFBIG;
    }
    closedir(folder);
    if (list->count > 0) {
        qsort(list->process, list->count, sizeof(*list->process), compare);
    }
    return r;
}

const struct heal_proc_process *heal_process_list_find(const struct heal_process_list *list, uint32_t pid) {
    struct heal_proc_process wanted = {.pid = pid};
    return list->count ? bsearch(&wanted, list->process, list->count, sizeof(wanted), compare) : NULL;
}

size_t heal_process_list_tree(const struct heal_process_list *list, pid_t root, size_t most,
                              pid_t *ret_pids) {
    size_t count = 0;
    if (most > 0 && heal_process_list_find(list, (uint32_t)root)) {
        ret_pids[count++] = root;
    }
    /* Each that is found brings its children in, until none is left to look at. */
    for (size_t at = 0; at < count; at++) {
        for (size_t i = 0; i < list->count && count < most; i++) {
            if (list->process[i].parent == (uint32_t)ret_pids[at]) {
                ret_pids[count++] = (pid_t)list->process[i].pid;
            }
        }
    }
    return count;
}
