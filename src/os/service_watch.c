/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/service_watch.h"

#include <event2/event.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { NS_PER_S = 1000000000 };

static int64_t to_ns(struct timespec time) {
    return (int64_t)time.tv_sec * NS_PER_S + time.tv_nsec;
}

void heal_service_watch_init(struct heal_service_watch *watch, struct event_base *base,
                             void (*ended)(void *context), void *context) {
    *watch = (struct heal_service_watch){.base = base, .ended = ended, .context = context, .pidfd = -1};
}

static void forget(struct heal_service_watch *watch) {
    if (watch->event) {
        event_free(watch->event);
        watch->event = NULL;
    }
    if (watch->pidfd >= 0) {
        close(watch->pidfd);
        watch->pidfd = -1;
    }
    watch->pid = 0;
}

void heal_service_watch_deinit(struct heal_service_watch *watch) {
    forget(watch);
}

static int64_t written_ns(const char *path) {
    struct stat status;
    return path[0] && stat(path, &status) == 0 ? to_ns(status.st_mtim) : 0;
}

/*
 * Whether a process began after its pid file was written, so that it cannot be the one that is meant. Only
 * where the file is of this boot by the wall clock: a clock that was set right since would mislead.
 */
static bool began_after(const struct heal_proc_process *process, int64_t file_ns) {
    enum { SLACK_S = 2 };
    struct timespec wall, boot;
    clock_gettime(CLOCK_REALTIME, &wall);
    clock_gettime(CLOCK_BOOTTIME, &boot);
    int64_t booted_ns = to_ns(wall) - to_ns(boot);
    int64_t start_ns = booted_ns + (int64_t)process->start_ticks * (NS_PER_S / sysconf(_SC_CLK_TCK));
    return file_ns > booted_ns && start_ns > file_ns + (int64_t)SLACK_S * NS_PER_S;
}

uint32_t heal_service_watch_pidfile(const struct heal_service_watch *watch, const char *path) {
    char text[32];
    uint64_t pid;
    struct heal_proc_process process;
    ssize_t length = heal_small_file_read(path, text, sizeof(text));
    if (length <= 0 || heal_proc_number_parse(text, (size_t)length, INT32_MAX, &pid) < 0 || pid == 0 ||
        heal_process_read((pid_t)pid, &process) < 0) {
        return 0;
    }
    if (pid == watch->pid && process.start_ticks == watch->start_ticks) {
        return (uint32_t)pid;
    }
    int64_t file_ns = written_ns(path);
    bool stale = pid == watch->ended_pid && file_ns == watch->ended_written_ns;
    return stale || began_after(&process, file_ns) ? 0 : (uint32_t)pid;
}

static void on_exit_of_process(evutil_socket_t fd, short what, void *context) {
    struct heal_service_watch *watch = context;
    (void)fd;
    (void)what;
    watch->ended(watch->context);
}

void heal_service_watch_set(struct heal_service_watch *watch, const struct heal_proc_process *process) {
    if (watch->pid == process->pid && watch->start_ticks == process->start_ticks) {
        return;
    }
    forget(watch);
    watch->pid = process->pid;
    watch->start_ticks = process->start_ticks;
    watch->ended_pid = 0;
    watch->pidfd = (int)syscall(SYS_pidfd_open, (pid_t)process->pid, 0U); /* close-on-exec by itself */
    if (watch->pidfd < 0) {
        return;
    }
    watch->event = event_new(watch->base, watch->pidfd, EV_READ, on_exit_of_process, watch);
    if (watch->event) {
        event_add(watch->event, NULL);
    }
}

void heal_service_watch_end(struct heal_service_watch *watch, const char *pidfile) {
    if (watch->pid) {
        watch->ended_pid = watch->pid;
        watch->ended_written_ns = written_ns(pidfile);
    }
    forget(watch);
}
