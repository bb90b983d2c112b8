/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* init SECONDS NAME=VALUE… COMMAND [ARGUMENT…]: the first process of the Wi-Fi lab's guest. Loads the modules
 * that lie beside it, mounts what the host shares, runs the command with the console as its output, and
 * leaves qemu with the command's exit code; 124 when the time is over, 125 when the guest could not be made
 * ready. Statically linked: it comes before any library. The kernel hands over what follows "--" on its
 * command line; words with "=" become the environment. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_PORT = 0xf4, EXIT_TIME = 124, EXIT_NOT_READY = 125 };

struct place {
    const char *source, *path, *type, *options;
    unsigned long flags;
    bool after_modules;
};

static const char shared[] = "trans=virtio,version=9p2000.L,msize=262144,cache=loose";
static const char written[] = "trans=virtio,version=9p2000.L,msize=262144";

static const struct place places[] = {
    {"proc",  "/proc",             "proc",     NULL,    0,         false},
    {"sys",   "/sys",              "sysfs",    NULL,    0,         false},
    {"dev",   "/dev",              "devtmpfs", NULL,    0,         false},
    {"tmp",   "/tmp",              "tmpfs",    NULL,    0,         false},
    {"run",   "/run",              "tmpfs",    NULL,    0,         false},
    {"debug", "/sys/kernel/debug", "debugfs",  NULL,    0,         false},
    {"usr",   "/usr",              "9p",       shared,  MS_RDONLY, true },
    {"tree",  "/tree",             "9p",       shared,  MS_RDONLY, true },
    {"build", "/build",            "9p",       shared,  MS_RDONLY, true },
    {"out",   "/out",              "9p",       written, 0,         true },
};

static int complain(const char *what) {
    int r = -errno;

    fprintf(stderr, "guest: %s: %s\n", what, strerror(errno));
    return r;
}

static int mount_places(bool after_modules) {
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const struct place *place = &places[i];

        if (place->after_modules != after_modules)
            continue;
        (void)mkdir(place->path, 0755);
        if (mount(place->source, place->path, place->type, place->flags, place->options) < 0)
            return complain(place->path);
    }
    return 0;
}

/* What `mac80211_hwsim` has to know before it makes its radios. */
static const char *parameters_of(const char *module) {
    static char radios[32];
    const char *count = getenv("RADIOS");

    if (strcmp(module, "mac80211_hwsim.ko") != 0)
        return "";
    snprintf(radios, sizeof radios, "radios=%s", count ? count : "4");
    return radios;
}

static int load_modules(void) {
    char line[64], path[128];
    FILE *order = fopen("/modules/order", "re");

    if (!order)
        return complain("/modules/order");
    while (fgets(line, sizeof line, order)) {
        line[strcspn(line, "\n")] = '\0';
        snprintf(path, sizeof path, "/modules/%s", line);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0 || syscall(SYS_finit_module, file, parameters_of(line), 0) < 0)
            return complain(path);
        close(file);
    }
    fclose(order);
    return 0;
}

/* A serial line has no use for carriage returns: what the command prints arrives as it is. */
static void make_console_plain(void) {
    struct termios settings;

    if (tcgetattr(STDOUT_FILENO, &settings) < 0)
        return;
    settings.c_oflag &= ~(tcflag_t)OPOST;
    (void)tcsetattr(STDOUT_FILENO, TCSANOW, &settings);
}

/* Waits for @p pid, reaping what others have left behind. @return its exit code. */
static int wait_for(pid_t pid, unsigned seconds) {
    struct timespec end, now;
    sigset_t child;
    int status;

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += seconds;
    for (;;) {
        for (pid_t gone; (gone = waitpid(-1, &status, WNOHANG)) > 0;)
            if (gone == pid)
                return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec >= end.tv_sec)
            break;
        (void)sigtimedwait(&child, NULL, &(struct timespec){.tv_sec = end.tv_sec - now.tv_sec});
    }
    fprintf(stderr, "guest: not done after %u s\n", seconds);
    return EXIT_TIME;
}

static int run(char **command, unsigned seconds) {
    sigset_t child, before;

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, &before);
    pid_t pid = fork();
    if (pid < 0)
        return complain("fork"), EXIT_NOT_READY;
    if (pid == 0) {
        sigprocmask(SIG_SETMASK, &before, NULL);
        setsid();
        execvp(command[0], command);
        complain(command[0]);
        _exit(127);
    }
    return wait_for(pid, seconds);
}

/* isa-debug-exit makes 2 * value + 1 of what is written to its port, and that is how qemu ends; one more,
 * since qemu says 1 of its own troubles. */
static void leave(int code) {
    sync();
    (void)umount2("/out", MNT_DETACH);
    if (ioperm(EXIT_PORT, 1, 1) == 0)
        outb((unsigned char)((code > 125 ? 125 : code) + 1), EXIT_PORT);
    reboot(RB_POWER_OFF);
}

int main(int argc, char **argv) {
    bool ready;

    make_console_plain();
    setenv("PATH", "/usr/sbin:/usr/bin", 1);
    setenv("HOME", "/tmp", 1);
    ready = argc > 2 && mount_places(false) == 0 && load_modules() == 0 && mount_places(true) == 0 &&
            chdir("/tmp") == 0;
    leave(ready ? run(argv + 2, (unsigned)strtoul(argv[1], NULL, 10)) : EXIT_NOT_READY);
}
