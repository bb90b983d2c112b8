/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The real program on bad days: the disk full, read-only or damaged, clocks that jump, no descriptor left, a
 * routing daemon that does not answer, commands that never end. It says so, goes on, and recovers. */
#include "bad_day.h"
#include "program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* A node that is not overloaded, whatever else this machine does. */
#define IDLE_NODE "sources: {node: processes, cpu-capacity: 64, memory: 64GiB}\n"

/* Opens a connection to heald's admin socket and sends a question. @return the connection. */
static int send_question(const struct program *program, const char *method, const char *path,
                         const char *body) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval limit = {.tv_sec = PROGRAM_WAIT_MS / 1000};
    char request[512];
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s/sock", program->folder);
    setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    assert_int_equal(connect(file, (struct sockaddr *)&address, sizeof address), 0);
    int length = snprintf(request, sizeof request,
                          "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
                          method, path, strlen(body), body);
    assert_int_equal(send(file, request, (size_t)length, 0), length);
    return file;
}

/* Reads the answer, until the end. @param ret_page may be NULL. @return the HTTP status. */
static int read_answer(int file, json_t **ret_page) {
    static char text[1 << 17];
    size_t length = 0;
    ssize_t got;
    int status = 0;

    while (length + 1 < sizeof text && (got = read(file, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    close(file);
    text[length] = '\0';
    assert_int_equal(sscanf(text, "HTTP/1.1 %d", &status), 1);
    char *content = strstr(text, "\r\n\r\n");
    assert_non_null(content);
    if (ret_page)
        *ret_page = json_loads(content + 4, 0, NULL);
    return status;
}

static int order(const struct program *program, const char *path, const char *body) {
    return read_answer(send_question(program, "POST", path, body), NULL);
}

/* @return whether the status page says that a condition holds. */
static bool is_degraded(const struct program *program, const char *name) {
    json_t *page = NULL;
    const json_t *condition;
    bool found = false;
    size_t i;

    assert_int_equal(read_answer(send_question(program, "GET", "/v1/status", ""), &page), 200);
    json_array_foreach(json_object_get(page, "degraded"), i, condition) found =
        found || strcmp(json_string_value(json_object_get(condition, "condition")), name) == 0;
    json_decref(page);
    return found;
}

static bool is_well(const struct program *program) {
    json_t *page = NULL;

    assert_int_equal(read_answer(send_question(program, "GET", "/v1/status", ""), &page), 200);
    bool well = json_array_size(json_object_get(page, "degraded")) == 0;
    json_decref(page);
    return well;
}

/* A disk of its own under the state folder. */
static void mount_state(const struct program *program, const char *options) {
    char path[128];

    program_path(program, "state", path);
    mkdir(path, 0700);
    if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("small", path, "tmpfs", 0, options) < 0) {
        print_message("no disk of our own can be had here\n");
        skip();
    }
}

static void remount_state(const struct program *program, unsigned long flags, const char *options) {
    char path[128];

    program_path(program, "state", path);
    assert_int_equal(mount("small", path, NULL, MS_REMOUNT | flags, options), 0);
}

static void unmount_state(const struct program *program) {
    char path[128];

    program_path(program, "state", path);
    assert_int_equal(umount2(path, MNT_DETACH), 0);
}

static void test_full_disk(void **state) {
    struct program *program = *state;
    char command[200];

    mount_state(program, "size=1m,mode=0700");
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    assert_true(is_well(program));
    snprintf(command, sizeof command, "cat /dev/zero >'%s/state/filler' 2>/dev/null", program->folder);
    program_shell(command);
    /* Until the log of the database is full, too: what is acknowledged by then is kept. */
    int kept = 0, status;
    while ((status = order(program, "/v1/pause", "{\"reason\": \"full disk\"}")) == 200)
        assert_true(++kept < 1000);
    assert_int_equal(status, 503);
    program_wait_for(program, "event=degraded condition=store-failing");
    assert_true(is_degraded(program, "store-failing"));
    assert_non_null(strstr(program->text, "No space left on device"));
    snprintf(command, sizeof command, "rm '%s/state/filler'", program->folder);
    assert_int_equal(program_shell(command), 0);
    assert_int_equal(order(program, "/v1/resume", "{}"), 200);
    assert_true(is_well(program));
    kill(program->pid, SIGKILL);
    program_ending(program);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    json_t *page = NULL;
    assert_int_equal(read_answer(send_question(program, "GET", "/v1/audit?limit=2000", ""), &page), 200);
    assert_true(json_array_size(json_object_get(page, "records")) >= (size_t)kept + 1);
    const json_t *verdict = json_object_get(json_object_get(page, "chain"), "verdict");
    assert_string_equal(json_string_value(verdict), "whole");
    json_decref(page);
    assert_int_equal(program_stop(program), 0);
    unmount_state(program);
}

static void test_read_only_disk(void **state) {
    struct program *program = *state;

    mount_state(program, "size=1m,mode=0700");
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    assert_int_equal(order(program, "/v1/mode", "{\"mode\": \"warn\"}"), 200);
    assert_int_equal(program_stop(program), 0);
    remount_state(program, MS_RDONLY, "size=1m");
    program_start(program, NULL);
    program_wait_for(program, "event=degraded condition=store-failing");
    program_wait_for(program, "event=ready");
    assert_non_null(strstr(program->text, "what was kept is read"));
    assert_non_null(strstr(program->text, "event=ready node=alpha mode=warn"));
    assert_int_equal(order(program, "/v1/mode", "{\"mode\": \"act\"}"), 503);
    assert_true(is_degraded(program, "store-failing"));
    assert_int_equal(program_stop(program), 0);
    remount_state(program, 0, "size=1m");
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    assert_true(is_well(program));
    assert_int_equal(program_stop(program), 0);
    unmount_state(program);
}

static void test_damaged_database(void **state) {
    struct program *program = *state;
    char command[256];

    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    for (int i = 0; i < 40; i++)
        assert_int_equal(order(program, "/v1/pause", "{\"reason\": \"before the damage\"}"), 200);
    assert_int_equal(program_stop(program), 0);
    snprintf(command, sizeof command,
             "dd if=/dev/urandom of='%s/state/heald.db' bs=4096 seek=4 count=1 conv=notrunc 2>/dev/null",
             program->folder);
    assert_int_equal(program_shell(command), 0);
    program_start(program, NULL);
    program_wait_for(program, "warning event=degraded condition=store-set-aside");
    program_wait_for(program, "event=ready");
    assert_non_null(strstr(program->text, "the store's file was damaged; it is kept as heald.db.damaged-"));
    assert_true(is_degraded(program, "store-set-aside"));
    assert_int_equal(order(program, "/v1/resume", "{}"), 200);
    assert_int_equal(program_stop(program), 0);
    snprintf(command, sizeof command, "grep -q 'before the damage' '%s'/state/heald.db.damaged-*.history",
             program->folder);
    assert_int_equal(program_shell(command), 0);
    /* It says so until somebody has taken the files away. */
    program_start(program, NULL);
    program_wait_for(program, "condition=store-set-aside");
    assert_int_equal(program_stop(program), 0);
    snprintf(command, sizeof command, "rm '%s'/state/heald.db.damaged-*", program->folder);
    assert_int_equal(program_shell(command), 0);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    assert_true(is_well(program));
    assert_int_equal(program_stop(program), 0);
}

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
    assert_int_equal(order(program, "/v1/pause", "{\"reason\": \"yesterday\", \"for\": 3600}"), 200);
    assert_int_equal(order(program, "/v1/resume", "{}"), 200);
    assert_true(is_degraded(program, "clock-stepped"));
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
    int waiting = send_question(program, "GET", "/v1/status", "");
    unsigned long before = ticks_of(program);
    /* A second of rounds: what cannot be accepted must not be tried without end. */
    struct pollfd answer = {.fd = waiting, .events = POLLIN};
    assert_int_equal(poll(&answer, 1, 1000), 0);
    unsigned long used = ticks_of(program) - before;
    print_message("%lu ticks of processor time in a second without descriptors\n", used);
    assert_true(used < (unsigned long)sysconf(_SC_CLK_TCK) / 2);
    limit_descriptors(program, 0);
    assert_int_equal(read_answer(waiting, NULL), 200);
    program_wait_for(program, "event=recovered condition=descriptors-exhausted");
    assert_true(is_well(program));
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
    assert_true(is_degraded(program, "daemon-wedged"));
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
    assert_int_equal(order(program, "/v1/mode", "{\"mode\": \"act\"}"), 200);
    assert_true(is_well(program));
    assert_int_equal(program_stop(program), 0);
    snprintf(command, sizeof command, "! pgrep -f 'sleep 9876[45]' >/dev/null");
    assert_int_equal(program_shell(command), 0);
}

#define PROGRAM(test) cmocka_unit_test_setup_teardown(test, program_make, program_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROGRAM(test_full_disk),
        PROGRAM(test_read_only_disk),
        PROGRAM(test_damaged_database),
        PROGRAM(test_clocks_that_jump),
        PROGRAM(test_descriptors_exhausted),
        PROGRAM(test_wedged_routing_daemon),
        PROGRAM(test_commands_that_never_end),
    };

    return cmocka_run_group_tests(tests, program_enter_namespace, NULL);
}
