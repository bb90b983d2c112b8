/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* air FILE [SEED]: carries the frames of this network namespace's simulated radios as FILE says (medium.h),
 * until it is killed. FILE is read again whenever it is written or replaced; a file that is wrong is told of,
 * and what was right before goes on. Prints "ready" when it has taken over. */
#include "wifi/hwsim.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

enum { TEXT_MAX = 1 << 16 };

static int read_medium(const char *path, struct heal_medium *medium) {
    static char text[TEXT_MAX];
    struct heal_error error = {0};
    FILE *file = fopen(path, "re");
    size_t length;
    int r;

    if (!file) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return -errno;
    }
    length = fread(text, 1, sizeof text, file);
    fclose(file);
    if (length == sizeof text) {
        fprintf(stderr, "%s: larger than 64 KiB\n", path);
        return -EFBIG;
    }
    r = heal_medium_parse(text, length, medium, &error);
    if (r < 0)
        fprintf(stderr, "%s:%d:%d: %s\n", path, error.line, error.column, error.what);
    return r;
}

/* The folder, not the file: a file that is replaced is another one. @return what to poll, or a negative
 * errno. */
static int watch(const char *path) {
    char copy[PATH_MAX];
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

    snprintf(copy, sizeof copy, "%s", path);
    if (fd < 0 || inotify_add_watch(fd, dirname(copy), IN_CLOSE_WRITE | IN_MOVED_TO) < 0)
        return -errno;
    return fd;
}

static void forget_events(int fd) {
    char events[4096];

    while (read(fd, events, sizeof events) > 0)
        continue;
}

int main(int argc, char **argv) {
    static struct heal_medium medium;
    struct heal_hwsim hwsim;
    struct pollfd waits[2];
    int changes, r;

    if (argc != 2 && argc != 3) {
        fprintf(stderr, "usage: air FILE [SEED]\n");
        return 64;
    }
    changes = watch(argv[1]);
    if (changes < 0 || read_medium(argv[1], &medium) < 0)
        return 2;
    r = heal_hwsim_init(&hwsim, argc > 2 ? strtoull(argv[2], NULL, 10) : 1);
    if (r < 0) {
        fprintf(stderr, "air: mac80211_hwsim: %s\n", strerror(-r));
        return 2;
    }
    puts("ready");
    fflush(stdout);
    waits[0] = (struct pollfd){.fd = heal_hwsim_fd(&hwsim), .events = POLLIN};
    waits[1] = (struct pollfd){.fd = changes, .events = POLLIN};
    while (r == 0 && (poll(waits, 2, -1) >= 0 || errno == EINTR)) {
        if (waits[1].revents) {
            forget_events(changes);
            (void)read_medium(argv[1], &medium);
        }
        r = heal_hwsim_serve(&hwsim, &medium);
    }
    fprintf(stderr, "air: %s\n", strerror(r < 0 ? -r : errno));
    return 1;
}
