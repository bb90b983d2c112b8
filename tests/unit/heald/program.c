/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 16 };

void program_path(const struct program *program, const char *name, char path[static 128]) {
    snprintf(path, 128, "%s/%s", program->folder, name);
}

void program_write_file(const struct program *program, const char *name, const char *text) {
    char path[128];

    program_path(program, name, path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fchmod(fileno(file), 0644);
    fclose(file);
}

void program_configure(const struct program *program, const char *more) {
    char text[1024];

    snprintf(text, sizeof text,
             "node: alpha\nstate: %s/state\nsocket: %s/sock\nhelper: %s/helper\nmetrics: {listen: off}\n"
             "%s%s"
             "round: 100ms\nround-fast: 50ms\n"
             "services:\n  - {name: worker, pidfile: %s/worker.pid, restartable: true, "
             "restart: [\"/bin/sh\", \"-c\", \"true\"]}\n%s",
             program->folder, program->folder, program->folder,
             strstr(more, "routing:") ? "" : "routing: {daemon: none}\n",
             strstr(more, "user:") ? "" : "user: \"\"\n", program->folder, more);
    program_write_file(program, "heald.yaml", text);
}

/* The service that is watched runs. */
void program_start_worker(struct program *program) {
    char text[16];

    program->worker = fork();
    if (program->worker == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;)
            pause();
    }
    snprintf(text, sizeof text, "%d\n", (int)program->worker);
    program_write_file(program, "worker.pid", text);
}

void program_kill_worker(struct program *program) {
    if (program->worker > 0) {
        kill(program->worker, SIGKILL);
        waitpid(program->worker, NULL, 0);
    }
    program->worker = 0;
}

/* A namespace whose network nobody else sees; where user namespaces are not allowed there is nothing to test.
 */
int program_enter_namespace(void **state) {
    char users[64], groups[64];
    const char *const name[] = {"/proc/self/setgroups", "/proc/self/uid_map", "/proc/self/gid_map"};
    const char *const text[] = {"deny", users, groups};

    (void)state;
    setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
    snprintf(users, sizeof users, "0 %u 1", getuid());
    snprintf(groups, sizeof groups, "0 %u 1", getgid());
    if (getuid() == 0 && unshare(CLONE_NEWNET) == 0)
        return 0;
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0) {
        print_message("no network namespace of our own can be had here\n");
        exit(77);
    }
    for (int i = 0; i < 3; i++) {
        int file = open(name[i], O_WRONLY);
        if (file < 0 || write(file, text[i], strlen(text[i])) < 0)
            return -1;
        close(file);
    }
    return 0;
}

int program_make(void **state) {
    struct program *program = calloc(1, sizeof *program);

    *state = program;
    strcpy(program->folder, "/tmp/heald-daemon-XXXXXX");
    if (!mkdtemp(program->folder))
        return -1;
    program_configure(program, "");
    return 0;
}

int program_unmake(void **state) {
    struct program *program = *state;
    char command[128];

    if (program->pid > 0) {
        kill(program->pid, SIGKILL);
        waitpid(program->pid, NULL, 0);
    }
    program_kill_worker(program);
    snprintf(command, sizeof command, "rm -r %s", program->folder);
    int code = system(command);
    free(program);
    return code;
}

/* What execve() gives to root is bounded by this set (capabilities(7)). */
static bool drop_capabilities(void) {
    int dropped = 0;

    while (prctl(PR_CAPBSET_DROP, dropped, 0, 0, 0) == 0)
        dropped++;
    return dropped > CAP_NET_RAW;
}

/* Runs a shell command in the namespace. @return its exit code. */
int program_shell(const char *command) {
    int status = system(command);

    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

/* Starts a program in the folder, with all that it says going to the log. */
static void execute(struct program *program, const char *path, char *const *argv) {
    int ends[2];

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    program->length = 0;
    program->text[0] = '\0';
    program->pid = fork();
    assert_true(program->pid >= 0);
    if (program->pid == 0) {
        dup2(ends[1], STDERR_FILENO);
        dup2(ends[1], STDOUT_FILENO);
        if (chdir(program->folder) == 0 && (!program->bare || drop_capabilities()))
            execv(path, argv);
        _exit(127);
    }
    close(ends[1]);
    if (program->log > 0)
        close(program->log);
    program->log = ends[0];
}

/* Starts heald with its configuration and more arguments, NULL after the last. */
void program_start(struct program *program, const char *first, ...) {
    char *argv[ARGUMENTS_MAX] = {"heald", "--config", "heald.yaml"};
    int argc = 3;
    va_list more;

    va_start(more, first);
    for (const char *next = first; next; next = va_arg(more, const char *))
        argv[argc++] = (char *)(uintptr_t)next;
    va_end(more);
    execute(program, HEALD_PROGRAM, argv);
}

void program_start_helper(struct program *program) {
    char *argv[] = {"heald-helper", "heald.yaml", NULL};

    execute(program, HELPER_PROGRAM, argv);
}

/* Takes in what it said meanwhile. @return false at the end, or after the time. */
static bool program_listen(struct program *program) {
    struct pollfd ready = {.fd = program->log, .events = POLLIN};
    size_t room = sizeof program->text - 1 - program->length;

    if (poll(&ready, 1, PROGRAM_WAIT_MS) <= 0)
        return false;
    ssize_t got = read(program->log, program->text + program->length, room);
    if (got <= 0)
        return false;
    program->length += (size_t)got;
    program->text[program->length] = '\0';
    return true;
}

bool program_hears(struct program *program, const char *words) {
    while (!strstr(program->text, words))
        if (!program_listen(program))
            return false;
    return true;
}

void program_wait_for(struct program *program, const char *words) {
    if (!program_hears(program, words))
        fail_msg("waited for \"%s\"; it said:\n%s", words, program->text);
}

void program_forget(struct program *program) {
    program->length = 0;
    program->text[0] = '\0';
}

/* Waits for the end. @return its exit code, or 128 and the signal. */
int program_ending(struct program *program) {
    int status;

    while (program_listen(program))
        continue;
    assert_int_equal(waitpid(program->pid, &status, 0), program->pid);
    program->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int program_stop(struct program *program) {
    kill(program->pid, SIGTERM);
    return program_ending(program);
}
