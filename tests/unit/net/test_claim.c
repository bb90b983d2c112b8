/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The claim on a network: who has it, and who is not believed to be a heald. */
#include "net/claim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SOMEBODY = 65534, OTHER = 65533 };

static void test_claim_is_had_once(void **state) {
    (void)state;
    assert_true(heal_claim_holder(0) < 0);
    int claim = heal_claim_make();
    assert_true(claim >= 0);
    assert_int_equal(heal_claim_make(), -EADDRINUSE);
    assert_int_equal(heal_claim_holder(0), getpid());
    close(claim);
    assert_true(heal_claim_holder(0) < 0);
}

/* Anybody may bind the name: only root's, this user's and heald's own process are believed. */
static void test_others_are_not_believed(void **state) {
    int made[2];
    char byte;

    (void)state;
    if (geteuid() != 0)
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

/* A network of its own: there may be a heald on this one. */
static int enter(void **state) {
    (void)state;
    return unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 ? 0 : -1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_claim_is_had_once),
        cmocka_unit_test(test_others_are_not_believed),
    };

    return cmocka_run_group_tests(tests, enter, NULL);
}
