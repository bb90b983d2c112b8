/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "live.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static bool put(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

void live_enter(void) {
    char map[32];
    unsigned user = getuid(), group = getgid();
    setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET) < 0) {
        printf("skipped: no namespaces of our own here\n");
        exit(LIVE_SKIP);
    }
    put("/proc/self/setgroups", "deny");
    snprintf(map, sizeof(map), "0 %u 1", user);
    bool good = put("/proc/self/uid_map", map);
    snprintf(map, sizeof(map), "0 %u 1", group);
    if (!good || !put("/proc/self/gid_map", map) || live_try("ip link set lo up") != 0) {
        printf("skipped: cannot be root in a namespace here, or there is no ip(8)\n");
        exit(LIVE_SKIP);
    }
}

int live_try(const char *format, ...) {
    char command[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof(command), format, arguments);
    va_end(arguments);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

void live_run(const char *format, ...) {
    char command[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof(command), format, arguments);
    va_end(arguments);
    if (live_try("%s", command) != 0) {
        fail_msg("failed: %s", command);
    }
}

bool live_has(const char *program) {
    return live_try("command -v %s >/dev/null 2>&1", program) == 0;
}

heal_us live_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (heal_us)now.tv_sec * HEAL_US_PER_S + (heal_us)now.tv_nsec / 1000;
}

static void on_tick(evutil_socket_t fd, short what, void *context) {
    (void)fd;
    (void)what;
    (void)context;
}

bool live_wait(struct event_base *base, bool (*happened)(void *context), void *context, unsigned ms) {
    struct timeval tick = {.tv_usec = 20000};
    struct event *ticker = event_new(base, -1, EV_PERSIST, on_tick, NULL);
    heal_us end = live_now() + ms * HEAL_US_PER_MS;
    event_add(ticker, &tick);
    bool yes = happened(context);
    while (!yes && live_now() < end) {
        event_base_loop(base, EVLOOP_ONCE);
        yes = happened(context);
    }
    event_free(ticker);
    return yes;
}

unsigned long long live_status(pid_t pid, const char *name, int base) {
    char path[32], line[256];
    unsigned long long value = 0;
    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file)) {
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':') {
            value = strtoull(line + strlen(name) + 1, NULL, base);
        }
    }
    fclose(file);
    return value;
}

size_t live_descriptors(void) {
    size_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (readdir(folder)) {
        count++;
    }
    closedir(folder);
    return count;
}

void live_note(void *context, const struct heal_reading *reading) {
    struct live_notes *notes = context;
    if (notes->count < LIVE_NOTES) {
        notes->reading[notes->count++] = *reading;
    }
}

const struct heal_reading *live_find(const struct live_notes *notes,
                                     bool (*match)(const struct heal_reading *reading, const void *argument),
                                     const void *argument) {
    for (size_t i = notes->count; i-- > 0;) {
        if (match(&notes->reading[i], argument)) {
            return &notes->reading[i];
        }
    }
    return NULL;
}

bool live_is_fib(const struct heal_reading *reading, const void *prefix) {
    char text[HEAL_ADDRESS_TEXT];
    return reading->kind == HEAL_READING_FIB &&
           strcmp(heal_prefix_format(&reading->fib.prefix, text), prefix) == 0;
}

bool live_is_link(const struct heal_reading *reading, const void *ifname) {
    return reading->kind == HEAL_READING_LINK && strcmp(reading->link.ifname, ifname) == 0;
}
