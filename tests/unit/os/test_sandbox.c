/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The sandboxes from inside: each call is made in a process of its own that has entered one. */
#include "os/privilege.h"
#include "os/sandbox.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { FINE = 0, NO_SANDBOX = 99, SKIP = 77 };

/* Each returns 0, or the errno of its call. */
static int errno_of(long result) {
    return result < 0 ? errno : 0;
}

static int call_ptrace(void) {
    return errno_of(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int call_unshare(void) {
    return errno_of(unshare(CLONE_NEWUSER));
}

static int call_module(void) {
    return errno_of(syscall(SYS_finit_module, -1, "", 0));
}

static int call_bpf(void) {
    return errno_of(syscall(SYS_bpf, 0, NULL, 0));
}

static int call_keyctl(void) {
    return errno_of(syscall(SYS_keyctl, 0, 0, 0, 0, 0));
}

static int call_packet_socket(void) {
    return errno_of(socket(AF_PACKET, SOCK_DGRAM, 0));
}

static int call_local_socket(void) {
    return errno_of(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int call_map_code(void) {
    void *map = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return map == MAP_FAILED ? errno : 0;
}

static int call_map(void) {
    void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return map == MAP_FAILED ? errno : 0;
}

static int call_execute(void) {
    execl("/bin/true", "true", NULL);
    return errno;
}

static int call_clone_network(void) {
    return errno_of(syscall(SYS_clone, CLONE_NEWNET | SIGCHLD, NULL, NULL, NULL, NULL));
}

static int call_open(void) {
    return errno_of(open("/proc/stat", O_RDONLY | O_CLOEXEC));
}

/* Makes a call within a sandbox. @return the errno, or 128 and the signal that it was killed by. */
static int within(enum heal_sandbox sandbox, int (*call)(void)) {
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        if (heal_privilege_seal() < 0 || heal_sandbox_enter(sandbox) < 0)
            _exit(NO_SANDBOX);
        _exit(call());
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int look_for_a_sandbox(void **state) {
    (void)state;
    if (within(HEAL_SANDBOX_DAEMON, call_map) != NO_SANDBOX)
        return 0;
    print_message("this build, or this kernel, has no sandbox\n");
    _exit(SKIP);
}

static void test_what_is_never_right_kills(void **state) {
    static int (*const calls[])(void) = {call_ptrace, call_unshare, call_module, call_bpf};

    (void)state;
    for (size_t i = 0; i < HEAL_COUNT(calls); i++)
        for (int sandbox = HEAL_SANDBOX_DAEMON; sandbox <= HEAL_SANDBOX_HELPER; sandbox++)
            assert_int_equal(within((enum heal_sandbox)sandbox, calls[i]), 128 + SIGSYS);
}

static void test_what_is_not_listed_is_not_there(void **state) {
    (void)state;
    assert_int_equal(within(HEAL_SANDBOX_DAEMON, call_keyctl), ENOSYS);
    assert_int_equal(within(HEAL_SANDBOX_HELPER, call_keyctl), ENOSYS);
    assert_int_equal(within(HEAL_SANDBOX_HELPER, call_clone_network), ENOSYS);
}

static void test_the_daemon_gets_no_new_code(void **state) {
    (void)state;
    assert_int_equal(within(HEAL_SANDBOX_DAEMON, call_execute), ENOSYS);
    assert_int_equal(within(HEAL_SANDBOX_DAEMON, call_map_code), ENOSYS);
    assert_int_equal(within(HEAL_SANDBOX_DAEMON, call_packet_socket), ENOSYS);
    assert_int_equal(within(HEAL_SANDBOX_DAEMON_SPAWNING, call_packet_socket), ENOSYS);
}

static void test_what_is_needed_works(void **state) {
    (void)state;
    assert_int_equal(within(HEAL_SANDBOX_DAEMON, call_open), FINE);
    assert_int_equal(within(HEAL_SANDBOX_DAEMON, call_map), FINE);
    assert_int_equal(within(HEAL_SANDBOX_DAEMON, call_local_socket), FINE);
    assert_int_equal(within(HEAL_SANDBOX_DAEMON_SPAWNING, call_execute), FINE);
    assert_int_equal(within(HEAL_SANDBOX_HELPER, call_execute), FINE);
    /* Listed; whether this process may is another thing. */
    assert_int_not_equal(within(HEAL_SANDBOX_HELPER, call_packet_socket), ENOSYS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_never_right_kills),
        cmocka_unit_test(test_what_is_not_listed_is_not_there),
        cmocka_unit_test(test_the_daemon_gets_no_new_code),
        cmocka_unit_test(test_what_is_needed_works),
    };

    return cmocka_run_group_tests(tests, look_for_a_sandbox, NULL);
}
