/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/keeper.h"

#include "os/keeper_parts.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct heal_keeper {
    struct heal_keeper_options options;
    pid_t pid;
    int pidfd, lifeline;
    bool ends_at_once; /* when it is let go */
    struct event *event;
};

static void destroy(struct heal_keeper *keeper) {
    if (keeper->event) {
        event_free(keeper->event);
    }
    if (keeper->pidfd >= 0) {
        close(keeper->pidfd);
    }
    if (keeper->lifeline >= 0) {
        close(keeper->lifeline);
    }
    free(keeper);
}

static void on_exit_of_keeper(evutil_socket_t fd, short what, void *context) {
    struct heal_keeper *keeper = context;
    int status = 0;
    (void)fd;
    (void)what;
    pid_t pid = waitpid(keeper->pid, &status, WNOHANG);
    if (pid == 0) {
        return;
    }
    int code = pid > 0 && WIFEXITED(status) ? -WEXITSTATUS(status) : -ECHILD;
    struct heal_keeper_options options = keeper->options;
    destroy(keeper);
    options.done(options.context, code);
}

/* Becomes the keeper: a session of its own, which no signal to heald's group reaches. */
static void become(const char *name, int lifeline, const struct heal_keeper_work *work) {
    sigset_t none;
    setsid();
    prctl(PR_SET_NAME, name);
    for (int i = 1; i < NSIG; i++) {
        signal(i, i == SIGTERM || i == SIGINT || i == SIGHUP || i == SIGPIPE ? SIG_IGN : SIG_DFL);
    }
    if (lifeline != 3) {
        dup2(lifeline, 3);
    }
    syscall(SYS_close_range, 4U, ~0U, 0U);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    _exit(-work->run(work, 3));
}

static int watch(struct heal_keeper *keeper) {
    keeper->pidfd = (int)syscall(SYS_pidfd_open, keeper->pid, 0U);
    if (keeper->pidfd < 0) {
        return -errno;
    }
    keeper->event =
        event_new(keeper->options.base, keeper->pidfd, EV_READ | EV_PERSIST, on_exit_of_keeper, keeper);
    return keeper->event && event_add(keeper->event, NULL) == 0 ? 0 : -ENOMEM;
}

int heal_keeper_begin(const struct heal_keeper_options *options, const struct heal_keeper_work *work,
                      struct heal_keeper **ret_keeper) {
    int pipes[2];
    sigset_t all, before;
    struct heal_keeper *keeper = calloc(1, sizeof(*keeper));
    if (!keeper) {
        return -ENOMEM;
    }
    keeper->options = *options;
    keeper->pidfd = keeper->lifeline = -1;
    keeper->ends_at_once = work->ends_at_once;
    if (pipe2(pipes, O_CLOEXEC) < 0) {
        destroy(keeper);
        return -errno;
    }
    keeper->lifeline = pipes[1];
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    keeper->pid = fork();
    int r = keeper->pid < 0 ? -errno : 0;
    if (keeper->pid == 0) {
        close(pipes[1]);
        become(work->name, pipes[0], work);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(pipes[0]);
    if (r == 0) {
        r = watch(keeper);
    }
    if (r < 0) {
        heal_keeper_release(keeper);
        return r;
    }
    *ret_keeper = keeper;
    return 0;
}

struct heal_keeper *heal_keeper_release(struct heal_keeper *keeper) {
    enum { TRIES = 50 };
    struct timespec moment = {.tv_nsec = 200000};
    if (keeper) {
        pid_t pid = keeper->pid > 0 ? keeper->pid : 0;
        int tries = keeper->ends_at_once ? TRIES : 1;
        destroy(keeper); /* the end of the lifeline says: end your work */
        while (pid && waitpid(pid, NULL, WNOHANG) == 0 && --tries > 0) {
            nanosleep(&moment, NULL);
        }
    }
    return NULL;
}
