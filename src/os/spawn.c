/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/spawn.h"

#include "base/text.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_LIMIT = 1 << 20, LOOK_MS = 100, EXIT_NOT_STARTED = 127 };

struct heal_spawn {
    struct heal_spawn_options options;
    pid_t pid;
    int pidfd, output;
    heal_us left_us; /* until its time is up */
    bool timed_out;
    struct event *exit_event, *timer;
};

int heal_spawn_find(const char *name, char *buffer, size_t size) {
    static const char places[] = ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    char path[4096];
    const char *environment = getenv("PATH");
    if (strchr(name, '/')) {
        return snprintf(buffer, size, "%s", name) < (int)size && access(name, X_OK) == 0 ? 0 : -ENOENT;
    }
    snprintf(path, sizeof(path), "%s%s", environment ? environment : "", places);
    char *rest = path;
    for (char *folder; (folder = strsep(&rest, ":"));) {
        int length = snprintf(buffer, size, "%s/%s", folder, name);
        if (folder[0] == '/' && length < (int)size && access(buffer, X_OK) == 0) {
            return 0;
        }
    }
    return -ENOENT;
}

/* A file in memory for the input, ready to be read. @return its descriptor or a negative errno. */
static int make_input(const char *text) {
    if (!text) {
        int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
        return nothing < 0 ? -errno : nothing;
    }
    size_t length = strlen(text);
    if (length > HEAL_SPAWN_INPUT_MAX) {
        return -E2BIG;
    }
    int fd = memfd_create("heald-input", MFD_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    if (write(fd, text, length) != (ssize_t)length || lseek(fd, 0, SEEK_SET) < 0) {
        close(fd);
        return -EIO;
    }
    return fd;
}

/*
 * A file in memory for the output. Not a pipe: what the command leaves running in the background would get
 * SIGPIPE from it once nobody reads.
 */
static int make_output(void) {
    int fd = memfd_create("heald-output", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) {
        return -errno;
    }
    fcntl(fd, F_SETFL, O_APPEND);
    return fd;
}

/* In the child: only functions that are safe after fork. */
static void become(const char *program, const struct heal_spawn_options *options, int input, int output) {
    sigset_t none;
    setpgid(0, 0);
    for (int i = 1; i < NSIG; i++) {
        signal(i, SIG_DFL);
    }
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) {
        _exit(EXIT_NOT_STARTED);
    }
    syscall(SYS_close_range, 3U, ~0U, 0U);
    if (options->user && heal_user_become(options->user) < 0) {
        _exit(EXIT_NOT_STARTED);
    }
    execv(program, options->argv);
    _exit(EXIT_NOT_STARTED);
}

/* Copies the last of the output, on one line. */
static void take_output(const struct heal_spawn *spawn, struct heal_spawn_result *result) {
    struct stat status;
    if (fstat(spawn->output, &status) < 0) {
        return;
    }
    off_t start = status.st_size > HEAL_SPAWN_OUTPUT_MAX ? status.st_size - HEAL_SPAWN_OUTPUT_MAX : 0;
    ssize_t length = pread(spawn->output, result->output, HEAL_SPAWN_OUTPUT_MAX, start);
    while (length > 0 && strchr(" \r\n", result->output[length - 1])) {
        length--;
    }
    for (ssize_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)result->output[i];
        if (byte < ' ' || byte == 0x7f) {
            result->output[i] = ' ';
        }
    }
    result->output[length > 0 ? length : 0] = '\0';
}

static void destroy(struct heal_spawn *spawn) {
    if (spawn->exit_event) {
        event_free(spawn->exit_event);
    }
    if (spawn->timer) {
        event_free(spawn->timer);
    }
    if (spawn->pidfd >= 0) {
        close(spawn->pidfd);
    }
    if (spawn->output >= 0) {
        close(spawn->output);
    }
    free(spawn);
}

static void finish(struct heal_spawn *spawn, int status) {
    struct heal_spawn_result result = {.exit_status = -1};
    if (WIFEXITED(status)) {
        result.exit_status = WEXITSTATUS(status);
    } else if (WIFSIGNALED(status)) {
        result.signal = WTERMSIG(status);
    }
    result.code = spawn->timed_out ? -ETIMEDOUT : result.exit_status == 0 ? 0 : -ECHILD;
    take_output(spawn, &result);
    /* Whatever goes on in the background can write no more into our memory. */
    fcntl(spawn->output, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK);
    void (*done)(void *, const struct heal_spawn_result *) = spawn->options.done;
    void *context = spawn->options.context;
    destroy(spawn);
    if (done) {
        done(context, &result);
    }
}

