/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/keeper_parts.h"
#include "os/process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
    TICK_MS = 10,
    LOOK_EVERY = 50, /* ticks: then it looks for new children */
    PROCESSES_MOST = 1 << 15,
    SAVINGS_MS = 100, /* what may be saved up for a burst */
    NS_PER_S = 1000000000,
};

/* A process that is throttled. By descriptor: its pid may be another's one day. */
struct target {
    pid_t pid;
    int pidfd;
    int64_t used_ns; /* so far */
};

struct throttle {
    size_t count;
    struct target target[HEAL_KEEPER_PIDS_MAX];
    bool stopped;
    double allowance_s; /* of CPU time; below 0: too much was used */
};

static int64_t read_clock(clockid_t clock) {
    struct timespec time;
    return clock_gettime(clock, &time) < 0 ? -1 : (int64_t)time.tv_sec * NS_PER_S + time.tv_nsec;
}

static int64_t cpu_time(pid_t pid) {
    clockid_t clock;
    return clock_getcpuclockid(pid, &clock) != 0 ? -1 : read_clock(clock);
}

static void send(const struct target *target, int number) {
    syscall(SYS_pidfd_send_signal, target->pidfd, number, NULL, 0U);
}

static void send_all(struct throttle *throttle, int number) {
    for (size_t i = 0; i < throttle->count; i++) {
        send(&throttle->target[i], number);
    }
    throttle->stopped = number == SIGSTOP;
}

static void add_target(struct throttle *throttle, pid_t pid) {
    for (size_t i = 0; i < throttle->count; i++) {
        if (throttle->target[i].pid == pid) {
            return;
        }
    }
    if (throttle->count == HEAL_KEEPER_PIDS_MAX || pid == getpid()) {
        return;
    }
    struct target target = {pid, (int)syscall(SYS_pidfd_open, pid, 0U), cpu_time(pid)};
    if (target.pidfd < 0) {
        return;
    }
    throttle->target[throttle->count++] = target;
    if (throttle->stopped) {
        send(&target, SIGSTOP);
    }
}

/* Takes in descendants that have come since. */
static void look(struct throttle *throttle, struct heal_process_list *list) {
    pid_t pids[HEAL_KEEPER_PIDS_MAX];
    if (heal_process_list_read(list, PROCESSES_MOST) < 0) {
        return;
    }
    size_t roots = throttle->count;
    for (size_t i = 0; i < roots; i++) {
        size_t count = heal_process_list_tree(list, throttle->target[i].pid, HEAL_KEEPER_PIDS_MAX, pids);
        for (size_t j = 0; j < count; j++) {
            add_target(throttle, pids[j]);
        }
    }
}

/* CPU time that all have used since the last time; those that have ended are dropped. */
static double take_usage(struct throttle *throttle) {
    int64_t used_ns = 0;
    for (size_t i = throttle->count; i-- > 0;) {
        struct target *target = &throttle->target[i];
        int64_t now_ns = cpu_time(target->pid);
        /* Its descriptor is readable once it has ended. */
        struct pollfd ended = {.fd = target->pidfd, .events = POLLIN};
        if (now_ns < 0 || poll(&ended, 1, 0) != 0) {
            close(target->pidfd);
            *target = throttle->target[--throttle->count];
            continue;
        }
        used_ns += now_ns > target->used_ns ? now_ns - target->used_ns : 0;
        target->used_ns = now_ns;
    }
    return (double)used_ns / NS_PER_S;
}

static void step(struct throttle *throttle, double share, double elapsed_s) {
    double most = share * SAVINGS_MS / 1000;
    throttle->allowance_s += share * elapsed_s - take_usage(throttle);
    if (throttle->allowance_s > most) {
        throttle->allowance_s = most;
    }
    if (throttle->allowance_s < 0 && !throttle->stopped) {
        send_all(throttle, SIGSTOP);
    } else if (throttle->allowance_s >= 0 && throttle->stopped) {
        send_all(throttle, SIGCONT);
    }
}

static int run_throttle(const struct heal_keeper_work *work, int lifeline) {
    struct throttle throttle = {0};
    struct heal_process_list list;
    struct pollfd heald = {.fd = lifeline, .events = POLLIN};
    heal_process_list_init(&list);
    for (size_t i = 0; i < work->pids; i++) {
        add_target(&throttle, work->pid[i]);
    }
    int64_t last_ns = read_clock(CLOCK_MONOTONIC);
    for (unsigned ticks = 0; throttle.count > 0 && poll(&heald, 1, TICK_MS) == 0; ticks++) {
        int64_t now_ns = read_clock(CLOCK_MONOTONIC);
        if (ticks % LOOK_EVERY == 0) {
            look(&throttle, &list);
        }
        step(&throttle, (double)work->share, (double)(now_ns - last_ns) / NS_PER_S);
        last_ns = now_ns;
    }
    send_all(&throttle, SIGCONT);
    heal_process_list_deinit(&list);
    return 0;
}

int heal_keeper_throttle(const struct heal_keeper_options *options, const pid_t *pids, size_t count,
                         float share, struct heal_keeper **ret_keeper) {
    struct heal_keeper_work work = {
        .name = "heald-throttle", .run = run_throttle, .ends_at_once = true, .share = share};
    work.pids = count < HEAL_KEEPER_PIDS_MAX ? count : HEAL_KEEPER_PIDS_MAX;
    memcpy(work.pid, pids, work.pids * sizeof(*pids));
    return work.pids ? heal_keeper_begin(options, &work, ret_keeper) : -ESRCH;
}
