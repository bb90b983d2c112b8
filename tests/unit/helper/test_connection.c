/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The daemon's end of the connection to a helper that listens: it is found, said to be gone when it is
 * killed, found again; one that is silent is said to be; and who is nobody's daemon is refused. */
#include "../os/live.h"
#include "helper_program.h"

#include "base/clock.h"
#include "os/helper.h"
#include "os/helper_socket.h"

#include <errno.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct scene {
    struct event_base *base;
    struct heal_helper *helper;
    enum heal_helper_state wanted;
    unsigned told; /* of changes of state */
    bool answered;
    int code;
};

static struct helper_program program;
static struct scene scene;

static void note_state(void *context, enum heal_helper_state state) {
    struct scene *noted = context;

    (void)state;
    noted->told++;
}

static void note_answer(void *context, int code, const struct heal_helper_answer *answer, int file) {
    struct scene *noted = context;

    (void)answer;
    if (file >= 0)
        close(file);
    noted->answered = true;
    noted->code = code;
}

static bool is_answered(void *context) {
    return ((struct scene *)context)->answered;
}

static bool is_as_wanted(void *context) {
    struct scene *looked = context;

    return heal_helper_state(looked->helper) == looked->wanted;
}

static void wait_for(enum heal_helper_state wanted) {
    scene.wanted = wanted;
    if (!live_wait(scene.base, is_as_wanted, &scene, HELPER_WAIT_MS))
        fail_msg("the helper is in state %d, not %d: %s", (int)heal_helper_state(scene.helper), (int)wanted,
                 heal_helper_words(scene.helper));
}

static int ask(const struct heal_helper_order *order, heal_us limit) {
    scene.answered = false;
    heal_helper_ask(scene.helper, order, limit, note_answer, &scene);
    assert_true(scene.answered || live_wait(scene.base, is_answered, &scene, HELPER_WAIT_MS));
    return scene.code;
}

static void open_with(int socket) {
    char folder[96];
    struct heal_helper_options options = {
        .base = scene.base, .socket = socket, .folder = folder, .on_state = note_state, .context = &scene};

    snprintf(folder, sizeof folder, "%s/helper", program.folder);
    assert_int_equal(heal_helper_open(&options, &scene.helper), 0);
}

static int prepare(void **state) {
    (void)state;
    helper_prepare(&program, "");
    scene = (struct scene){.base = event_base_new()};
    return 0;
}

static int unmake(void **state) {
    (void)state;
    scene.helper = heal_helper_close(scene.helper);
    event_base_free(scene.base);
    helper_remove(&program);
    return 0;
}

static void test_comes_and_goes(void **state) {
    struct heal_helper_order reload = {.verb = HEAL_HELPER_RELOAD};

    (void)state;
    open_with(-1);
    assert_int_equal(ask(&reload, HEAL_US_PER_S), -ENOTCONN);
    for (int i = 0; i < 2; i++) {
        scene.told = 0;
        helper_start(&program, false);
        wait_for(HEAL_HELPER_READY);
        assert_true(scene.told > 0);
        assert_int_not_equal(heal_helper_capabilities(scene.helper), 0);
        assert_int_equal(ask(&reload, HELPER_WAIT_MS * HEAL_US_PER_MS), 0);
        kill(program.pid, SIGKILL);
        assert_int_equal(helper_ending(&program), 128 + SIGKILL);
        wait_for(HEAL_HELPER_GONE);
        assert_string_equal(heal_helper_words(scene.helper), "the helper has ended");
        assert_int_equal(heal_helper_capabilities(scene.helper), 0);
    }
}

