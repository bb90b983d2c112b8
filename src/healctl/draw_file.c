/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "healctl/draw.h"
#include "os/file.h"

/* The page as text. */
static int write_page(const struct heal_picture *picture, char **ret_text, size_t *ret_length) {
    FILE *memory = open_memstream(ret_text, ret_length);

    if (!memory)
        return -ENOMEM;
    int r = heal_picture_write(picture, memory);
    if (fclose(memory) != 0 && r == 0)
        r = -ENOMEM;
    return r;
}

/* Where a link leads is replaced, not the link. @return a negative errno, or 0. */
static int find_target(const char *path, char ret_target[static PATH_MAX]) {
    struct stat status;

    if (stat(path, &status) < 0 && errno != ENOENT)
        return -errno;
    if (stat(path, &status) < 0)
        return snprintf(ret_target, PATH_MAX, "%s", path) < PATH_MAX ? 0 : -ENAMETOOLONG;
    if (S_ISDIR(status.st_mode))
        return -EISDIR;
    if (!S_ISREG(status.st_mode))
        return -EINVAL;
    return realpath(path, ret_target) ? 0 : -errno;
}

int heal_draw_file(const struct heal_call *call, const struct heal_picture *picture, const char *path) {
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    char target[PATH_MAX];
    size_t length = 0;
    bool to_output = strcmp(path, "-") == 0;
    int r = to_output ? 0 : find_target(path, target);

    if (r == -EINVAL)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "%s is there, and is no regular file", path);
    if (r == 0 && (r = write_page(picture, &text, &length)) == 0 && to_output)
        return fwrite(text, 1, length, call->out) == length ? HEAL_EXIT_OK : HEAL_EXIT_INTERNAL;
    mode_t mask = umask(0);
    umask(mask);
    if (r == 0)
        r = heal_file_write(target, text, length, 0666 & ~mask);
    if (r < 0)
        return heal_call_fail(call, HEAL_EXIT_FAILED, "cannot write %s: %s", path, strerror(-r));
    fprintf(call->out, "%s: %zu incidents, %zu nodes, %zu KiB\n", path, picture->incidents, picture->nodes,
            (length + 1023) / 1024);
    return HEAL_EXIT_OK;
}
