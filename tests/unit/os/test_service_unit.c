/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Watched services that have a systemd unit, with a script in place of systemctl, and files in place of
 * control groups. */
#include "base/cleanup.h"
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

#define SLICE "/system.slice/system-foo.slice"
#define CGROUP SLICE "/foo@1.service"

struct fixture {
    struct event_base *base;
    char folder[40];
    struct heal_config config;
    struct heal_services *services;
    pid_t main;
    heal_us now; /* as the rounds see it */
    unsigned wanted;
    struct live_notes notes;
};

/* What systemctl says from now on, and with which status. */
static void say(const struct fixture *fixture, int status, const char *words) {
    live_run("cd %s && echo '%s' >new && echo 'exit %d' >>new && mv new says", fixture->folder, words,
             status);
}

/* The first line of "says" is said, the last one done. */
static void make_systemctl(const struct fixture *fixture) {
    char path[64];
    snprintf(path, sizeof(path), "%s/systemctl", fixture->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "#!/bin/sh\ncd %s\necho \"$*\" >>asked\necho $$ >asking\n{ read -r words; read -r last; } <says\n"
            "echo \"$words\"\neval \"$last\"\n",
            fixture->folder);
    fclose(file);
    live_run("chmod +x %s", path);
}

static void open_services(struct fixture *fixture) {
    struct heal_services_options options = {
        fixture->base, &fixture->config, 1, {live_note, &fixture->notes},
           NULL
    };
    assert_int_equal(heal_services_open(&options, &fixture->services), 0);
}

static int make(void **state) {
    static const char text[] = "services: [{name: foo, unit: foo@1.service}]\n";
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    char path[128];
    *state = fixture;
    strcpy(fixture->folder, "/tmp/heal-unit-XXXXXX");
    if (!mkdtemp(fixture->folder)) {
        return -1;
    }
    snprintf(path, sizeof(path), "%s:/usr/bin:/bin", fixture->folder);
    setenv("PATH", path, 1);
    make_systemctl(fixture);
    heal_config_init(&fixture->config);
    assert_int_equal(heal_config_read_text(&fixture->config, text, strlen(text), "test", NULL), 0);
    fixture->base = event_base_new();
    fixture->now = live_now();
    open_services(fixture);
    return 0;
}

static void end_service(struct fixture *fixture) {
    if (fixture->main > 0) {
        kill(fixture->main, SIGKILL);
        waitpid(fixture->main, NULL, 0);
    }
    fixture->main = 0;
}

static int unmake(void **state) {
    struct fixture *fixture = *state;
    heal_services_close(fixture->services);
    end_service(fixture);
    event_base_free(fixture->base);
    live_run("rm -r %s; rm -rf /sys/fs/cgroup/*", fixture->folder);
    free(fixture);
    return 0;
}

/* The service runs, in the control group of its unit below a root. */
static void start_service(struct fixture *fixture, const char *root) {
    fixture->main = fork();
    if (fixture->main == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;) {
            pause();
        }
    }
    live_run("mkdir -p %s" CGROUP " && echo %d >%s" CGROUP "/cgroup.procs", root, (int)fixture->main, root);
}

static unsigned count_questions(const struct fixture *fixture) {
    char path[64], line[256];
    unsigned count = 0;
    snprintf(path, sizeof(path), "%s/asked", fixture->folder);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof(line), file)) {
        count +=
            strcmp(line, "show --property=LoadState,ActiveState,Result,ControlGroup -- foo@1.service\n") == 0;
    }
    if (file) {
        fclose(file);
    }
    return count;
}

/* One more round, later than a question waits after the one before. */
static void look(struct fixture *fixture) {
    fixture->now += 3 * HEAL_US_PER_S;
    heal_services_read(fixture->services, fixture->now);
}

static bool has_asked(void *context) {
    struct fixture *fixture = context;
    look(fixture);
    return count_questions(fixture) >= fixture->wanted;
}

