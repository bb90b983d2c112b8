/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What the recorder writes makes a replay decide the same, to the byte; and what is no log is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heald/recorder.h"
#include "heald/replay.h"
#include "heald/trace.h"
#include "os/file.h"

struct run {
    char folder[64], path[96];
    struct heal_settings settings;
    struct heal_engine *engine;
    struct heald_recorder recorder;
    FILE *trace;
    char *text;
    size_t length;
    heal_us now;
    struct heal_output output;
};

static const uint64_t SEED = UINT64_C(0xfedcba9876543210);

static int make(void **state) {
    struct run *run = calloc(1, sizeof *run);

    *state = run;
    strcpy(run->folder, "/tmp/heald-replay-XXXXXX");
    if (!mkdtemp(run->folder))
        return -1;
    snprintf(run->path, sizeof run->path, "%s/log", run->folder);
    heal_settings_init(&run->settings);
    run->settings.mode = HEAL_MODE_ACT;
    run->settings.services = 1;
    strcpy(run->settings.service[0].name, "worker");
    run->settings.service[0].restartable = true;
    run->settings.threshold[HEAL_METRIC_LOSS].start = 0.0333f;
    run->now = 5000 * HEAL_US_PER_S;
    run->trace = open_memstream(&run->text, &run->length);
    return heal_engine_new("alpha", &run->settings, SEED, &run->engine);
}

static int unmake(void **state) {
    struct run *run = *state;
    char command[128];

    heald_recorder_deinit(&run->recorder);
    heal_engine_free(run->engine);
    fclose(run->trace);
    free(run->text);
    snprintf(command, sizeof command, "rm -r %s", run->folder);
    int code = system(command);
    free(run);
    return code;
}

static void record(struct run *run, uint64_t part_bytes, unsigned parts_max) {
    struct heald_recorder_options options = {.path = run->path,
                                             .node = "alpha",
                                             .seed = SEED,
                                             .settings = &run->settings,
                                             .part_bytes = part_bytes,
                                             .parts_max = parts_max};

    assert_int_equal(heald_recorder_init(&run->recorder, &options), 0);
}

/* One event, and the answers to what it made the engine order. */
static void happen(struct run *run, const struct heal_event *event) {
    struct heal_event results[HEAL_OUTPUT_COMMANDS];
    size_t count = 0;

    run->now += 137;
    heald_recorder_event(&run->recorder, run->now, event);
    heal_engine_step(run->engine, run->now, event, &run->output);
    heald_trace_write(run->trace, &run->output);
    for (size_t i = 0; i < run->output.commands; i++) {
        if (run->output.command[i].ticket == 0)
            continue;
        results[count] = (struct heal_event){.kind = HEAL_EVENT_RESULT};
        results[count++].result.ticket = run->output.command[i].ticket;
    }
    for (size_t i = 0; i < count; i++)
        happen(run, &results[i]);
}

static void round_of(struct run *run, bool worker_runs, unsigned number) {
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_NODE};

    event.reading.node = (struct heal_reading_node){.cpu = 0.1f + 0.001f * (float)(number % 7),
                                                    .memory = 0.3f,
                                                    .memory_used_bytes = 300,
                                                    .memory_total_bytes = 1000,
                                                    .cpu_pressure = -1,
                                                    .forwarding = true,
                                                    .forwarding4 = true};
    happen(run, &event);
    event = (struct heal_event){.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_SERVICE};
    strcpy(event.reading.service.name, "worker");
    event.reading.service.running = worker_runs;
    event.reading.service.pid = worker_runs ? 77 : 0;
    happen(run, &event);
    event = (struct heal_event){.kind = HEAL_EVENT_ROUND};
    happen(run, &event);
    run->now += HEAL_US_PER_S;
}

/* A service dies now and then and comes back by itself a while later. */
static void live(struct run *run, unsigned rounds) {
    for (unsigned i = 0; i < rounds; i++)
        round_of(run, i % 40 < 20, i);
}

static int replay(struct run *run, char **ret_text, struct heald_replay_report *report,
                  struct heal_config_error *error) {
    size_t length;
    FILE *trace = open_memstream(ret_text, &length);
    int r = heald_replay_file(run->path, trace, report, error);

    fclose(trace);
    return r;
}