static void on_exit_of_child(evutil_socket_t fd, short what, void *context) {
    struct heal_spawn *spawn = context;
    int status;
    (void)fd;
    (void)what;
    pid_t pid = waitpid(spawn->pid, &status, WNOHANG);
    if (pid == spawn->pid) {
        finish(spawn, status);
    } else if (pid < 0) {
        finish(spawn, 0x7f00); /* somebody else has reaped it: as if it had exited with 127 */
    }
}

static void set_timer(struct heal_spawn *spawn) {
    struct timeval span = {.tv_usec = LOOK_MS * 1000};
    event_add(spawn->timer, &span);
}

static void on_timer(evutil_socket_t fd, short what, void *context) {
    struct heal_spawn *spawn = context;
    struct stat status;
    (void)fd;
    (void)what;
    /* It appends, so that after this the file begins anew. */
    if (fstat(spawn->output, &status) == 0 && status.st_size > OUTPUT_LIMIT &&
        ftruncate(spawn->output, 0) < 0) {
        spawn->left_us = 0;
    }
    heal_us step = LOOK_MS * HEAL_US_PER_MS;
    spawn->left_us = spawn->left_us > step ? spawn->left_us - step : 0;
    if (spawn->left_us == 0) {
        spawn->timed_out = true;
        kill(-spawn->pid, SIGKILL);
    }
    set_timer(spawn);
}

static int watch(struct heal_spawn *spawn) {
    spawn->pidfd = (int)syscall(SYS_pidfd_open, spawn->pid, 0U);
    if (spawn->pidfd < 0) {
        return -errno;
    }
    spawn->exit_event =
        event_new(spawn->options.base, spawn->pidfd, EV_READ | EV_PERSIST, on_exit_of_child, spawn);
    spawn->timer = evtimer_new(spawn->options.base, on_timer, spawn);
    if (!spawn->exit_event || !spawn->timer || event_add(spawn->exit_event, NULL) < 0) {
        return -ENOMEM;
    }
    set_timer(spawn);
    return 0;
}

static int start(struct heal_spawn *spawn) {
    char program[1024];
    int r = heal_spawn_find(spawn->options.argv[0], program, sizeof(program));
    int input = r < 0 ? r : make_input(spawn->options.input);
    if (input < 0) {
        return input;
    }
    spawn->output = make_output();
    r = spawn->output;
    if (r >= 0) {
        sigset_t all, before;
        sigfillset(&all);
        /* No handler of ours may run in the child, where it would speak to our event loop. */
        sigprocmask(SIG_BLOCK, &all, &before);
        spawn->pid = fork();
        r = spawn->pid < 0 ? -errno : 0;
        if (spawn->pid == 0) {
            become(program, &spawn->options, input, spawn->output);
        }
        sigprocmask(SIG_SETMASK, &before, NULL);
    }
    close(input);
    if (r < 0) {
        return r;
    }
    setpgid(spawn->pid, spawn->pid); /* both do it: whoever comes first */
    return watch(spawn);
}

int heal_spawn_start(const struct heal_spawn_options *options, struct heal_spawn **ret_spawn) {
    struct heal_spawn *spawn = calloc(1, sizeof(*spawn));
    if (!spawn) {
        return -ENOMEM;
    }
    spawn->options = *options;
    spawn->left_us = options->timeout_us;
    spawn->pidfd = spawn->output = -1;
    int r = start(spawn);
    if (r < 0) {
        heal_spawn_cancel(spawn);
        return r;
    }
    if (ret_spawn) {
        *ret_spawn = spawn;
    }
    return 0; // NOLINT(clang-analyzer-unix.Malloc): its events hold it, and free it at the end
}

struct heal_spawn *heal_spawn_cancel(struct heal_spawn *spawn) {
    if (spawn) {
        if (spawn->pid > 0) {
            kill(-spawn->pid, SIGKILL);
            waitpid(spawn->pid, NULL, 0); /* SIGKILL does not keep anyone waiting */
        }
        destroy(spawn);
    }
    return NULL;
}