/* Goes on until an answer has been taken in: the next question but one is asked after it. */
static void hear(struct fixture *fixture) {
    fixture->wanted = count_questions(fixture) + 2;
    assert_true(live_wait(fixture->base, has_asked, fixture, LIVE_PATIENCE_MS));
}

static const struct heal_reading_service *last(const struct fixture *fixture) {
    assert_true(fixture->notes.count > 0);
    return &fixture->notes.reading[fixture->notes.count - 1].service;
}

static bool is_running(void *context) {
    struct fixture *fixture = context;
    look(fixture);
    return fixture->notes.count > 0 && last(fixture)->running && last(fixture)->pid != 0;
}

static bool has_ended(void *context) {
    const struct fixture *fixture = context;
    return !last(fixture)->running;
}

static void test_what_systemd_says(void **state) {
    struct fixture *fixture = *state;
    enum { NOTHING, RUNS, STOPPED, DOWN };
    static const struct {
        const char *words;
        int status, what;
        const char *trouble;
    } rows[] = {
        {"ActiveState=failed Result=signal",                       0, DOWN,    NULL                },
        {"ActiveState=inactive Result=exit-code",                  0, DOWN,    NULL                },
        {"Result=success LoadState=loaded ActiveState=inactive",   0, STOPPED, NULL                },
        {"ActiveState=inactive Result=success LoadState=masked",   0, STOPPED, NULL                },
        {"ActiveState=active Result=success ControlGroup=/hidden", 0, RUNS,    NULL                },
        {"ActiveState=active Result=success",                      0, RUNS,    NULL                },
        {"ActiveState=activating Result=exit-code",                0, NOTHING, NULL                },
        {"ActiveState=deactivating Result=success",                0, NOTHING, NULL                },
        {"ActiveState=reloading Result=success",                   0, NOTHING, NULL                },
        {"ActiveState=inactive LoadState=not-found",               0, NOTHING, "no unit"           },
        {"ActiveState=confused",                                   0, NOTHING, "not understand"    },
        {"ActiveState=failed",                                     1, NOTHING, "ActiveState=failed"},
        {"Failed to connect to bus: Host is down",                 1, NOTHING, "Host is down"      },
        {"",                                                       4, NOTHING, "without a word"    },
    };
    for (size_t i = 0; i < HEAL_COUNT(rows); i++) {
        heal_services_close(fixture->services);
        fixture->notes.count = 0;
        open_services(fixture);
        say(fixture, rows[i].status, rows[i].words);
        hear(fixture);
        const char *trouble = heal_services_trouble(fixture->services);
        bool right = rows[i].what == NOTHING
                         ? fixture->notes.count == 0
                         : fixture->notes.count > 0 && last(fixture)->running == (rows[i].what == RUNS) &&
                               last(fixture)->stopped == (rows[i].what == STOPPED);
        bool told = rows[i].trouble ? trouble && strstr(trouble, rows[i].trouble) : !trouble;
        if (!right || !told) {
            fail_msg("\"%s\": %zu readings, trouble: %s", rows[i].words, fixture->notes.count,
                     trouble ? trouble : "none");
        }
    }
}

static void test_no_systemctl(void **state) {
    struct fixture *fixture = *state;
    live_run("rm %s/systemctl", fixture->folder);
    for (int i = 0; i < 3; i++) {
        look(fixture);
        assert_string_equal(heal_services_trouble(fixture->services),
                            "foo@1.service: systemctl: No such file or directory");
    }
    assert_int_equal(fixture->notes.count, 0);
    /* It is there later, and all is well. */
    make_systemctl(fixture);
    say(fixture, 0, "ActiveState=active");
    hear(fixture);
    assert_null(heal_services_trouble(fixture->services));
    assert_true(last(fixture)->running);
}

