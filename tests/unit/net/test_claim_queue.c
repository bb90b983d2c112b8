/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The claim on a network: who has it, and that a name which anybody may bind makes nobody a heald. */
#include "../os/live.h"
#include "net/claim.h"
#include "net/socket_holder.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { ASKERS_MAX = 64 };

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

static int make_network(void **state) {
    (void)state;
    live_enter();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_is_this_process),
        cmocka_unit_test(test_who_does_not_answer_has_no_claim),
    };

    return cmocka_run_group_tests(tests, make_network, NULL);
}
