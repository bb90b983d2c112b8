/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PLACES_MAX = 3, HELPER_SOCKET = 3 };

static int find_program(char *path, size_t size) {
    ssize_t length = readlink("/proc/self/exe", path, size - 1);

    if (length < 0)
        return -errno;
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    if (!slash || (size_t)(slash - path) + sizeof "/heald-helper" > size)
        return -ENAMETOOLONG;
    strcpy(slash, "/heald-helper");
    return access(path, X_OK) < 0 ? -errno : 0;
}

/* In the child: only what is safe after fork. */
static void become(const char *path, const char *const *argv, int socket) {
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (socket == HELPER_SOCKET ? fcntl(socket, F_SETFD, 0) < 0 : dup2(socket, HELPER_SOCKET) < 0)
        _exit(127);
    syscall(SYS_close_range, HELPER_SOCKET + 1U, ~0U, 0U);
    execv(path, (char *const *)argv);
    _exit(127);
}

int heal_helper_start(const char *const *places, size_t count, pid_t *ret_child) {
    const char *argv[PLACES_MAX + 3] = {"heald-helper", "--connected"};
    char path[512];
    int ends[2];
    int r = find_program(path, sizeof path);

    if (r < 0)
        return r;
    for (size_t i = 0; i < count && i < PLACES_MAX; i++)
        argv[2 + i] = places[i] ? places[i] : "";
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0)
        return -errno;
    pid_t child = fork();
    if (child == 0)
        become(path, argv, ends[1]);
    close(ends[1]);
    if (child < 0) {
        r = -errno;
        close(ends[0]);
        return r;
    }
    *ret_child = child;
    return ends[0];
}
