/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* How a port leaves the engine: because the shell has forgotten it, or because nothing is read of it any
 * more. What was open about it is closed, and its place is free. */
#include "base/text.h"
#include "bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

static void say_neighbour(struct bench *bench, const char *peer, bool present, bool forgotten) {
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_NEIGHBOUR};

    event.reading.neighbour = (struct heal_reading_neighbour){
        .port.ifname = "mesh0", .present = present, .forgotten = forgotten, .reach = 0xffff, .cost = 96};
    assert_int_equal(heal_address_parse(peer, &event.reading.neighbour.port.peer), 0);
    bench_step(bench, &event);
}

static void take_interface(struct bench *bench) {
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_LINK};

    strcpy(event.reading.link.ifname, "mesh0");
    bench_step(bench, &event);
}

/* Rounds in which nothing is read. */
static void wait_for(struct bench *bench, heal_us span) {
    const struct heal_event round = {.kind = HEAL_EVENT_ROUND};

    for (heal_us end = bench->now + span; bench->now < end; bench->now += second)
        bench_step(bench, &round);
}

static void test_forgotten_it_is_gone(void **state) {
    struct bench *bench = *state;

    bench_run(bench, 30 * second);
    assert_int_equal(bench_status(bench).ports, 1);
    say_neighbour(bench, "fe80::1", false, false); /* flushed: it may come back, and is looked for */
    assert_int_equal(bench_status(bench).ports, 1);
    say_neighbour(bench, "fe80::1", false, true);
    assert_int_equal(bench_status(bench).ports, 0);
    say_neighbour(bench, "fe80::1", false, true);
    assert_int_equal(bench_status(bench).ports, 0);
    bench_run(bench, 5 * second);
    assert_int_equal(bench_status(bench).ports, 1);
}

static void test_its_incident_is_closed(void **state) {
    struct bench *bench = *state;

    bench_run(bench, 30 * second);
    take_interface(bench);
    wait_for(bench, 10 * second);
    assert_int_equal(bench_status(bench).incidents_open, 1);
    say_neighbour(bench, "fe80::1", false, true);
    wait_for(bench, 20 * second);
    assert_int_equal(bench_status(bench).incidents_open, 0);
    assert_int_equal(bench_status(bench).incidents_total[HEAL_NEIGHBOUR_LOST], 1);
}

static void test_of_what_nothing_is_read_is_gone_in_time(void **state) {
    struct bench *bench = *state;

    bench_run(bench, 30 * second);
    take_interface(bench);
    wait_for(bench, 700 * second);
    assert_int_equal(bench_status(bench).incidents_open, 1); /* the routing daemon still has it */
    say_neighbour(bench, "fe80::1", false, false);
    wait_for(bench, 20 * second);
    assert_int_equal(bench_status(bench).ports, 0);
    assert_int_equal(bench_status(bench).incidents_open, 0);
}

static void test_there_is_room_again(void **state) {
    struct bench *bench = *state;
    char peer[HEAL_ADDRESS_TEXT];

    for (unsigned i = 1; i <= 1000; i++) {
        snprintf(peer, sizeof peer, "fe80::%x", i);
        say_neighbour(bench, peer, true, false);
        assert_int_equal(bench_status(bench).ports, i < HEAL_PORTS_MAX ? i : HEAL_PORTS_MAX);
        if (i < HEAL_PORTS_MAX)
            continue;
        snprintf(peer, sizeof peer, "fe80::%x", i - HEAL_PORTS_MAX + 1);
        say_neighbour(bench, peer, false, true);
        assert_int_equal(bench_status(bench).ports, HEAL_PORTS_MAX - 1);
    }
}

static void test_remembered_ones_make_room_at_once(void **state) {
    struct bench *bench = *state;
    char key[64];

    bench->now = second; /* just booted */
    for (unsigned i = 1; i <= HEAL_PORTS_MAX; i++) {
        snprintf(key, sizeof key, "mesh9/fe80::%x", i);
        bench_restore(bench, HEAL_RECORD_BASELINE, key, "rtt=4 deviation=1");
    }
    bench_run(bench, second);
    assert_int_equal(bench_status(bench).ports, 1);
}

static void speak(struct bench *bench) {
    struct heal_event event = {.kind = HEAL_EVENT_MESSAGE, .message.kind = HEAL_MESSAGE_LINK};
    struct heal_message_link *link = &event.message.link;

    strcpy(event.message.port.ifname, "mesh0");
    assert_int_equal(heal_address_parse("fe80::1", &event.message.port.peer), 0);
    strcpy(event.message.from_name, "west");
    event.message.from = heal_node_id_of("west");
    link->neighbours = 1;
    link->neighbour[0] = (struct heal_neighbour_state){.node = heal_node_id_of("beyond"), .alive = true};
    assert_int_equal(heal_address_parse("fd00::7", &link->neighbour[0].address), 0);
    bench_step(bench, &event);
}

static void test_what_goes_through_it_is_stopped(void **state) {
    struct bench *bench = *state;
    struct heal_event round = {.kind = HEAL_EVENT_ROUND};
    const struct heal_command *order = NULL;

    bench_run(bench, second);
    speak(bench);
    bench_step(bench, &round);
    say_neighbour(bench, "fe80::1", false, true);
    for (size_t i = 0; i < bench->output.commands; i++)
        if (bench->output.command[i].kind == HEAL_COMMAND_TRANSIT)
            order = &bench->output.command[i];
    if (!order) {
        fail_msg("the probes were not stopped");
        return;
    }
    assert_int_equal(order->transit.interval_ms, 0);
    assert_true(order->transit.target_node == heal_node_id_of("beyond"));
    assert_string_equal(order->transit.via.ifname, "mesh0");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_forgotten_it_is_gone, bench_make, bench_unmake),
        cmocka_unit_test_setup_teardown(test_its_incident_is_closed, bench_make, bench_unmake),
        cmocka_unit_test_setup_teardown(test_of_what_nothing_is_read_is_gone_in_time, bench_make,
                                        bench_unmake),
        cmocka_unit_test_setup_teardown(test_there_is_room_again, bench_make, bench_unmake),
        cmocka_unit_test_setup_teardown(test_remembered_ones_make_room_at_once, bench_make, bench_unmake),
        cmocka_unit_test_setup_teardown(test_what_goes_through_it_is_stopped, bench_make, bench_unmake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