static void assert_same(struct run *run, unsigned parts) {
    struct heald_replay_report report;
    struct heal_config_error error = {0};
    char *text = NULL;

    heald_recorder_deinit(&run->recorder);
    fflush(run->trace);
    int r = replay(run, &text, &report, &error);
    if (r < 0)
        print_error("%s:%d: %s\n", error.file, error.error.line, error.error.what);
    assert_int_equal(r, 0);
    assert_true(report.decisions > 0);
    assert_string_equal(text, run->text);
    if (parts > 0)
        assert_int_equal(report.parts, parts);
    else
        assert_true(report.parts > 2);
    free(text);
}

static void test_same_decisions(void **state) {
    struct run *run = *state;

    record(run, 0, 0);
    live(run, 200);
    assert_same(run, 1);
}

static void test_same_decisions_over_parts_and_reloads(void **state) {
    struct run *run = *state;

    record(run, 20000, 0);
    live(run, 50);
    run->settings.threshold[HEAL_METRIC_SERVICE].start *= 1.5f;
    run->settings.mode = HEAL_MODE_OBSERVE;
    heald_recorder_configure(&run->recorder, &run->settings);
    heal_engine_configure(run->engine, &run->settings);
    live(run, 100);
    assert_same(run, 0);
}

static void test_restored_and_ordered(void **state) {
    struct run *run = *state;
    struct heal_event event = {.kind = HEAL_EVENT_RESTORE};

    record(run, 0, 0);
    event.record.kind = HEAL_RECORD_THRESHOLD;
    strcpy(event.record.key, "loss");
    strcpy(event.record.value, "no=such \"text\" =");
    happen(run, &event);
    live(run, 30);
    event = (struct heal_event){.kind = HEAL_EVENT_OPERATOR};
    event.operator_.verb = HEAL_OPERATOR_PAUSE;
    event.operator_.number = 60;
    strcpy(event.operator_.argument, "a \"reason\" with = and \\ and \t in it");
    happen(run, &event);
    live(run, 90);
    assert_same(run, 1);
}

static void test_recording_stops_at_the_last_part(void **state) {
    struct run *run = *state;
    struct stat about;
    char part[128];

    record(run, 20000, 3);
    live(run, 400);
    assert_null(run->recorder.file);
    assert_int_equal(run->recorder.code, -EFBIG);
    snprintf(part, sizeof part, "%s.2", run->path);
    assert_int_equal(stat(part, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_true(about.st_size > 15000 && about.st_size < 30000);
    snprintf(part, sizeof part, "%s.3", run->path);
    assert_int_equal(stat(part, &about), -1);
}

static void test_full_disk_stops_recording(void **state) {
    struct run *run = *state;
    struct heald_recorder_options options = {
        .path = "/dev/full", .node = "alpha", .settings = &run->settings, .seed = SEED};
    int r = heald_recorder_init(&run->recorder, &options);

    live(run, 20);
    r = r < 0 ? r : heald_recorder_flush(&run->recorder);
    assert_true(r < 0 || run->recorder.code < 0);
}

/* The log as text; the caller frees it. */
static char *log_text(struct run *run) {
    char *text = NULL;
    size_t length;

    assert_int_equal(heal_file_read(run->path, 1 << 24, &text, &length), 0);
    return text;
}

static void write_log(struct run *run, const char *text, size_t length) {
    FILE *out = fopen(run->path, "w");

    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, length, out), length);
    fclose(out);
}

static void test_cut_line_is_passed_over(void **state) {
    struct run *run = *state;
    struct heald_replay_report report;
    struct heal_config_error error;
    char *trace;

    record(run, 0, 0);
    live(run, 10);
    heald_recorder_deinit(&run->recorder);
    char *text = log_text(run);
    write_log(run, text, strlen(text) - 7);
    assert_int_equal(replay(run, &trace, &report, &error), 0);
    assert_true(report.cut);
    free(trace);
    free(text);
}

