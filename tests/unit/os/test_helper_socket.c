/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The socket between the daemon and its helper: of the descriptors that come with a datagram none is left
 * open, however many there are. */
#include "os/helper_socket.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { FILES_MAX = 8 };

static int ends[2];

static int make(void **state) {
    (void)state;
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends);
}

static int unmake(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
    return 0;
}

static int count_descriptors(void) {
    DIR *entries = opendir("/proc/self/fd");
    int count = 0;

    assert_non_null(entries);
    while (readdir(entries))
        count++;
    closedir(entries);
    return count;
}

/* Sends a datagram with so many descriptors, in one message of control. */
static void send_with(const char *bytes, size_t length, size_t files) {
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(FILES_MAX * sizeof(int))] = {0};
    struct iovec content = {(void *)(uintptr_t)bytes, length};
    struct msghdr message = {.msg_iov = &content, .msg_iovlen = 1};

    if (files > 0) {
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(files * sizeof(int));
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(files * sizeof(int));
        for (size_t i = 0; i < files; i++)
            memcpy(CMSG_DATA(head) + i * sizeof(int), &ends[0], sizeof(int));
    }
    assert_int_equal(sendmsg(ends[0], &message, 0), length);
}

static void test_one_descriptor_is_the_callers(void **state) {
    char buffer[8];
    int before = count_descriptors(), file = -2;

    (void)state;
    send_with("a", 1, 0);
    assert_int_equal(heal_helper_socket_receive(ends[1], buffer, sizeof buffer, &file), 1);
    assert_int_equal(file, -1);
    send_with("ab", 2, 1);
    assert_int_equal(heal_helper_socket_receive(ends[1], buffer, sizeof buffer, &file), 2);
    assert_true(file >= 0);
    assert_int_equal(count_descriptors(), before + 1);
    close(file);
}

/* Two fit where one is meant to, by alignment; of three the kernel says that there was no room. */
static void test_more_are_closed_and_an_error(void **state) {
    char buffer[8];
    int before = count_descriptors();

    (void)state;
    for (size_t files = 2; files <= FILES_MAX; files++) {
        int file = -2;

        send_with("a", 1, files);
        assert_int_equal(heal_helper_socket_receive(ends[1], buffer, sizeof buffer, &file), -EBADMSG);
        assert_int_equal(file, -2);
        assert_int_equal(count_descriptors(), before);
    }
}

/* A datagram without a byte is the end, also with a descriptor. */
static void test_an_empty_one_is_the_end(void **state) {
    char buffer[8];
    int before = count_descriptors(), file = -2;

    (void)state;
    send_with("", 0, 1);
    assert_int_equal(heal_helper_socket_receive(ends[1], buffer, sizeof buffer, &file), -EPIPE);
    assert_int_equal(count_descriptors(), before);
}

/* It went with something unread: what it had said is heard all the same. */
static void test_last_words_are_heard(void **state) {
    char buffer[8];
    int file = -2;

    (void)state;
    assert_int_equal(heal_helper_socket_send(ends[1], "unread", 6, -1), 0);
    assert_int_equal(heal_helper_socket_send(ends[0], "why", 3, -1), 0);
    close(ends[0]);
    ends[0] = -1;
    assert_int_equal(heal_helper_socket_receive(ends[1], buffer, sizeof buffer, &file), 3);
    assert_memory_equal(buffer, "why", 3);
    assert_int_equal(heal_helper_socket_receive(ends[1], buffer, sizeof buffer, &file), -EPIPE);
}

#define PAIR(test) cmocka_unit_test_setup_teardown(test, make, unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        PAIR(test_one_descriptor_is_the_callers),
        PAIR(test_more_are_closed_and_an_error),
        PAIR(test_an_empty_one_is_the_end),
        PAIR(test_last_words_are_heard),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
