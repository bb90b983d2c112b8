/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wireless/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int netns_enter(const char *name) {
    char path[64];
    int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), there, r;

    if (here < 0)
        return -errno;
    snprintf(path, sizeof path, "/run/netns/%s", name);
    there = open(path, O_RDONLY | O_CLOEXEC);
    r = there < 0 || setns(there, CLONE_NEWNET) < 0 ? -errno : here;
    if (there >= 0)
        close(there);
    if (r < 0)
        close(here);
    return r;
}

int netns_return(int back) {
    int r = setns(back, CLONE_NEWNET) < 0 ? -errno : 0;

    close(back);
    return r;
}

int netns_socket(const char *name, int family, int type, int protocol) {
    int back = netns_enter(name), fd;

    if (back < 0)
        return back;
    fd = socket(family, type | SOCK_CLOEXEC, protocol);
    if (fd < 0)
        fd = -errno;
    int r = netns_return(back);
    if (r < 0 && fd >= 0)
        close(fd);
    return r < 0 ? r : fd;
}
