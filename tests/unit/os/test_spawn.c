/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "live.h"
#include "os/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct outcome {
    bool done;
    struct heal_spawn_result result;
};

static void on_done(void *context, const struct heal_spawn_result *result) {
    struct outcome *outcome = context;
    assert_false(outcome->done);
    *outcome = (struct outcome){true, *result};
}

static bool is_done(void *context) {
    return ((struct outcome *)context)->done;
}

static struct heal_spawn_result run(const char *script, const char *input, heal_us timeout) {
    struct event_base *base = event_base_new();
    struct outcome outcome = {0};
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)script, NULL};
    struct heal_spawn_options options = {base, argv, input, NULL, timeout, on_done, &outcome};
    assert_int_equal(heal_spawn_start(&options, NULL), 0);
    assert_true(live_wait(base, is_done, &outcome, LIVE_PATIENCE_MS));
    event_base_free(base);
    return outcome.result;
}

static void test_output_input_and_status(void **state) {
    (void)state;
    struct heal_spawn_result result = run("cat; echo two >&2", "one\n", HEAL_US_PER_S);
    assert_int_equal(result.code, 0);
    assert_string_equal(result.output, "one two");
    result = run("echo no; exit 3", NULL, HEAL_US_PER_S);
    assert_int_equal(result.code, -ECHILD);
    assert_int_equal(result.exit_status, 3);
    result = run("kill -9 $$", NULL, HEAL_US_PER_S);
    assert_int_equal(result.signal, SIGKILL);
    result = run("seq 1 100000", NULL, 2 * HEAL_US_PER_S);
    assert_int_equal(strlen(result.output), HEAL_SPAWN_OUTPUT_MAX - 1); /* without the last newline */
    assert_string_equal(result.output + strlen(result.output) - 6, "100000");
}

static void test_time_out_kills_the_group(void **state) {
    (void)state;
    char path[] = "/tmp/heal-spawn-XXXXXX", script[128];
    close(mkstemp(path));
    snprintf(script, sizeof(script), "sleep 100 & echo $! >%s; wait", path);
    heal_us start = live_now();
    struct heal_spawn_result result = run(script, NULL, HEAL_US_PER_S / 2);
    assert_int_equal(result.code, -ETIMEDOUT);
    assert_in_range(live_now() - start, 300000, 2000000);
    assert_int_equal(live_try("p=$(cat %s); for i in $(seq 50); do kill -0 $p 2>/dev/null || exit 0; "
                              "case $(cut -d' ' -f3 /proc/$p/stat 2>/dev/null) in Z*) exit 0;; esac; "
                              "sleep 0.02; done; exit 1",
                              path),
                     0);
    unlink(path);
}

static void test_what_goes_on_in_the_background_lives(void **state) {
    (void)state;
    char path[] = "/tmp/heal-spawn-XXXXXX", script[160];
    close(mkstemp(path));
    /* It writes to its standard output after we are gone, and must not die of that. */
    snprintf(script, sizeof(script), "(sleep 0.2; echo late; echo late; echo alive >%s) & exit 0", path);
    assert_int_equal(run(script, NULL, HEAL_US_PER_S).code, 0);
    assert_int_equal(
        live_try("for i in $(seq 100); do grep -q alive %s && exit 0; sleep 0.02; done; exit 1", path), 0);
    unlink(path);
}

static void test_no_descriptor_leaks(void **state) {
    (void)state;
    int extra = open("/dev/null", O_RDONLY); /* without close-on-exec */
    size_t before = live_descriptors();
    struct heal_spawn_result result = run("ls /proc/self/fd | tr '\\n' ' '", NULL, HEAL_US_PER_S);
    assert_string_equal(result.output, "0 1 2 3"); /* 3 is ls looking at the folder */
    assert_int_equal(live_descriptors(), before);
    close(extra);
}

static void test_cancel_and_errors(void **state) {
    (void)state;
    struct event_base *base = event_base_new();
    struct outcome outcome = {0};
    struct heal_spawn *spawn;
    char *argv[] = {(char *)"sleep", (char *)"100", NULL}, *wrong[] = {(char *)"no-such-program", NULL};
    struct heal_spawn_options options = {base, argv, NULL, NULL, HEAL_US_PER_S, on_done, &outcome};
    assert_int_equal(heal_spawn_start(&options, &spawn), 0);
    assert_null(heal_spawn_cancel(spawn));
    options.argv = wrong;
    assert_int_equal(heal_spawn_start(&options, NULL), -ENOENT);
    assert_false(outcome.done);
    event_base_free(base);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_output_input_and_status),
        cmocka_unit_test(test_time_out_kills_the_group),
        cmocka_unit_test(test_what_goes_on_in_the_background_lives),
        cmocka_unit_test(test_no_descriptor_leaks),
        cmocka_unit_test(test_cancel_and_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
