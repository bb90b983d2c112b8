/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SBIN_FOLDERS "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"

pid_t heal_process_clone(uint64_t flags, int *ret_pidfd) {
    struct clone_args arguments = {.flags = flags, .exit_signal = SIGCHLD};
    int pidfd = -1;
    long pid;

    if (ret_pidfd) {
        arguments.flags |= CLONE_PIDFD;
        arguments.pidfd = (uint64_t)(uintptr_t)&pidfd;
    }
    if (flags & CLONE_PARENT)
        arguments.exit_signal = 0; /* the parent's own, by the rules of clone3 */
    pid = syscall(SYS_clone3, &arguments, sizeof arguments);
    if (pid < 0)
        return (pid_t)-errno;
    if (pid > 0 && ret_pidfd)
        *ret_pidfd = pidfd;
    return (pid_t)pid;
}

int heal_process_open(pid_t pid) {
    long pidfd = syscall(SYS_pidfd_open, pid, 0);

    return pidfd < 0 ? -errno : (int)pidfd;
}

int heal_process_signal(int pidfd, int signal) {
    return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) < 0 ? -errno : 0;
}

void heal_process_reset(void) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigset_t none;

    for (int number = 1; number < NSIG; number++)
        (void)sigaction(number, &action, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

void heal_process_descriptors(int input, int output, int error) {
    int wanted[3] = {input, output, error};

    /* First out of the way, so that none is overwritten before its turn. */
    for (int i = 0; i < 3; i++) {
        int from = wanted[i] >= 0 ? wanted[i] : open("/dev/null", O_RDWR | O_CLOEXEC);

        wanted[i] = fcntl(from, F_DUPFD_CLOEXEC, 3);
    }
    for (int i = 0; i < 3; i++) {
        dup2(wanted[i], i);
        close(wanted[i]);
    }
}

int heal_process_become(const char *const *argv) {
    const char *path = getenv("PATH");
    char wider[4096];

    snprintf(wider, sizeof wider, "%s%s" SBIN_FOLDERS, path ? path : "", path ? ":" : "");
    setenv("PATH", wider, 1);
    execvp(argv[0], (char *const *)argv);
    return -errno;
}

int heal_process_feed(const char *text) {
    size_t length = strlen(text);
    int fd = memfd_create("input", MFD_CLOEXEC);

    if (fd < 0)
        return -errno;
    while (length > 0) {
        ssize_t written = write(fd, text, length);

        if (written < 0) {
            int r = -errno;

            close(fd);
            return r;
        }
        text += written;
        length -= (size_t)written;
    }
    lseek(fd, 0, SEEK_SET);
    return fd;
}

int heal_process_wait(pid_t pid) {
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int heal_process_run(const char *const *argv, const char *input) {
    int feed = input ? heal_process_feed(input) : -1;
    pid_t pid;
    int r;

    if (input && feed < 0)
        return feed;
    pid = fork();
    if (pid == 0) {
        heal_process_reset();
        heal_process_descriptors(feed, 1, 2);
        r = heal_process_become(argv);
        fprintf(stderr, "%s: %s\n", argv[0], strerror(-r));
        _exit(127);
    }
    r = pid < 0 ? -errno : heal_process_wait(pid);
    if (feed >= 0)
        close(feed);
    return r;
}
