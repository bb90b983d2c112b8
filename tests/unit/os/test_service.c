/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Watched services: found by pid file or cgroup, measured with their descendants, their end told at once. */
#include "live.h"
#include "os/service.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    struct event_base *base;
    char folder[40];
    struct heal_config config;
    struct heal_services *services;
    pid_t main, child;
    struct live_notes notes;
    size_t wanted;
};

/* Waits for its end, which comes no later than its parent's. */
static void idle(int told, pid_t self) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (write(told, &self, sizeof(self)) == sizeof(self)) {
        pause();
    }
    _exit(1);
}

/* A process with a child. */
static void start_service(struct fixture *fixture) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fixture->main = fork();
    if (fixture->main == 0) {
        pid_t child = fork();
        if (child == 0) {
            idle(ends[1], getpid());
        }
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;) {
            pause();
        }
    }
    assert_int_equal(read(ends[0], &fixture->child, sizeof(fixture->child)), sizeof(fixture->child));
    close(ends[0]);
    close(ends[1]);
}

static void write_pid(const struct fixture *fixture, pid_t pid) {
    live_run("echo %d >%s/pid", (int)pid, fixture->folder);
}

static void end_service(struct fixture *fixture) {
    if (fixture->main > 0) {
        kill(fixture->main, SIGKILL);
        waitpid(fixture->main, NULL, 0);
    }
    fixture->main = 0;
}

static int make(void **state) {
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    char text[256];
    *state = fixture;
    strcpy(fixture->folder, "/tmp/heal-service-XXXXXX");
    if (!mkdtemp(fixture->folder)) {
        return -1;
    }
    snprintf(text, sizeof(text),
             "services: [{name: worker, pidfile: %s/pid, restartable: false}, "
             "{name: group, cgroup: %s, restartable: false}]\n",
             fixture->folder, fixture->folder);
    heal_config_init(&fixture->config);
    assert_int_equal(heal_config_read_text(&fixture->config, text, strlen(text), "test", NULL), 0);
    fixture->base = event_base_new();
    struct heal_services_options options = {
        fixture->base, &fixture->config, 1, {live_note, &fixture->notes},
           NULL
    };
    assert_int_equal(heal_services_open(&options, &fixture->services), 0);
    start_service(fixture);
    return 0;
}

static int unmake(void **state) {
    struct fixture *fixture = *state;
    heal_services_close(fixture->services);
    end_service(fixture);
    event_base_free(fixture->base);
    live_run("rm -r %s", fixture->folder);
    free(fixture);
    return 0;
}

static bool is_of(const struct heal_reading *reading, const void *name) {
    return reading->kind == HEAL_READING_SERVICE && strcmp(reading->service.name, name) == 0;
}

/* The last word on a service. */
static const struct heal_reading_service *last(const struct fixture *fixture, const char *name) {
    const struct heal_reading *reading = live_find(&fixture->notes, is_of, name);
    assert_non_null(reading);
    return &reading->service;
}

static const struct heal_reading_service *look(struct fixture *fixture, const char *name) {
    heal_services_read(fixture->services, live_now());
    return last(fixture, name);
}

static void test_found_by_pid_file(void **state) {
    struct fixture *fixture = *state;
    pid_t pids[HEAL_SERVICE_PROCESSES_MAX];
    assert_false(look(fixture, "worker")->running); /* there is no pid file yet */
    write_pid(fixture, fixture->main);
    const struct heal_reading_service *reading = look(fixture, "worker");
    assert_true(reading->running);
    assert_int_equal(reading->pid, fixture->main);
    assert_true(reading->rss_bytes > 0);
    assert_int_equal(heal_services_processes(fixture->services, "worker", pids), 2);
    assert_int_equal(pids[0], fixture->main);
    assert_int_equal(pids[1], fixture->child);
    assert_int_equal(heal_services_processes(fixture->services, "nobody", pids), -ENOENT);
}

