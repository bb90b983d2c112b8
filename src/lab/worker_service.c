/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/worker_service.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lab/clock.h"
#include "lab/service_pid.h"

enum { SLICE_MS = 20, GONE_TIMEOUT_MS = 5000, BLOCK = 64 * 1024 };

/** What the service does to its node. */
struct load {
    double cpu;  /* share of one CPU */
    double leak; /* bytes/s */
    double owed; /* bytes not yet leaked */
};

static void end_old(const char *name) {
    pid_t pid = heal_service_pid_read(name);
    struct pollfd gone = {.events = POLLIN};

    gone.fd = pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
    if (gone.fd < 0)
        return;
    (void)kill(pid, SIGKILL);
    (void)poll(&gone, 1, GONE_TIMEOUT_MS);
    close(gone.fd);
}

static void read_load(const char *name, struct load *load) {
    char path[64];
    FILE *in;

    *load = (struct load){0};
    snprintf(path, sizeof path, "/run/%s.load", name);
    in = fopen(path, "re");
    if (!in)
        return;
    if (fscanf(in, "cpu=%lf leak=%lf", &load->cpu, &load->leak) != 2)
        *load = (struct load){0};
    fclose(in);
}

/* Memory that is really there, and that nobody will free. */
static void leak(struct load *load) {
    load->owed += load->leak * SLICE_MS / 1000;
    while (load->owed >= BLOCK) {
        char *block = malloc(BLOCK);

        load->owed -= BLOCK;
        if (!block)
            return;
        for (size_t i = 0; i < BLOCK; i += 512)
            ((volatile char *)block)[i] = 1;
    }
}

static void burn(double share) {
    heal_us end = heal_lab_now() + (heal_us)(share * SLICE_MS * 1000);

    while (heal_lab_now() < end)
        continue;
}

static void serve(const char *name) {
    struct load load = {0};
    sigset_t hangup;

    sigemptyset(&hangup);
    sigaddset(&hangup, SIGHUP);
    for (;;) {
        double rest_ms = SLICE_MS * (1 - (load.cpu < 1 ? load.cpu : 1));
        struct timespec rest = {.tv_nsec = (long)(rest_ms * 1e6)};
        bool idle = load.cpu <= 0 && load.leak <= 0;
        int signal_number = idle ? sigwaitinfo(&hangup, NULL) : sigtimedwait(&hangup, NULL, &rest);

        if (signal_number == SIGHUP)
            read_load(name, &load);
        leak(&load);
        burn(load.cpu < 1 ? load.cpu : 1);
    }
}

/* The service itself: away from the process that started it. @param ready gets a byte once it runs. */
static void become_service(const char *name, int ready) {
    sigset_t hangup;
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

    (void)setsid();
    for (int fd = 0; nothing >= 0 && fd < 3; fd++)
        (void)dup2(nothing, fd);
    sigemptyset(&hangup);
    sigaddset(&hangup, SIGHUP);
    sigprocmask(SIG_BLOCK, &hangup, NULL);
    prctl(PR_SET_NAME, name);
    if (heal_service_pid_write(name) < 0)
        _exit(1);
    (void)!write(ready, "", 1);
    close(ready);
    serve(name);
}

int heal_worker_service_restart(const char *name) {
    int ends[2];
    char byte;
    pid_t pid;
    bool runs;

    if (strlen(name) >= HEAL_NAME_MAX || strchr(name, '/'))
        return 64;
    end_old(name);
    if (pipe2(ends, O_CLOEXEC) < 0)
        return 1;
    pid = fork();
    if (pid == 0)
        become_service(name, ends[1]);
    close(ends[1]);
    runs = pid > 0 && read(ends[0], &byte, 1) == 1;
    close(ends[0]);
    return runs ? 0 : 1;
}
