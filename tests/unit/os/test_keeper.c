/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Keepers end well what heald has begun, above all when heald is killed in the middle of it. */
#include "live.h"
#include "os/keeper.h"
#include "os/throttle.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { DOWN_US = 200000 };

struct fixture {
    struct event_base *base;
    pid_t worker; /* a process that uses all the CPU it can get */
    bool done;
    int code;
};

static void on_done(void *context, int code) {
    struct fixture *fixture = context;
    assert_false(fixture->done);
    fixture->done = true;
    fixture->code = code;
}

static bool is_done(void *context) {
    return ((struct fixture *)context)->done;
}

static pid_t start_worker(void) {
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (volatile unsigned long i = 0;; i++) {
        }
    }
    return pid;
}

static int make(void **state) {
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    *state = fixture;
    live_try("ip link del v0 2>/dev/null");
    live_run("ip link add v0 type veth peer name v1 && ip link set v0 up && ip link set v1 up");
    live_run("ip link set v0 addrgenmode none; ip addr flush dev v0 scope link;"
             "ip addr add fe80::5/64 dev v0 nodad");
    live_run("ip addr add fd00::1/64 dev v0 nodad && ip -6 route add fd00:9::/64 via fd00::2 dev v0");
    fixture->base = event_base_new();
    fixture->worker = start_worker();
    return 0;
}

static int unmake(void **state) {
    struct fixture *fixture = *state;
    kill(fixture->worker, SIGKILL);
    waitpid(fixture->worker, NULL, 0);
    event_base_free(fixture->base);
    free(fixture);
    return 0;
}

static bool link_is_up(void *context) {
    (void)context;
    return live_try("ip link show v0 | grep -q '[<,]UP[,>]'") == 0;
}

static bool link_is_down(void *context) {
    return !link_is_up(context);
}

static char state_of(pid_t pid) {
    char path[32], text[256] = "";
    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (!file) {
        return '?';
    }
    const char *at = fgets(text, sizeof(text), file) ? strrchr(text, ')') : NULL;
    fclose(file);
    return at ? at[2] : '?';
}

static bool is_stopped(void *context) {
    return state_of(((struct fixture *)context)->worker) == 'T';
}

static bool is_running(void *context) {
    return state_of(((struct fixture *)context)->worker) == 'R';
}

