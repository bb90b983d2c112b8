/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Commands go to who can do them, the answers come back, and what is in place is taken back at the stop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heald/dispatch.h"
#include "os/executor.h"
#include "os/store.h"

enum { DONE_MAX = 8 };

struct fixture {
    struct event_base *base;
    struct heald_log log;
    struct heald_parts parts;
    struct heald_counters counters;
    struct heald_ports ports;
    struct heald_dispatch dispatch;
    int code; /* what the executor answers */
    size_t count;
    struct heal_command done[DONE_MAX];
    struct heal_event_result result; /* the last */
};

static int carry_out(void *context, const struct heal_command *command) {
    struct fixture *fixture = context;

    assert_true(fixture->count < DONE_MAX);
    fixture->done[fixture->count++] = *command;
    return fixture->code;
}

static void take_answer(void *context, const struct heal_event *event) {
    struct fixture *fixture = context;

    assert_int_equal(event->kind, HEAL_EVENT_RESULT);
    fixture->result = event->result;
}

static int make(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);

    *state = fixture;
    fixture->base = event_base_new();
    heald_log_init(&fixture->log, HEAL_CONFIG_LOG_ERROR, 2);
    fixture->parts.log = &fixture->log;
    struct heald_dispatch_options options = {
        .base = fixture->base,
        .ports = &fixture->ports,
        .parts = &fixture->parts,
        .counters = &fixture->counters,
        .answer = take_answer,
        .context = fixture,
    };
    assert_int_equal(heal_executor_answering_new(carry_out, fixture, &fixture->dispatch.executor), 0);
    return heald_dispatch_init(&fixture->dispatch, &options);
}

static int unmake(void **state) {
    struct fixture *fixture = *state;

    heald_dispatch_deinit(&fixture->dispatch);
    heal_executor_close(fixture->dispatch.executor);
    event_base_free(fixture->base);
    free(fixture);
    return 0;
}

static void see_link(struct fixture *fixture, const char *ifname, uint16_t mtu) {
    struct heal_reading reading = {
        .kind = HEAL_READING_LINK, .link = {.present = true, .mtu = mtu}
    };

    strcpy(reading.link.ifname, ifname);
    heald_dispatch_reading(&fixture->dispatch, &reading);
}

static void set_mtu(struct fixture *fixture, const char *ifname, uint32_t mtu) {
    struct heal_command command = {.kind = HEAL_COMMAND_LINK_MTU, .ticket = 7, .link.value = mtu};

    strcpy(command.link.ifname, ifname);
    heald_dispatch_command(&fixture->dispatch, &command);
    assert_int_equal(fixture->result.ticket, 7);
}

static void test_stop_takes_a_clamped_mtu_back(void **state) {
    struct fixture *fixture = *state;

    see_link(fixture, "toB", 1500);
    set_mtu(fixture, "toB", 1280);
    see_link(fixture, "toB", 1280); /* the reading of what we did ourselves */
    assert_int_equal(heald_dispatch_retire(&fixture->dispatch), 1);
    assert_int_equal(fixture->count, 2);
    assert_int_equal(fixture->done[1].kind, HEAL_COMMAND_LINK_MTU);
    assert_string_equal(fixture->done[1].link.ifname, "toB");
    assert_int_equal(fixture->done[1].link.value, 1500);
    assert_int_equal(fixture->dispatch.pending_count, 0);
}

static void test_stop_leaves_an_mtu_that_was_given_back(void **state) {
    struct fixture *fixture = *state;

    see_link(fixture, "toB", 1500);
    set_mtu(fixture, "toB", 1280);
    set_mtu(fixture, "toB", 1500);
    assert_int_equal(heald_dispatch_retire(&fixture->dispatch), 0);
}

/* After kill -9 the first reading shows the clamp of the earlier run, and what lifts that is no act to be
 * taken back. */
static void test_stop_does_not_clamp_again_what_an_earlier_run_had(void **state) {
    struct fixture *fixture = *state;

    see_link(fixture, "toB", 1280);
    set_mtu(fixture, "toB", 1500);
    see_link(fixture, "toB", 1500);
    assert_int_equal(heald_dispatch_retire(&fixture->dispatch), 0);
    set_mtu(fixture, "toB", 1280);
    assert_int_equal(heald_dispatch_retire(&fixture->dispatch), 1);
    assert_int_equal(fixture->done[2].link.value, 1500);
}