/* It is stopped: what is ordered then is answered in time, and what it says too late is nobody's. */
static void test_is_silent(void **state) {
    struct heal_helper_order reload = {.verb = HEAL_HELPER_RELOAD};

    (void)state;
    helper_start(&program, false);
    open_with(-1);
    wait_for(HEAL_HELPER_READY);
    kill(program.pid, SIGSTOP);
    assert_int_equal(ask(&reload, 1), -ETIMEDOUT);
    wait_for(HEAL_HELPER_SILENT);
    assert_string_equal(heal_helper_words(scene.helper), "the helper does not answer");
    kill(program.pid, SIGCONT);
    /* Its late answer is enough: nothing else may be ordered for long. */
    wait_for(HEAL_HELPER_READY);
    assert_int_equal(ask(&reload, HELPER_WAIT_MS * HEAL_US_PER_MS), 0);
    wait_for(HEAL_HELPER_READY);
}

/* The other end says what is no answer, and is left. */
static void test_is_no_helper(void **state) {
    int ends[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
    open_with(ends[0]);
    assert_int_equal(send(ends[1], "hello", 5, 0), 5);
    assert_int_equal(ask(&(struct heal_helper_order){.verb = HEAL_HELPER_SWEEP}, HEAL_US_PER_S), -ENOTCONN);
    close(ends[1]);
}

enum { STRANGER = 65533 };

/* @return 0: it got in, and was sent away without a word; or errno. */
static int connect_as_stranger(const char *folder) {
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        int fd = setgroups(0, NULL) < 0 || setresgid(STRANGER, STRANGER, STRANGER) < 0 ||
                         setresuid(STRANGER, STRANGER, STRANGER) < 0
                     ? -EPERM
                     : heal_helper_socket_connect(folder);
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        char byte;

        if (fd < 0)
            _exit(-fd);
        _exit(poll(&ready, 1, HELPER_WAIT_MS) == 1 && recv(fd, &byte, 1, 0) == 0 ? 0 : EBUSY);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WEXITSTATUS(status);
}

static bool is_there(void *path) {
    struct stat about;

    return stat(path, &about) == 0 && (about.st_mode & 0777) == 0660;
}

/* Only where there is more than one user. By the socket's mode nobody else gets in; and should it be changed,
 * the kernel's word on who it is counts. */
static void test_refuses_other_users(void **state) {
    char folder[96], path[128];
    struct stat about;

    (void)state;
    if (getuid() != 0) {
        print_message("only root can be somebody else\n");
        skip();
    }
    snprintf(folder, sizeof folder, "%s/helper", program.folder);
    snprintf(path, sizeof path, "%s/helper.sock", folder);
    helper_start(&program, false);
    assert_true(live_wait(scene.base, is_there, path, HELPER_WAIT_MS));
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0660);
    assert_int_equal(connect_as_stranger(folder), EACCES);
    assert_int_equal(chmod(path, 0666), 0);
    assert_int_equal(connect_as_stranger(folder), 0);
    open_with(-1);
    wait_for(HEAL_HELPER_READY);
}

/* From here on no filter can be set in this process, nor in those that it starts. Where the sanitizers look,
 * the helper sets none in any case. */
static void forbid_filters(void) {
    struct sock_filter step[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {.len = sizeof step / sizeof *step, .filter = step};

    assert_int_equal(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    assert_int_equal(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0U, &filter), 0);
}

/* The last test, for it cannot be undone. It serves all the same, and says how. */
static void test_says_that_it_is_not_filtered(void **state) {
    int said[2], before = dup(STDERR_FILENO);
    char words[512] = "";

    (void)state;
    assert_int_equal(pipe(said), 0);
    dup2(said[1], STDERR_FILENO);
    forbid_filters();
    helper_start(&program, false);
    dup2(before, STDERR_FILENO);
    close(before);
    close(said[1]);
    open_with(-1);
    wait_for(HEAL_HELPER_READY);
    ssize_t length = read(said[0], words, sizeof words - 1);
    close(said[0]);
    assert_true(length > 0);
    if (!strstr(words, "heald-helper: no filter of system calls: "))
        fail_msg("it only says: %s", words);
}

#define CONNECTED(test) cmocka_unit_test_setup_teardown(test, prepare, unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        CONNECTED(test_comes_and_goes),
        CONNECTED(test_is_silent),
        CONNECTED(test_is_no_helper),
        CONNECTED(test_refuses_other_users),
        CONNECTED(test_says_that_it_is_not_filtered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
