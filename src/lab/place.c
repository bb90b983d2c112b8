/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/place.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/process.h"

/** What the two processes on the way tell the caller: the program's pid, then what stopped exec, if it did.
 */
struct report {
    pid_t pid;
    int code;
};

static void tell(int pipe_end, pid_t pid, int code) {
    struct report report = {.pid = pid, .code = code};

    (void)!write(pipe_end, &report, sizeof report);
}

/* @return false at the end: neither is left that could tell more. */
static bool take(int pipe_end, struct report *report) {
    ssize_t got;

    do
        got = read(pipe_end, report, sizeof *report);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof *report;
}

static void become(const struct heal_place_program *program, int pipe_end) {
    heal_process_reset();
    if (program->apart)
        (void)setsid();
    heal_process_descriptors(program->input, program->output, program->error);
    for (int i = 0; i < program->passed_count; i++)
        (void)fcntl(program->passed[i], F_SETFD, 0);
    if (program->socket)
        setenv("HEALD_SOCKET", program->socket, 1);
    tell(pipe_end, 0, heal_process_become(program->argv));
    _exit(127);
}

/* Joins the namespaces. Only a child born after that is in the PID namespace: CLONE_PARENT makes it a child
 * of the caller's, and this process goes. */
static void go_between(const struct heal_place_program *program, int pipe_end) {
    int namespaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS;
    pid_t pid;

    if (setns(program->target, namespaces | (program->with_user ? CLONE_NEWUSER : 0)) < 0) {
        tell(pipe_end, 0, -errno);
        _exit(1);
    }
    pid = heal_process_clone(CLONE_PARENT, NULL);
    if (pid == 0)
        become(program, pipe_end);
    tell(pipe_end, pid > 0 ? pid : 0, pid > 0 ? 0 : pid);
    _exit(pid < 0);
}

int heal_place_spawn(const struct heal_place_program *program, pid_t *ret_pid) {
    struct report report;
    pid_t between, pid = 0;
    int ends[2];
    int r = 0;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    between = fork();
    if (between == 0)
        go_between(program, ends[1]);
    if (between < 0)
        r = -errno;
    close(ends[1]);
    /* To the end, for the two tell in no order: a child whose exec failed is to be waited for, too. */
    while (between > 0 && take(ends[0], &report)) {
        pid = report.pid > 0 ? report.pid : pid;
        r = r < 0 ? r : report.code;
    }
    close(ends[0]);
    if (between > 0)
        (void)heal_process_wait(between);
    if (r == 0 && pid == 0)
        r = -ECHILD;
    if (r < 0 && pid > 0)
        (void)heal_process_wait(pid);
    if (r < 0)
        return r;
    *ret_pid = pid;
    return 0;
}
