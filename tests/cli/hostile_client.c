/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* hostile_client FOLDER: does to the control socket of a lab what no friend would, and asks in between
 * whether it still answers at once. The lab must have a node called west. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "control/client.h"
#include "lab/clock.h"

enum { FDS_MANY = 100, IDLERS = 24, ANSWER_MS = 1000 };

struct test {
    const char *folder;
    int failed;
};

static int open_connection(struct test *test) {
    int connection = heal_control_connect(test->folder);

    if (connection < 0) {
        printf("no connection: %s\n", strerror(-connection));
        exit(1);
    }
    return connection;
}

/* @return whether the connection is answered, within a second, with that code. */
static bool is_answered(int connection, const char *code) {
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;

    return heal_control_receive(connection, ANSWER_MS, &text) == 0 && strstr(text, code);
}

static void check(struct test *test, const char *what, bool fine) {
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    int friend = open_connection(test);
    heal_us before = heal_lab_now();
    int r = heal_control_send(friend, HEAL_CONTROL_HELLO, NULL, NULL);

    if (r == 0)
        r = heal_control_receive(friend, ANSWER_MS, &text);
    close(friend);
    if (fine && r == 0)
        return;
    printf("%s: %s, and then hello: %s after %u ms\n", what, fine ? "as it should" : "not as it should",
           r == 0 ? "answered" : strerror(-r), (unsigned)((heal_lab_now() - before) / 1000));
    test->failed++;
}

static void send_bytes(struct test *test, const char *what, const char *bytes, size_t length) {
    int connection = open_connection(test);
    bool sent = send(connection, bytes, length, MSG_NOSIGNAL) == (ssize_t)length;

    check(test, what, sent && is_answered(connection, "\"code\":64"));
    close(connection);
}

/* More descriptors than any request has, or fewer than exec wants. */
static void send_descriptors(struct test *test, const char *what, size_t count) {
    static const char request[] = "exec\0west\0true";
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int) * FDS_MANY)];
    } control = {0};
    struct iovec body = {.iov_base = (char *)(uintptr_t)request, .iov_len = sizeof request};
    struct msghdr message = {.msg_iov = &body, .msg_iovlen = 1, .msg_control = control.bytes};
    int connection = open_connection(test), fds[FDS_MANY];

    for (size_t i = 0; i < count; i++)
        fds[i] = STDERR_FILENO;
    control.align = (struct cmsghdr){
        .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int) * count)};
    memcpy(CMSG_DATA(&control.align), fds, sizeof(int) * count);
    message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
    bool sent = sendmsg(connection, &message, MSG_NOSIGNAL) > 0;
    check(test, what, sent && is_answered(connection, "\"code\":64"));
    close(connection);
}

/* Connections that say nothing, and those that ask for much and never read it. */
static void stall(struct test *test) {
    int idle[IDLERS];

    for (size_t i = 0; i < HEAL_COUNT(idle); i++) {
        idle[i] = open_connection(test);
        if (i % 2)
            (void)heal_control_send(idle[i], HEAL_CONTROL_STATUS, NULL, NULL);
    }
    check(test, "clients that stall", true);
    for (size_t i = 0; i < HEAL_COUNT(idle); i++)
        close(idle[i]);
}

/* Signals for nothing, and numbers that are none. */
static void signals(struct test *test) {
    static const char *const wrong[] = {"0", "-9", "64", "99999999999999999999", ""};
    static const char *const program[] = {"west", "cat", NULL};
    int ends[2], connection = open_connection(test);

    if (pipe2(ends, O_CLOEXEC) < 0)
        exit(1);
    (void)heal_control_send(connection, HEAL_CONTROL_EXEC, program,
                            (const int[]){ends[0], STDERR_FILENO, STDERR_FILENO});
    for (size_t i = 0; i < HEAL_COUNT(wrong); i++)
        (void)heal_control_send(connection, HEAL_CONTROL_SIGNAL, (const char *const[]){wrong[i], NULL}, NULL);
    (void)send(connection, "rubbish", 7, MSG_NOSIGNAL);
    /* What cannot be understood ends the program, as if the client had gone. */
    close(ends[1]);
    close(connection);
    check(test, "wrong signals", true);
    close(ends[0]);
}

int main(int argc, char **argv) {
    static char much[HEAL_CONTROL_REQUEST_MAX + 1] = "exec";
    struct test test = {.folder = argc > 1 ? argv[1] : "."};

    send_bytes(&test, "no verb", "reboot", sizeof "reboot");
    send_bytes(&test, "no end", "status", 6);
    send_bytes(&test, "zeros", "\0\0\0\0", 4);
    send_bytes(&test, "too long", much, sizeof much);
    send_bytes(&test, "a signal for nothing",
               "signal\0"
               "9",
               sizeof "signal\0"
                      "9");
    send_bytes(&test, "no time", "fault\0soon\0loss west-centre 20%",
               sizeof "fault\0soon\0loss west-centre 20%");
    send_descriptors(&test, "exec without its descriptors", 1);
    send_descriptors(&test, "one descriptor too many", HEAL_CONTROL_FDS + 1);
    send_descriptors(&test, "too many descriptors", FDS_MANY);
    stall(&test);
    signals(&test);
    printf("%d wrong\n", test.failed);
    return test.failed > 0;
}
