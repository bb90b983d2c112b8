/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The daemon's loop with an executor that only notes what it gets: SIGTERM takes back what is in place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "heald/daemon_state.h"
#include "os/executor.h"

enum { DONE_MAX = 8, LIMIT_S = 20 };

struct fixture {
    struct heald daemon;
    int log;
    int code; /* what the executor answers */
    size_t count;
    struct heal_command done[DONE_MAX];
};

static int carry_out(void *context, const struct heal_command *command) {
    struct fixture *fixture = context;

    assert_true(fixture->count < DONE_MAX);
    fixture->done[fixture->count++] = *command;
    return fixture->code;
}

static void take_event(void *context, const struct heal_event *event) {
    heald_feed(context, event);
}

static int make(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct heald *daemon = &fixture->daemon;

    *state = fixture;
    fixture->log = open("/dev/null", O_WRONLY | O_CLOEXEC);
    heal_config_init(&daemon->config);
    heald_log_init(&daemon->log, HEAL_CONFIG_LOG_ERROR, fixture->log);
    daemon->parts.log = &daemon->log;
    daemon->base = event_base_new();
    struct heald_dispatch_options options = {
        .base = daemon->base,
        .ports = &daemon->sources.ports,
        .parts = &daemon->parts,
        .counters = &daemon->counters,
        .answer = take_event,
        .context = daemon,
    };
    if (heal_engine_new("alpha", &daemon->config.settings, 1, &daemon->engine) < 0 ||
        heald_dispatch_init(&daemon->dispatch, &options) < 0 ||
        heal_executor_answering_new(carry_out, fixture, &daemon->dispatch.executor) < 0)
        return -1;
    return heald_loop_open(daemon);
}

static int unmake(void **state) {
    struct fixture *fixture = *state;
    struct heald *daemon = &fixture->daemon;

    heald_loop_close(daemon);
    heald_dispatch_deinit(&daemon->dispatch);
    heal_executor_close(daemon->dispatch.executor);
    heal_engine_free(daemon->engine);
    event_base_free(daemon->base);
    close(fixture->log);
    free(fixture);
    return 0;
}

static void add_route(struct fixture *fixture, uint8_t number) {
    struct heal_command command = {.kind = HEAL_COMMAND_ROUTE_ADD, .route.metric = HEAL_ROUTE_METRIC};

    command.route.prefix.length = 128;
    command.route.prefix.address.byte[15] = number;
    heald_dispatch_command(&fixture->daemon.dispatch, &command);
}

/* Runs the loop to its end. @return whether it came to one by itself. */
static bool stop(struct fixture *fixture, int number) {
    struct timeval limit = {.tv_sec = LIMIT_S};

    raise(number);
    event_base_loopexit(fixture->daemon.base, &limit);
    event_base_dispatch(fixture->daemon.base);
    return event_base_got_break(fixture->daemon.base);
}

static void test_a_stop_takes_back_what_is_in_place(void **state) {
    struct fixture *fixture = *state;

    add_route(fixture, 1);
    add_route(fixture, 2);
    assert_true(stop(fixture, SIGTERM));
    assert_int_equal(fixture->count, 4);
    for (size_t i = 2; i < 4; i++) {
        assert_int_equal(fixture->done[i].kind, HEAL_COMMAND_ROUTE_DELETE);
        assert_int_equal(fixture->done[i].route.prefix.address.byte[15], 4 - i); /* the last one first */
    }
    assert_int_equal(fixture->daemon.dispatch.ledger.count, 0);
}

static void test_so_does_an_interrupt(void **state) {
    struct fixture *fixture = *state;

    add_route(fixture, 1);
    assert_true(stop(fixture, SIGINT));
    assert_int_equal(fixture->count, 2);
    assert_int_equal(fixture->done[1].kind, HEAL_COMMAND_ROUTE_DELETE);
}

static void test_with_nothing_in_place_it_just_stops(void **state) {
    struct fixture *fixture = *state;

    assert_true(stop(fixture, SIGTERM));
    assert_int_equal(fixture->count, 0);
}

static void test_what_cannot_be_taken_back_does_not_keep_it(void **state) {
    struct fixture *fixture = *state;

    add_route(fixture, 1);
    fixture->code = -EIO;
    assert_true(stop(fixture, SIGTERM));
    assert_int_equal(fixture->count, 2);
    assert_int_equal(fixture->daemon.dispatch.lifts_failed, 1);
}

#define LOOP(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        LOOP(test_a_stop_takes_back_what_is_in_place),
        LOOP(test_so_does_an_interrupt),
        LOOP(test_with_nothing_in_place_it_just_stops),
        LOOP(test_what_cannot_be_taken_back_does_not_keep_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