/* The unit starts after heald, below whichever root this host has, crashes, and is stopped. */
static void test_comes_and_goes(void **state) {
    static const char *const roots[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"};
    struct fixture *fixture = *state;
    pid_t pids[HEAL_SERVICE_PROCESSES_MAX];
    for (size_t i = 0; i < HEAL_COUNT(roots); i++) {
        heal_services_close(fixture->services);
        fixture->notes.count = 0;
        open_services(fixture);
        say(fixture, 0, "ActiveState=inactive Result=success ControlGroup=");
        hear(fixture);
        assert_true(last(fixture)->stopped);
        assert_int_equal(heal_services_processes(fixture->services, "foo", pids), 0);
        start_service(fixture, roots[i]);
        say(fixture, 0, "Result=success ControlGroup=" CGROUP " ActiveState=active");
        assert_true(live_wait(fixture->base, is_running, fixture, LIVE_PATIENCE_MS));
        assert_int_equal(last(fixture)->pid, fixture->main);
        assert_true(last(fixture)->rss_bytes > 0);
        assert_int_equal(heal_services_processes(fixture->services, "foo", pids), 1);
        /* From here on nobody looks: its end makes heald ask. */
        say(fixture, 0, "Result=core-dump ControlGroup= ActiveState=failed");
        end_service(fixture);
        assert_true(live_wait(fixture->base, has_ended, fixture, LIVE_PATIENCE_MS));
        assert_false(last(fixture)->stopped);
        /* Its control group is known by now: no question is needed to see that it is back. */
        start_service(fixture, roots[i]);
        look(fixture);
        assert_int_equal(last(fixture)->pid, fixture->main);
        say(fixture, 0, "Result=success ControlGroup= ActiveState=inactive");
        size_t before = fixture->notes.count;
        end_service(fixture);
        assert_true(live_wait(fixture->base, has_ended, fixture, LIVE_PATIENCE_MS));
        assert_true(last(fixture)->stopped);
        assert_int_equal(fixture->notes.count, before + 1);
        live_run("rm -rf /sys/fs/cgroup/*");
    }
}

static bool has_heard(void *context) {
    const struct fixture *fixture = context;
    return fixture->notes.count > 0;
}

static void test_no_more_questions_than_needed(void **state) {
    struct fixture *fixture = *state;
    say(fixture, 0, "ActiveState=failed");
    heal_services_read(fixture->services, fixture->now);
    assert_true(live_wait(fixture->base, has_heard, fixture, LIVE_PATIENCE_MS));
    fixture->notes.count = 0;
    for (unsigned tenths = 1; tenths < 20; tenths++) {
        heal_services_read(fixture->services, fixture->now + tenths * HEAL_US_PER_S / 10);
        assert_int_equal(fixture->notes.count, tenths); /* its last word goes on */
    }
    heal_services_read(fixture->services, fixture->now + 2 * HEAL_US_PER_S);
    fixture->notes.count = 0;
    assert_true(live_wait(fixture->base, has_heard, fixture, LIVE_PATIENCE_MS));
    assert_int_equal(count_questions(fixture), 2);
}

static bool is_asking(void *context) {
    const struct fixture *fixture = context;
    return live_try("test -s %s/asking", fixture->folder) == 0;
}

static void test_closed_while_it_waits(void **state) {
    struct fixture *fixture = *state;
    live_run("echo >%s/says && echo 'exec sleep 600' >>%s/says", fixture->folder, fixture->folder);
    look(fixture);
    assert_true(live_wait(fixture->base, is_asking, fixture, LIVE_PATIENCE_MS));
    look(fixture);
    look(fixture);
    assert_int_equal(count_questions(fixture), 1); /* one at a time */
    assert_int_equal(fixture->notes.count, 0);
    fixture->services = heal_services_close(fixture->services);
    assert_int_not_equal(live_try("kill -0 $(cat %s/asking) 2>/dev/null", fixture->folder), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_what_systemd_says),     TEST(test_no_systemctl),
        TEST(test_comes_and_goes),        TEST(test_no_more_questions_than_needed),
        TEST(test_closed_while_it_waits),
    };
    live_enter();
    /* The host's own systemctl is out of the way, and its control groups. */
    if (live_try("mount -t tmpfs none /sys/fs/cgroup && "
                 "for one in $(which -a systemctl); do mount --bind /dev/null $one || exit 1; done") != 0) {
        printf("skipped: nothing can be mounted here\n");
        return LIVE_SKIP;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
