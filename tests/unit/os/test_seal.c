/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What a sealed process is like, in one of its own. */
#include "os/privilege.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { NO_NEWS = 1, SECRET = 2, SEALED = NO_NEWS | SECRET, NOT_DONE = 64 };

static int look(void) {
    return (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? NO_NEWS : 0) |
           (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? SECRET : 0);
}

static void test_gains_nothing_and_shows_nothing(void **state) {
    int status;
    pid_t pid = fork();

    (void)state;
    if (pid == 0)
        _exit(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0 || (look() & SECRET) || heal_privilege_seal() < 0
                  ? NOT_DONE
                  : look());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), SEALED);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_gains_nothing_and_shows_nothing)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
