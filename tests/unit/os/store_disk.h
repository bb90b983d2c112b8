/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** A small disk of their own for the tests of the store. */
#ifndef STORE_DISK_H
#define STORE_DISK_H

#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store_tools.h"

static inline bool store_write_line(const char *path, const char *text) {
    int file = open(path, O_WRONLY);
    bool written = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text);

    if (file >= 0)
        close(file);
    return written;
}

/** Mounts a tmpfs at the folder, in a mount namespace of this process's own. @return false where it may not
 * be. */
static inline bool store_small_disk(const char *folder, const char *options) {
    char users[64], groups[64];

    snprintf(users, sizeof users, "0 %u 1", getuid());
    snprintf(groups, sizeof groups, "0 %u 1", getgid());
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && store_write_line("/proc/self/setgroups", "deny") &&
           store_write_line("/proc/self/uid_map", users) && store_write_line("/proc/self/gid_map", groups) &&
           mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("small", folder, "tmpfs", 0, options) == 0;
}

/** Runs a test in a process of its own, which exits with 77 where it may not have its disk. */
static inline void store_in_child(void (*run)(const char *folder), const char *folder) {
    int status = 0;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        run(folder);
        _exit(0);
    }
    waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
        print_message("no user namespace with a tmpfs here\n");
        skip();
    }
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

#endif
