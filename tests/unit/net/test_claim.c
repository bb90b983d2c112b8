/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The claim on a network: who has it, and that a name which anybody may bind makes nobody a heald. */
#include "../os/live.h"
#include "net/claim.h"
#include "net/socket_holder.h"

#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { ASKERS_MAX = 64, SOMEBODY = 65534, OTHER = 65533 };

static bool as_root;

static void test_is_this_process(void **state) {
    int claim = heal_claim_make();

    (void)state;
    assert_true(claim >= 0);
    assert_int_equal(heal_claim_make(), -EADDRINUSE);
    assert_int_equal(heal_claim_holder(geteuid()), getpid());
    close(claim);
    assert_int_equal(heal_claim_holder(geteuid()), -ECONNREFUSED);
}

/* Its queue is full: nobody can be told who it is, so it is no heald to wait for. */
static void test_who_does_not_answer_has_no_claim(void **state) {
    struct sockaddr_un address;
    int length = heal_socket_address("@heald", &address), asker[ASKERS_MAX], askers = 0;
    int name = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    (void)state;
    assert_int_equal(bind(name, (struct sockaddr *)&address, (socklen_t)length), 0);
    assert_int_equal(listen(name, 0), 0);
    do {
        asker[askers] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    } while (connect(asker[askers++], (struct sockaddr *)&address, (socklen_t)length) == 0 &&
             askers < ASKERS_MAX);
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(heal_claim_holder(geteuid()), -EPERM);
    /* One that answers is asked again. */
    heal_claim_answer(name);
    assert_int_equal(heal_claim_holder(geteuid()), getpid());
    while (askers > 0)
        close(asker[--askers]);
    close(name);
}

/* @return how many have been answered: their connection has ended. */
static int answered(const int *asker, int askers) {
    int count = 0;
    char byte;

    for (int i = 0; i < askers; i++)
        count += recv(asker[i], &byte, 1, MSG_DONTWAIT) == 0;
    return count;
}

/* Who asks and asks does not keep a heald from its work. */
static void test_some_are_answered_at_a_time(void **state) {
    struct sockaddr_un address;
    int length = heal_socket_address("@heald", &address), claim = heal_claim_make(), asker[20];

    (void)state;
    for (int i = 0; i < 20; i++) {
        asker[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(connect(asker[i], (struct sockaddr *)&address, (socklen_t)length), 0);
    }
    heal_claim_answer(claim);
    assert_int_equal(answered(asker, 20), 16);
    heal_claim_answer(claim);
    assert_int_equal(answered(asker, 20), 20);
    for (int i = 0; i < 20; i++)
        close(asker[i]);
    close(claim);
}

/* Anybody may bind the name: only root's, this user's and heald's own process are believed. */
static void test_others_are_not_believed(void **state) {
    int made[2];
    char byte;

    (void)state;
    if (!as_root)
        skip(); /* it takes somebody else's process */
    assert_int_equal(pipe(made), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (setuid(SOMEBODY) < 0 || heal_claim_make() < 0 || write(made[1], "", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    close(made[1]);
    assert_int_equal(read(made[0], &byte, 1), 1);
    int stranger = heal_claim_holder(OTHER), own = heal_claim_holder(SOMEBODY);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(made[0]);
    assert_int_equal(stranger, -EPERM);
    assert_int_equal(own, child);
}

/* A network of its own, for there may be a heald on this one: root's, so that it can still become somebody
 * else. */
static int make_network(void **state) {
    (void)state;
    as_root = geteuid() == 0 && unshare(CLONE_NEWNET) == 0;
    if (!as_root)
        live_enter();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_is_this_process),
        cmocka_unit_test(test_others_are_not_believed),
        cmocka_unit_test(test_who_does_not_answer_has_no_claim),
        cmocka_unit_test(test_some_are_answered_at_a_time),
    };

    return cmocka_run_group_tests(tests, make_network, NULL);
}