static double cpu_of(pid_t pid) {
    clockid_t clock;
    struct timespec time;
    assert_int_equal(clock_getcpuclockid(pid, &clock), 0);
    assert_int_equal(clock_gettime(clock, &time), 0);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void expect(struct fixture *fixture, bool (*happened)(void *context), const char *what) {
    if (!live_wait(fixture->base, happened, fixture, LIVE_PATIENCE_MS)) {
        fail_msg("%s did not come true", what);
    }
}

/* Starts a keeper from a heald of its own, which is killed once @p happened. */
static void kill_parent_when(struct fixture *fixture, int (*begin)(struct fixture *fixture),
                             bool (*happened)(void *context), const char *what) {
    pid_t heald = fork();
    if (heald == 0) {
        struct event_base *base = event_base_new();
        fixture->base = base;
        if (begin(fixture) < 0) {
            _exit(1);
        }
        event_base_loop(base, EVLOOP_NO_EXIT_ON_EMPTY);
        _exit(0);
    }
    expect(fixture, happened, what);
    assert_int_equal(kill(heald, SIGKILL), 0);
    assert_int_equal(waitpid(heald, NULL, 0), heald);
}

static int begin_bounce(struct fixture *fixture) {
    struct heal_keeper *keeper;
    struct heal_keeper_options options = {fixture->base, on_done, fixture};
    return heal_keeper_bounce(&options, "v0", DOWN_US, &keeper);
}

static int begin_throttle(struct fixture *fixture) {
    struct heal_keeper *keeper;
    struct heal_keeper_options options = {fixture->base, on_done, fixture};
    return heal_keeper_throttle(&options, &fixture->worker, 1, 0.2f, &keeper);
}

/* Down, up; and with it come back what the kernel drops with a link. */
static void test_bounce(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(begin_bounce(fixture), 0);
    expect(fixture, link_is_down, "down");
    expect(fixture, is_done, "done");
    assert_int_equal(fixture->code, 0);
    assert_true(link_is_up(fixture));
    live_run("ip -6 addr show dev v0 | grep -q fd00::1/64");
    live_run("ip -6 addr show dev v0 | grep -q fe80::5/64"); /* set by hand: no kernel makes it again */
    live_run("ip -6 route show | grep -q 'fd00:9::/64 via fd00::2 dev v0'");
}

static void test_bounce_of_nothing(void **state) {
    struct fixture *fixture = *state;
    struct heal_keeper *keeper;
    struct heal_keeper_options options = {fixture->base, on_done, fixture};
    assert_int_equal(heal_keeper_bounce(&options, "nope", DOWN_US, &keeper), 0);
    expect(fixture, is_done, "done");
    assert_int_equal(fixture->code, -ENODEV);
}

static void test_bounce_ends_up_also_when_heald_is_killed(void **state) {
    struct fixture *fixture = *state;
    kill_parent_when(fixture, begin_bounce, link_is_down, "down");
    expect(fixture, link_is_up, "up");
    live_run("for i in $(seq 50); do ip -6 route show | grep -q 'fd00:9::/64 via fd00::2' && exit 0; "
             "sleep 0.02; done; exit 1");
}

/* It is stopped and continued, and gets its share; let go, it runs as before. */
static void test_throttle(void **state) {
    struct fixture *fixture = *state;
    struct heal_keeper *keeper;
    struct heal_keeper_options options = {fixture->base, on_done, fixture};
    assert_int_equal(heal_keeper_throttle(&options, &fixture->worker, 1, 0.2f, &keeper), 0);
    expect(fixture, is_stopped, "stopped");
    expect(fixture, is_running, "continued");
    expect(fixture, is_stopped, "stopped again");
    double before = cpu_of(fixture->worker);
    live_wait(fixture->base, is_done, fixture, 500);
    double share = (cpu_of(fixture->worker) - before) / 0.5;
    if (share > 0.4) {
        fail_msg("a fifth of a CPU was its share, and it took %.2f", share);
    }
    heal_keeper_release(keeper);
    expect(fixture, is_running, "let go");
    live_wait(fixture->base, is_stopped, fixture, 100);
    assert_false(is_stopped(fixture));
    assert_false(fixture->done); /* who lets go is told nothing */
}

static void test_throttle_is_lifted_when_heald_is_killed(void **state) {
    struct fixture *fixture = *state;
    kill_parent_when(fixture, begin_throttle, is_stopped, "stopped");
    expect(fixture, is_running, "lifted");
    assert_false(live_wait(fixture->base, is_stopped, fixture, 200));
}

static void test_throttle_ends_with_its_process(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(begin_throttle(fixture), 0);
    expect(fixture, is_stopped, "stopped");
    kill(fixture->worker, SIGKILL);
    expect(fixture, is_done, "done");
    assert_int_equal(fixture->code, 0);
    struct heal_keeper *keeper;
    struct heal_keeper_options options = {fixture->base, on_done, fixture};
    assert_int_equal(heal_keeper_throttle(&options, &fixture->worker, 0, 0.2f, &keeper), -ESRCH);
}

static struct heal_throttle_options throttle_options(struct fixture *fixture, const char *cgroup) {
    return (struct heal_throttle_options){.base = fixture->base,
                                          .name = "worker",
                                          .cgroup = cgroup,
                                          .state = cgroup,
                                          .pids = &fixture->worker,
                                          .count = 1,
                                          .share = 0.2f};
}

/* By the quota of the service's own cgroup, where that can be written: a folder stands in for it. */
static void test_quota_of_a_given_cgroup(void **state) {
    struct fixture *fixture = *state;
    char folder[] = "/tmp/heal-cgroup-XXXXXX";
    struct heal_throttle *throttle;
    assert_non_null(mkdtemp(folder));
    live_run("echo 50000 100000 >%s/cpu.max", folder);
    struct heal_throttle_options options = throttle_options(fixture, folder);
    assert_int_equal(heal_throttle_start(&options, &throttle), 0);
    assert_string_equal(heal_throttle_words(throttle), "by the quota of its cgroup (v2)");
    live_run("test \"$(cat %s/cpu.max)\" = '20000 100000'", folder);
    assert_null(heal_throttle_lift(throttle));
    live_run("test \"$(cat %s/cpu.max)\" = '50000 100000'", folder);
    /* It is as low already: neither that nor a keeper. */
    live_run("echo 10000 100000 >%s/cpu.max", folder);
    assert_int_equal(heal_throttle_start(&options, &throttle), -EALREADY);
    live_run("test \"$(cat %s/cpu.max)\" = '10000 100000'", folder);
    /* It cannot be noted what it was: a keeper does it. */
    live_run("echo max 100000 >%s/cpu.max", folder);
    options.state = "/nowhere/at/all";
    assert_int_equal(heal_throttle_start(&options, &throttle), 0);
    assert_null(strstr(heal_throttle_words(throttle), "of its cgroup"));
    live_run("test \"$(cat %s/cpu.max)\" = 'max 100000'", folder);
    assert_null(heal_throttle_lift(throttle));
    live_run("rm -r %s", folder);
}

static void test_marks_of_ours(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(kill(fixture->worker, SIGSTOP), 0);
    expect(fixture, is_stopped, "stopped");
    assert_false(heal_throttle_is_left("worker", &fixture->worker, 1));
    assert_int_equal(heal_throttle_dissolve("worker", &fixture->worker, 1), 0);
    assert_true(is_stopped(fixture));
    assert_int_equal(heal_throttle_undo("worker", &fixture->worker, 1), 0);
    expect(fixture, is_running, "continued");
    struct heal_throttle *throttle = NULL;
    struct heal_throttle_options options = throttle_options(fixture, "");
    options.count = 0;
    assert_int_equal(heal_throttle_start(&options, &throttle), -ESRCH);
    assert_null(throttle);
    assert_null(heal_throttle_lift(NULL));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void) {
    live_enter();
    const struct CMUnitTest tests[] = {
        TEST(test_bounce),
        TEST(test_bounce_of_nothing),
        TEST(test_bounce_ends_up_also_when_heald_is_killed),
        TEST(test_throttle),
        TEST(test_throttle_is_lifted_when_heald_is_killed),
        TEST(test_throttle_ends_with_its_process),
        TEST(test_quota_of_a_given_cgroup),
        TEST(test_marks_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
