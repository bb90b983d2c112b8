/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The real program on bad days: clocks that jump, no descriptor left, a routing daemon that does not answer,
 * commands that never end. It says so, goes on, and recovers. */
#include "ask.h"
#include "bad_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* A node that is not overloaded, whatever else this machine does. */
#define IDLE_NODE "sources: {node: processes, cpu-capacity: 64, memory: 64GiB}\n"

/* The clocks are told from a page of memory that both have. */
static struct bad_day *take_clocks(const struct program *program) {
    char path[128];

    if (HEAL_SANITIZE[0]) {
        print_message("the sanitizers do not let anything be put before them\n");
        skip();
    }
    program_path(program, "day", path);
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(ftruncate(file, sizeof(struct bad_day)), 0);
    struct bad_day *day = mmap(NULL, sizeof *day, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    assert_ptr_not_equal(day, MAP_FAILED);
    close(file);
    setenv("BAD_DAY_FILE", path, 1);
    setenv("LD_PRELOAD", BAD_DAY, 1);
    return day;
}

static void leave_clocks(struct bad_day *day) {
    unsetenv("LD_PRELOAD");
    unsetenv("BAD_DAY_FILE");
    munmap(day, sizeof *day);
}

static void test_clocks_that_jump(void **state) {
    struct program *program = *state;
    struct bad_day *day = take_clocks(program);

    program_configure(program, "mode: act\nlog: debug\n" IDLE_NODE);
    program_start_worker(program);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    day->wall_s = 86400;
    program_wait_for(program, "event=degraded condition=clock-stepped what=\"set forward by 86400.");
    day->wall_s = -86400;
    assert_int_equal(ask_order(program, "/v1/pause", "{\"reason\": \"yesterday\", \"for\": 3600}"), 200);
    assert_int_equal(ask_order(program, "/v1/resume", "{}"), 200);
    assert_true(ask_is_degraded(program, "clock-stepped"));
    /* The host slept for two hours. */
    day->boot_s = 7200;
    day->wall_s += 7200;
    program_wait_for(program, "event=degraded condition=host-slept what=\"for 7200.");
    program_wait_for(program, "evidence=dropped");
    /* After it has been judged again for a while: nothing was wrong, nothing was found. */
    program_forget(program);
    day->boot_s += 60;
    program_wait_for(program, "evidence=dropped");
    day->boot_s += 4;
    program_kill_worker(program);
    program_wait_for(program, "event=diagnosis incident=1 diagnosis=service-down");
    assert_int_equal(program_stop(program), 0);
    leave_clocks(day);
}

static void limit_descriptors(const struct program *program, rlim_t most) {
    struct rlimit limit;

    assert_int_equal(prlimit(program->pid, RLIMIT_NOFILE, NULL, &limit), 0);
    limit.rlim_cur = most ? most : limit.rlim_max;
    assert_int_equal(prlimit(program->pid, RLIMIT_NOFILE, &limit, NULL), 0);
}

/* @return the processor time that it has used, in clock ticks. */
static unsigned long ticks_of(const struct program *program) {
    unsigned long user = 0, system = 0;
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/stat", program->pid);
    FILE *stat = fopen(path, "r");
    assert_non_null(stat);
    assert_int_equal(
        fscanf(stat, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system), 2);
    fclose(stat);
    return user + system;
}

static void test_descriptors_exhausted(void **state) {
    struct program *program = *state;

    program_configure(program, "log: debug\n" IDLE_NODE);
    program_start_worker(program);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    limit_descriptors(program, 3);
    program_wait_for(program, "event=degraded condition=descriptors-exhausted");
    int waiting = ask_send(program, "GET", "/v1/status", "");
    unsigned long before = ticks_of(program);
    /* A second of rounds: what cannot be accepted must not be tried without end. */
    struct pollfd answer = {.fd = waiting, .events = POLLIN};
    assert_int_equal(poll(&answer, 1, 1000), 0);
    unsigned long used = ticks_of(program) - before;
    print_message("%lu ticks of processor time in a second without descriptors\n", used);
    assert_true(used < (unsigned long)sysconf(_SC_CLK_TCK) / 2);
    limit_descriptors(program, 0);
    assert_int_equal(ask_answer(waiting, NULL), 200);
    program_wait_for(program, "event=recovered condition=descriptors-exhausted");
    assert_true(ask_is_well(program));
    assert_null(strstr(program->text, "event=incident"));
    assert_int_equal(program_stop(program), 0);
}

/* A routing daemon that takes connections and says nothing, until it does. */
static void test_wedged_routing_daemon(void **state) {
    struct program *program = *state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char more[300], text[256] = "";
    int daemon = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s/babel.sock", program->folder);
    assert_int_equal(bind(daemon, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(daemon, 4), 0);
    snprintf(more, sizeof more, "mode: act\nlog: debug\nrouting: {daemon: babeld, socket: %s}\n",
             address.sun_path);
    program_configure(program, more);
    snprintf(more, sizeof more, "sed -i '/daemon: none/d' '%s/heald.yaml'", program->folder);
    assert_int_equal(program_shell(more), 0);
    program_start_worker(program);
    program_start(program, NULL);
    program_wait_for(program, "event=degraded condition=daemon-wedged");
    assert_true(ask_is_degraded(program, "daemon-wedged"));
    /* All else goes on. */
    program_kill_worker(program);
    program_wait_for(program, "event=acted command=service-restart code=0");
    int connection = accept(daemon, NULL, NULL);
    assert_true(connection >= 0);
    static const char hello[] =
        "BABEL 1.0\nversion babeld-1.12.1\nhost x\nmy-id 02:00:00:ff:fe:00:00:01\nok\n";
    assert_int_equal(write(connection, hello, sizeof hello - 1), sizeof hello - 1);
    assert_true(read(connection, text, sizeof text - 1) > 0);
    assert_non_null(strstr(text, "monitor"));
    assert_int_equal(write(connection, "ok\n", 3), 3);
    program_wait_for(program, "event=recovered condition=daemon-wedged");
    assert_int_equal(program_stop(program), 0);
    close(connection);
    close(daemon);
}

/* Commands of the operator's that never end: they end with heald, which waits for nobody. */
static void test_commands_that_never_end(void **state) {
    struct program *program = *state;
    char path[128], command[160];

    program_configure(program, "mode: act\nnotify: {hook: [\"/bin/sh\", \"-c\", \"exec sleep 98765\"]}\n"
                               "policy: {service-down: {steps: [notify, restart-service]}}\n");
    program_path(program, "conf.d", path);
    assert_int_equal(mkdir(path, 0755), 0);
    program_write_file(program, "conf.d/slow.yaml",
                       "services: [{name: worker, restart: [\"/bin/sh\", \"-c\", \"exec sleep 98764\"]}]\n");
    program_start_worker(program);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    program_kill_worker(program);
    program_wait_for(program, "event=act incident=1");
    assert_int_equal(ask_order(program, "/v1/mode", "{\"mode\": \"act\"}"), 200);
    assert_true(ask_is_well(program));
    assert_int_equal(program_stop(program), 0);
    snprintf(command, sizeof command, "! pgrep -f 'sleep 9876[45]' >/dev/null");
    assert_int_equal(program_shell(command), 0);
}

#define PROGRAM(test) cmocka_unit_test_setup_teardown(test, program_make, program_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROGRAM(test_clocks_that_jump),
        PROGRAM(test_descriptors_exhausted),
        PROGRAM(test_wedged_routing_daemon),
        PROGRAM(test_commands_that_never_end),
    };

    return cmocka_run_group_tests(tests, program_enter_namespace, NULL);
}
