/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The real program where the n-th call for memory fails, for many n over a start, some rounds, questions and
 * the stop: it ends with an error, or it goes on; it never crashes, and never stands still. */
#include "bad_day.h"
#include "program.h"

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
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* How many calls are tried; with HEAL_ALLOCATION=all each of them, with a number that one. */
enum { TRIES = 60, LINE_MAX_BYTES = 128 };

static struct bad_day *share_day(const struct program *program) {
    char path[128];

    program_path(program, "day", path);
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(ftruncate(file, sizeof(struct bad_day)), 0);
    struct bad_day *day = mmap(NULL, sizeof *day, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    assert_ptr_not_equal(day, MAP_FAILED);
    close(file);
    setenv("BAD_DAY_FILE", path, 1);
    return day;
}

/* Asks, and takes whatever answer there is, or none. */
static void ask(const struct program *program, const char *request) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval limit = {.tv_sec = 5};
    char text[4096];
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s/sock", program->folder);
    setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(file, (struct sockaddr *)&address, sizeof address) == 0 &&
        send(file, request, strlen(request), MSG_NOSIGNAL) > 0)
        while (read(file, text, sizeof text) > 0)
            continue;
    close(file);
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

/* One life. @return its exit code, or 128 and the signal. */
static int live(struct program *program) {
    setenv("LD_PRELOAD", BAD_DAY, 1);
    program_start(program, NULL);
    unsetenv("LD_PRELOAD");
    if (!program_hears(program, "event=ready"))
        return program_ending(program);
    ask(program, GET("/v1/status"));
    ask(program, GET("/v1/audit?limit=5"));
    ask(program, "POST /v1/pause HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 15\r\n\r\n"
                 "{\"reason\": \"x\"}");
    ask(program, GET("/v1/incidents"));
    kill(program->pid, SIGHUP);
    (void)program_hears(program, "event=reload");
    kill(program->pid, SIGTERM);
    return program_ending(program);
}

static void try_call(struct program *program, struct bad_day *day, uint64_t call, uint64_t count) {
    memset(day, 0, sizeof *day);
    day->fail_at = call;
    day->fail_count = count;
    int code = live(program);
    if (code != 0 && code != 1 && code != 70)
        fail_msg("the calls %llu to %llu for memory fail: ended with %d; it said:\n%s",
                 (unsigned long long)call, (unsigned long long)(call + count - 1), code, program->text);
}

static void test_every_call_may_fail(void **state) {
    struct program *program = *state;
    struct bad_day *day = share_day(program);
    const char *all = getenv("HEAL_ALLOCATION");
    unsigned seed = (unsigned)time(NULL);

    if (HEAL_SANITIZE[0]) {
        print_message("the sanitizers do not let anything be put before them\n");
        skip();
    }
    memset(day, 0, sizeof *day);
    assert_int_equal(live(program), 0);
    uint64_t calls = day->calls;
    print_message("%llu calls for memory in a life; seed %u\n", (unsigned long long)calls, seed);
    assert_true(calls > 500);
    if (all && atoi(all) > 0) {
        try_call(program, day, (uint64_t)atoi(all), 1);
        return;
    }
    srandom(seed);
    uint64_t stride = all ? 1 : calls / TRIES, first = 1 + (uint64_t)random() % stride;
    for (uint64_t call = first; call <= calls; call += stride)
        try_call(program, day, call, 1);
    /* And all of them for a while. */
    for (uint64_t call = first; call <= calls; call += stride * 4)
        try_call(program, day, call, 20);
    munmap(day, sizeof *day);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_call_may_fail, program_make, program_unmake),
    };

    return cmocka_run_group_tests(tests, program_enter_namespace, NULL);
}
