/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Runs a program on a node. It is the holder of the lab that starts it, with the descriptors of this process;
 * here the signals are passed on, and its end is waited for. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "healctl/cmd.h"
#include "healctl/lab_client.h"
#include "healctl/page.h"

static int catch_signals(void) {
    static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < HEAL_COUNT(caught); i++)
        sigaddset(&set, caught[i]);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
        return -errno;
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

static void pass_signal_on(int signals, int connection) {
    struct signalfd_siginfo info;
    char number[12];
    const char *const words[] = {number, NULL};

    if (read(signals, &info, sizeof info) != (ssize_t)sizeof info)
        return;
    snprintf(number, sizeof number, "%u", info.ssi_signo);
    (void)heal_control_send(connection, HEAL_CONTROL_SIGNAL, words, NULL);
}

static int wait_for_end(const struct heal_call *call, int connection, int signals) {
    struct pollfd wait[2] = {
        {.fd = connection, .events = POLLIN},
        {.fd = signals,    .events = POLLIN}
    };
    json_t *reply = NULL;
    int r;

    while (!wait[0].revents) {
        if (poll(wait, HEAL_COUNT(wait), -1) < 0 && errno != EINTR)
            return heal_call_fail(call, HEAL_EXIT_INTERNAL, "poll: %s", strerror(errno));
        if (wait[1].revents)
            pass_signal_on(signals, connection);
    }
    r = heal_lab_client_receive(call, connection, -1, &reply);
    if (call->json && reply)
        heal_page_json(call->out, reply);
    json_decref(reply);
    return r;
}

/* "NODE PROGRAM ARGUMENT…" as one list; NULL: no memory. */
static const char **words_of(const struct heal_call *call) {
    size_t count = 0;
    const char **words;

    while (call->command[count])
        count++;
    words = calloc(count + 2, sizeof *words);
    if (!words)
        return NULL;
    words[0] = call->argument[0];
    memcpy(words + 1, call->command, count * sizeof *words);
    return words;
}

static int send_program(const struct heal_call *call, int connection) {
    HEAL_CLEANUP(heal_free_pointer) const char **words = words_of(call);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), fds[HEAL_CONTROL_FDS], r;

    for (int i = 0; i < HEAL_CONTROL_FDS; i++)
        fds[i] = fcntl(i, F_GETFD) < 0 ? null : i;
    r = words ? heal_control_send(connection, HEAL_CONTROL_EXEC, words, fds) : -ENOMEM;
    if (null >= 0)
        close(null);
    if (r == 0)
        return HEAL_EXIT_OK;
    return heal_call_fail(call, r == -E2BIG ? HEAL_EXIT_USAGE : HEAL_EXIT_UNKNOWN,
                          "the lab cannot be asked: %s", strerror(-r));
}

int heal_cmd_lab_exec(const struct heal_call *call) {
    int connection = -1, signals = catch_signals();
    int r = signals < 0 ? heal_call_fail(call, HEAL_EXIT_INTERNAL, "signals: %s", strerror(-signals))
                        : heal_lab_client_connect(call, &connection);

    if (r == HEAL_EXIT_OK)
        r = send_program(call, connection);
    if (r == HEAL_EXIT_OK)
        r = wait_for_end(call, connection, signals);
    if (connection >= 0)
        close(connection);
    if (signals >= 0)
        close(signals);
    return r;
}
