/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/file.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_fd(const int *fd) {
    if (*fd >= 0)
        close(*fd);
}

/* What stat says of a size is a hint: procfs says 0, and a file may grow while it is read. */
static int read_all(int fd, size_t size_max, char **ret_text, size_t *ret_length) {
    char *text HEAL_CLEANUP(heal_free_pointer) = NULL;
    size_t length = 0, room = 0;

    for (;;) {
        if (length == room) {
            /* One byte over the cap, to see that there is more. */
            size_t more = room ? 2 * room : 4096;
            size_t new_room = more > size_max ? size_max + 1 : more;
            char *bigger = realloc(text, new_room + 1);

            if (!bigger)
                return -ENOMEM;
            text = bigger;
            room = new_room;
        }
        ssize_t got = read(fd, text + length, room - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        if (got == 0)
            break;
        length += (size_t)got;
        if (length > size_max)
            return -EFBIG;
    }
    text[length] = '\0';
    *ret_text = text;
    *ret_length = length;
    text = NULL;
    return 0;
}

int heal_file_read(const char *path, size_t size_max, char **ret_text, size_t *ret_length) {
    struct stat status;
    /* Not to hang on a pipe that someone put in the place of a file. */
    int fd HEAL_CLEANUP(close_fd) = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0)
        return -errno;
    if (fstat(fd, &status) < 0)
        return -errno;
    if (S_ISDIR(status.st_mode))
        return -EISDIR;
    if (!S_ISREG(status.st_mode))
        return -EINVAL;
    return read_all(fd, size_max, ret_text, ret_length);
}

static int write_all(int fd, const char *text, size_t length) {
    while (length > 0) {
        ssize_t put = write(fd, text, length);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -errno;
        text += put;
        length -= (size_t)put;
    }
    return 0;
}

/* The rename itself is durable once the folder is. */
static int sync_folder_of(const char *path) {
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');

    if (!slash)
        strcpy(folder, ".");
    else
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - path > 0 ? slash - path : 1), path);
    int fd HEAL_CLEANUP(close_fd) = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) < 0)
        return -errno;
    return 0;
}

static int write_temporary(int fd, const char *text, size_t length, mode_t mode) {
    int r = fchmod(fd, mode) < 0 ? -errno : 0;

    if (r == 0)
        r = write_all(fd, text, length);
    if (r == 0 && fsync(fd) < 0)
        r = -errno;
    return r;
}

int heal_file_write(const char *path, const char *text, size_t length, mode_t mode) {
    char temporary[PATH_MAX];
    int size = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);

    if (size < 0 || (size_t)size >= sizeof temporary)
        return -ENAMETOOLONG;
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int r = write_temporary(fd, text, length, mode);
    if (close(fd) < 0 && r == 0)
        r = -errno;
    if (r == 0 && rename(temporary, path) < 0)
        r = -errno;
    if (r < 0) {
        unlink(temporary);
        return r;
    }
    return sync_folder_of(path);
}

/* @return 0 or a negative errno. */
static int find_target(const char *path, char ret_target[static PATH_MAX]) {
    struct stat status;

    if (stat(path, &status) < 0) {
        if (errno != ENOENT)
            return -errno;
        return snprintf(ret_target, PATH_MAX, "%s", path) < PATH_MAX ? 0 : -ENAMETOOLONG;
    }
    if (S_ISDIR(status.st_mode))
        return -EISDIR;
    if (!S_ISREG(status.st_mode))
        return -EINVAL;
    return realpath(path, ret_target) ? 0 : -errno;
}

int heal_file_save(const char *path, const char *text, size_t length) {
    char target[PATH_MAX];
    int r = find_target(path, target);

    if (r < 0)
        return r;
    mode_t mask = umask(0);
    umask(mask);
    return heal_file_write(target, text, length, 0666 & ~mask);
}

/* What a path that leads nowhere yet ends with, and the folder that it would be in. */
static bool find_place(const char *path, struct stat *ret_folder, const char **ret_name) {
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX];
    int length = slash ? (int)(slash - path) + 1 : 1;

    *ret_name = slash ? slash + 1 : path;
    return length < PATH_MAX && snprintf(folder, sizeof folder, "%.*s", length, slash ? path : ".") >= 0 &&
           stat(folder, ret_folder) == 0;
}

static bool is_one(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool heal_file_is_same(const char *a, const char *b) {
    const char *one_name, *other_name;
    struct stat one, other;

    if (stat(a, &one) == 0 || stat(b, &other) == 0)
        return stat(a, &one) == 0 && stat(b, &other) == 0 && is_one(&one, &other);
    return find_place(a, &one, &one_name) && find_place(b, &other, &other_name) && is_one(&one, &other) &&
           strcmp(one_name, other_name) == 0;
}