/* One that failed half-way may be in place; one that could not be taken back still is. */
static void test_failures_stay_in_the_ledger(void **state) {
    struct fixture *fixture = *state;

    see_link(fixture, "toB", 1500);
    fixture->code = -EIO;
    set_mtu(fixture, "toB", 1280);
    assert_int_equal(fixture->result.code, -EIO);
    set_mtu(fixture, "toB", 1500);
    assert_int_equal(fixture->dispatch.ledger.count, 1);
    assert_int_equal(fixture->counters.commands_failed[HEAL_COMMAND_LINK_MTU], 2);
}

static void test_without_an_executor_acts_are_answered(void **state) {
    struct fixture *fixture = *state;

    fixture->dispatch.executor = heal_executor_close(fixture->dispatch.executor);
    set_mtu(fixture, "toB", 1280);
    assert_int_equal(fixture->result.code, -ENOTCONN);
    assert_int_equal(fixture->dispatch.pending_count, 0);
}

static void keep_record(struct fixture *fixture, enum heal_record_kind kind, uint32_t ticket) {
    struct heal_command command = {.kind = HEAL_COMMAND_STORE, .ticket = ticket, .record.kind = kind};

    strcpy(command.record.key, "k");
    strcpy(command.record.value, "name=value");
    heald_dispatch_command(&fixture->dispatch, &command);
}

/* @return whether what was kept has become durable with the next turn of the loop, and not sooner. */
static bool is_kept_promptly(struct fixture *fixture) {
    struct heal_store_status before, after;

    heal_store_status(fixture->dispatch.options.store, &before);
    assert_int_equal(before.queued, 1);
    event_base_loop(fixture->base, EVLOOP_NONBLOCK);
    heal_store_status(fixture->dispatch.options.store, &after);
    assert_int_equal(after.commits, before.commits + (after.queued == 0));
    assert_int_equal(heald_dispatch_commit(&fixture->dispatch), 0);
    return after.queued == 0;
}

static void remove_store(struct fixture *fixture, const char *folder) {
    char command[64];

    fixture->dispatch.options.store = heal_store_close(fixture->dispatch.options.store);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

/* After kill -9 the records are all that tells of acts; what was only learned can wait for company. */
static void test_what_tells_of_acts_is_kept_at_once(void **state) {
    static const bool PROMPT[HEAL_RECORD_KINDS] = {
        [HEAL_RECORD_INCIDENT] = true, [HEAL_RECORD_STEP] = true,  [HEAL_RECORD_LABEL] = true,
        [HEAL_RECORD_ORDER] = true,    [HEAL_RECORD_AUDIT] = true,
    };
    struct fixture *fixture = *state;
    char folder[] = "/tmp/heald-dispatch-XXXXXX";

    assert_non_null(mkdtemp(folder));
    struct heal_store_options options = {.folder = folder};
    struct heal_store *store;
    assert_int_equal(heal_store_open(&options, &store), 0);
    fixture->dispatch.options.store = store;
    for (enum heal_record_kind kind = 0; kind < HEAL_RECORD_KINDS; kind++) {
        print_message("%s\n", heal_store_kind_name(kind));
        keep_record(fixture, kind, 0);
        assert_int_equal(is_kept_promptly(fixture), PROMPT[kind]);
    }
    keep_record(fixture, HEAL_RECORD_BASELINE, 9); /* somebody waits */
    assert_true(is_kept_promptly(fixture));
    assert_int_equal(fixture->result.ticket, 9);
    assert_int_equal(fixture->result.code, 0);
    remove_store(fixture, folder);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_stop_takes_a_clamped_mtu_back),
        TEST(test_stop_leaves_an_mtu_that_was_given_back),
        TEST(test_stop_does_not_clamp_again_what_an_earlier_run_had),
        TEST(test_failures_stay_in_the_ledger),
        TEST(test_what_tells_of_acts_is_kept_at_once),
        TEST(test_without_an_executor_acts_are_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