static void expect_refused(struct run *run, const char *text, size_t length, const char *words) {
    struct heald_replay_report report;
    struct heal_config_error error = {0};
    char *trace;

    write_log(run, text, length);
    assert_int_equal(replay(run, &trace, &report, &error), -EINVAL);
    assert_string_equal(error.file, run->path);
    assert_true(error.error.line > 0);
    if (!strstr(error.error.what, words))
        fail_msg("\"%s\" has no \"%s\"", error.error.what, words);
    free(trace);
}

/* The text with the first @p find in it replaced, on the heap. (Inlined, gcc 12 takes the text for dangling.)
 */
static __attribute__((noinline)) char *replaced(const char *text, const char *find, const char *put) {
    const char *at = strstr(text, find);
    size_t size = strlen(text) + strlen(put) + 1;
    char *changed = malloc(size);

    if (!at || !changed)
        fail_msg("no %s in the log", find);
    else
        snprintf(changed, size, "%.*s%s%s", (int)(at - text), text, put, at + strlen(find));
    return changed;
}

static void test_what_is_no_log_is_refused(void **state) {
    static const struct {
        const char *find, *put, *words;
    } CHANGE[] = {
        {"#| mode: act", "#| mode: warn", "not those that were recorded"},
        {"part=1",       "part=2",        "part 1 is missing"           },
        {"seed=",        "sead=",         "no seed"                     },
        {"node=alpha",   "node=",         "no node"                     },
        {"#@ run",       "#@ ran",        "no mark"                     },
        {"#@ begin",     "# begin",       "without settings"            },
        {" round\n",     " rund\n",       "rund"                        },
        {"5000.",        "5000x",         ""                            },
    };
    struct run *run = *state;

    record(run, 0, 0);
    live(run, 3);
    heald_recorder_deinit(&run->recorder);
    char *text = log_text(run);
    for (size_t i = 0; i < sizeof CHANGE / sizeof *CHANGE; i++) {
        char *changed = replaced(text, CHANGE[i].find, CHANGE[i].put);
        expect_refused(run, changed, strlen(changed), CHANGE[i].words);
        free(changed);
    }
    expect_refused(run, "", 0, "head is missing");
    expect_refused(run, "5000.000000 round\n", 18, "before the head");
    expect_refused(run, "ab\0cd\n", 6, "");
    memset(text, 'x', strlen(text));
    expect_refused(run, text, strlen(text) > 9000 ? 9000 : strlen(text), "");
    free(text);
}

static void test_missing_file(void **state) {
    struct run *run = *state;
    struct heald_replay_report report;
    struct heal_config_error error = {0};
    char *trace;

    assert_int_equal(replay(run, &trace, &report, &error), -ENOENT);
    assert_string_equal(error.error.what, "No such file or directory");
    free(trace);
}

static void test_settings_come_back_exactly(void **state) {
    struct run *run = *state;
    struct heal_settings back;
    char hash[HEALD_SETTINGS_HASH_TEXT], again[HEALD_SETTINGS_HASH_TEXT];
    char *text, *second;

    run->settings.round_fast_us = 123457;
    run->settings.threshold[HEAL_METRIC_CPU].max = 0.87654321f;
    run->settings.policy[HEAL_LINK_LOSS].min_confidence = 1.0f / 3;
    assert_int_equal(heald_settings_format(&run->settings, &text, hash), 0);
    assert_int_equal(heald_settings_parse(text, strlen(text), &back, NULL), 0);
    assert_int_equal(back.round_fast_us, 123457);
    assert_true(back.threshold[HEAL_METRIC_CPU].max == 0.87654321f);
    assert_true(back.policy[HEAL_LINK_LOSS].min_confidence == 1.0f / 3);
    assert_int_equal(heald_settings_format(&back, &second, again), 0);
    assert_string_equal(hash, again);
    free(text);
    free(second);
}

#define RUN(test) cmocka_unit_test_setup_teardown(test, make, unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_same_decisions),
        RUN(test_same_decisions_over_parts_and_reloads),
        RUN(test_restored_and_ordered),
        RUN(test_recording_stops_at_the_last_part),
        RUN(test_full_disk_stops_recording),
        RUN(test_cut_line_is_passed_over),
        RUN(test_what_is_no_log_is_refused),
        RUN(test_missing_file),
        RUN(test_settings_come_back_exactly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
