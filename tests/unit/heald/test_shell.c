/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The daemon's small parts: the log, the queue, the lag, the command line, what the service manager is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "heald/log.h"
#include "heald/options.h"
#include "heald/queue.h"
#include "heald/supervisor.h"
#include "heald/view.h"

/* What was written to the pipe so far. */
static char *written(int pipe_end, char *buffer, size_t size) {
    ssize_t length = read(pipe_end, buffer, size - 1);

    buffer[length > 0 ? length : 0] = '\0';
    return buffer;
}

static unsigned lines_in(const char *text) {
    unsigned lines = 0;

    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

static void open_log(struct heald_log *log, int ends[2]) {
    assert_int_equal(pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
    heald_log_init(log, HEAL_CONFIG_LOG_INFO, ends[1]);
}

static void test_log_is_one_line_an_entry(void **state) {
    struct heald_log log;
    char text[4096];
    int ends[2];

    (void)state;
    open_log(&log, ends);
    heald_log_write(&log, HEAL_CONFIG_LOG_DEBUG, "quiet", "x=1");
    heald_log_write(&log, HEAL_CONFIG_LOG_ERROR, "forged", "x=\"a\nerror event=fake\x1b[31m\"");
    written(ends[0], text, sizeof text);
    assert_int_equal(lines_in(text), 1);
    assert_non_null(strstr(text, "Z error event=forged x=\"a error event=fake [31m\"\n"));
    memset(text, 'x', 2000);
    text[2000] = '\0';
    heald_log_write(&log, HEAL_CONFIG_LOG_INFO, "long", "%s", text);
    written(ends[0], text, sizeof text);
    assert_int_equal(lines_in(text), 1);
    assert_true(strlen(text) <= HEALD_LOG_LINE_MAX && text[strlen(text) - 1] == '\n');
    close(ends[0]);
    close(ends[1]);
}

static void test_log_holds_back_and_tells(void **state) {
    struct heald_log log;
    char text[16384];
    int ends[2];

    (void)state;
    open_log(&log, ends);
    for (int i = 0; i < 100; i++)
        heald_log_write(&log, HEAL_CONFIG_LOG_WARNING, "again", "i=%d", i);
    heald_log_write(&log, HEAL_CONFIG_LOG_WARNING, "other", "i=0");
    written(ends[0], text, sizeof text);
    assert_int_equal(lines_in(text), 11);
    assert_int_equal(log.held_total, 90);
    heald_log_settle(&log, heald_now());
    assert_string_equal(written(ends[0], text, sizeof text), "");
    heald_log_settle(&log, heald_now() + 11 * HEAL_US_PER_S);
    assert_non_null(strstr(written(ends[0], text, sizeof text), "event=again held-back=90"));
    close(ends[0]);
    close(ends[1]);
}

static void test_log_below_journald(void **state) {
    struct heald_log log;
    struct stat about;
    char text[256], stream[64];
    int ends[2];

    (void)state;
    open_log(&log, ends);
    fstat(ends[1], &about);
    snprintf(stream, sizeof stream, "%lu:%lu", (unsigned long)about.st_dev, (unsigned long)about.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
    heald_log_init(&log, HEAL_CONFIG_LOG_INFO, ends[1]);
    unsetenv("JOURNAL_STREAM");
    heald_log_write(&log, HEAL_CONFIG_LOG_WARNING, "w", "x=1");
    assert_string_equal(written(ends[0], text, sizeof text), "<4>event=w x=1\n");
    close(ends[0]);
    close(ends[1]);
}

static void test_queue_keeps_order_and_bounds(void **state) {
    struct heald_queue *queue = calloc(1, sizeof *queue);
    struct heal_event event = {.kind = HEAL_EVENT_RESULT};
    uint32_t put = 0, taken = 0;

    (void)state;
    for (int turn = 0; turn < 5; turn++) {
        for (int i = 0; i < 100; i++) {
            event.result.ticket = ++put;
            assert_int_equal(heald_queue_put(queue, &event), 0);
        }
        for (int i = 0; i < 70; i++) {
            assert_true(heald_queue_take(queue, &event));
            assert_int_equal(event.result.ticket, ++taken);
        }
    }
    while (heald_queue_put(queue, &event) == 0)
        put++;
    assert_int_equal(queue->count, HEALD_QUEUE_MAX);
    while (heald_queue_take(queue, &event))
        taken++;
    assert_int_equal(taken, put);
    free(queue);
}

static void test_lag_falls_into_its_bucket(void **state) {
    struct heald_lag lag = {0};

    (void)state;
    heald_lag_add(&lag, 0);
    heald_lag_add(&lag, 500);
    heald_lag_add(&lag, 501);
    heald_lag_add(&lag, 3 * HEAL_US_PER_S);
    assert_int_equal(lag.bucket[0], 2);
    assert_int_equal(lag.bucket[1], 1);
    assert_int_equal(lag.bucket[HEALD_LAG_BUCKETS], 1);
    assert_int_equal(lag.count, 4);
    assert_true(lag.max_s > 2.99 && lag.max_s < 3.01);
}

static int read_line(struct heald_options *options, const char *line) {
    static char copy[256];
    char *argv[16] = {"heald"};
    int argc = 1;

    snprintf(copy, sizeof copy, "%s", line);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    return heald_options_read(argc, argv, options);
}

static void test_command_line(void **state) {
    struct heald_options options;

    (void)state;
    assert_int_equal(read_line(&options, "--config /x/y/h.yaml --dry-run --record=r --decisions d"), 0);
    assert_string_equal(options.config, "/x/y/h.yaml");
    assert_string_equal(options.conf_dir, "/x/y/conf.d");
    assert_string_equal(options.policy_dir, "/x/y/policy.d");
    assert_string_equal(options.record, "r");
    assert_true(options.dry_run && !options.check);
    assert_int_equal(read_line(&options, "--config h.yaml"), 0);
    assert_string_equal(options.conf_dir, "conf.d");
    setenv("HEALD_POLICY_DIR", "/p", 1);
    setenv("HEALD_CONFIG", "/env", 1);
    setenv("HEALD_DRY_RUN", "1", 1);
    assert_int_equal(read_line(&options, "--config /flag"), 0);
    unsetenv("HEALD_POLICY_DIR");
    unsetenv("HEALD_CONFIG");
    unsetenv("HEALD_DRY_RUN");
    assert_string_equal(options.config, "/flag");
    assert_string_equal(options.policy_dir, "/p");
    assert_true(options.dry_run);
}

static void test_bad_command_lines(void **state) {
    static const char *const LINE[] = {"--conifg x",    "-c", "file", "--config",
                                       "--dry-run=yes", "--", "--=",  "--replay a --record b"};
    struct heald_options options;

    (void)state;
    for (size_t i = 0; i < sizeof LINE / sizeof *LINE; i++)
        assert_int_equal(read_line(&options, LINE[i]), HEALD_EXIT_USAGE);
}

static void test_help_and_manual_name_every_option(void **state) {
    static const char *const NAME[] = {"config", "conf-dir", "policy-dir", "dry-run", "replay", "decisions",
                                       "check",  "record",   "help",       "version", "sweep"};
    char *help, *manual;
    size_t length;
    FILE *file = open_memstream(&help, &length);

    (void)state;
    heald_options_help(file);
    fclose(file);
    file = open_memstream(&manual, &length);
    assert_int_equal(heald_options_manual(file), 0);
    fclose(file);
    for (size_t i = 0; i < sizeof NAME / sizeof *NAME; i++) {
        char flag[32];

        snprintf(flag, sizeof flag, "--%s ", NAME[i]);
        assert_non_null(strstr(help, flag));
        snprintf(flag, sizeof flag, "\\-\\-%s", NAME[i]);
        assert_non_null(strstr(manual, flag));
    }
    assert_non_null(strstr(manual, ".TH HEALD 8"));
    free(help);
    free(manual);
}

static void test_service_manager_is_told(void **state) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char text[64] = "", path[] = "/tmp/heald-notify-XXXXXX";
    int file = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    (void)state;
    assert_non_null(mkdtemp(path));
    snprintf(address.sun_path, sizeof address.sun_path, "%s/s", path);
    assert_int_equal(bind(file, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(heald_supervisor_tell("READY=1\n"), 0);
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    assert_int_equal(heald_supervisor_tell("WATCHDOG=1\n"), 0);
    unsetenv("NOTIFY_SOCKET");
    assert_int_equal(recv(file, text, sizeof text - 1, MSG_DONTWAIT), 11);
    assert_string_equal(text, "WATCHDOG=1\n");
    close(file);
    unlink(address.sun_path);
    rmdir(path);
    assert_int_equal(heald_supervisor_watchdog_us(), 0);
    setenv("WATCHDOG_USEC", "3000000", 1);
    assert_int_equal(heald_supervisor_watchdog_us(), 1500000);
    setenv("WATCHDOG_PID", "1", 1);
    assert_int_equal(heald_supervisor_watchdog_us(), 0);
    unsetenv("WATCHDOG_PID");
    unsetenv("WATCHDOG_USEC");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_is_one_line_an_entry),
        cmocka_unit_test(test_log_holds_back_and_tells),
        cmocka_unit_test(test_log_below_journald),
        cmocka_unit_test(test_queue_keeps_order_and_bounds),
        cmocka_unit_test(test_lag_falls_into_its_bucket),
        cmocka_unit_test(test_command_line),
        cmocka_unit_test(test_bad_command_lines),
        cmocka_unit_test(test_help_and_manual_name_every_option),
        cmocka_unit_test(test_service_manager_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