static void test_found_by_cgroup(void **state) {
    struct fixture *fixture = *state;
    pid_t pids[HEAL_SERVICE_PROCESSES_MAX];
    assert_false(look(fixture, "group")->running);
    live_run("printf '%d\\n%d\\nnonsense\\n' >%s/cgroup.procs", (int)fixture->child, (int)fixture->main,
             fixture->folder);
    assert_true(look(fixture, "group")->running);
    assert_int_equal(heal_services_processes(fixture->services, "group", pids), 2);
}

static bool has_notes(void *context) {
    const struct fixture *fixture = context;
    return fixture->notes.count >= fixture->wanted;
}

static void test_end_is_told_at_once(void **state) {
    struct fixture *fixture = *state;
    write_pid(fixture, fixture->main);
    assert_true(look(fixture, "worker")->running);
    fixture->wanted = fixture->notes.count + 1;
    end_service(fixture);
    assert_true(live_wait(fixture->base, has_notes, fixture, LIVE_PATIENCE_MS));
    assert_false(last(fixture, "worker")->running);
    /* Another one under a new pid. */
    start_service(fixture);
    write_pid(fixture, fixture->main);
    assert_int_equal(look(fixture, "worker")->pid, fixture->main);
}

static void test_pid_files_that_name_nobody(void **state) {
    struct fixture *fixture = *state;
    static const char *const text[] = {"", "x", "-1", "0", "99999999999"};
    for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
        live_run("printf %%s '%s' >%s/pid", text[i], fixture->folder);
        if (look(fixture, "worker")->running) {
            fail_msg("\"%s\" is somebody", text[i]);
        }
    }
}

/* Who stops a service in order takes its pid file away; who kills it, leaves it. */
static void test_stopped_in_order(void **state) {
    struct fixture *fixture = *state;
    write_pid(fixture, fixture->main);
    assert_false(look(fixture, "worker")->stopped);
    end_service(fixture);
    assert_false(look(fixture, "worker")->running);
    assert_false(last(fixture, "worker")->stopped);
    live_run("rm %s/pid", fixture->folder);
    assert_false(look(fixture, "worker")->running);
    assert_true(last(fixture, "worker")->stopped);
    /* It fails to start. */
    live_run("echo %d >%s/pid", INT32_MAX, fixture->folder);
    assert_false(look(fixture, "worker")->stopped);
}

static void test_never_started(void **state) {
    struct fixture *fixture = *state;
    assert_false(look(fixture, "worker")->running);
    assert_false(last(fixture, "worker")->stopped);
}

/* What was stopped before a new configuration is not what was never started after it. */
static void test_stopped_before_a_new_configuration(void **state) {
    struct fixture *fixture = *state;
    struct heal_services *before = fixture->services;
    struct heal_services_options options = {
        fixture->base, &fixture->config, 1, {live_note, &fixture->notes},
           before
    };
    write_pid(fixture, fixture->main);
    assert_true(look(fixture, "worker")->running);
    end_service(fixture);
    live_run("rm %s/pid", fixture->folder);
    assert_int_equal(heal_services_open(&options, &fixture->services), 0);
    heal_services_close(before);
    assert_true(look(fixture, "worker")->stopped);
}

/* The pid is another's now: the one who has it began long after the file was written. */
static void test_pid_that_was_given_to_another(void **state) {
    struct fixture *fixture = *state;
    write_pid(fixture, fixture->main);
    live_run("touch -d '10 seconds ago' %s/pid", fixture->folder);
    assert_false(look(fixture, "worker")->running);
}

static void test_no_capacity(void **state) {
    struct fixture *fixture = *state;
    struct heal_services *services = NULL;
    struct heal_services_options options = {
        fixture->base, &fixture->config, 0, {live_note, &fixture->notes},
           NULL
    };
    assert_int_equal(heal_services_open(&options, &services), -EINVAL);
    assert_null(heal_services_close(NULL));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_found_by_pid_file),
        TEST(test_found_by_cgroup),
        TEST(test_end_is_told_at_once),
        TEST(test_pid_files_that_name_nobody),
        TEST(test_stopped_in_order),
        TEST(test_never_started),
        TEST(test_stopped_before_a_new_configuration),
        TEST(test_pid_that_was_given_to_another),
        TEST(test_no_capacity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
