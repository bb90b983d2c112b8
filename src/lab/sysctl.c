/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int heal_sysctl_write(const char *name, int value) {
    char path[128];
    int fd, r = 0;

    snprintf(path, sizeof path, "/proc/sys/%s", name);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    if (dprintf(fd, "%d\n", value) < 0)
        r = -errno;
    close(fd);
    return r;
}
