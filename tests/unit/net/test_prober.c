/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Probers on real links: what was injected in the air is what the accounts show. */
#include "base/clock.h"
#include "mesh.h"
#include "net/frame_socket.h"
#include "net/link_socket.h"
#include "net/probe.h"
#include "wire/probe_packet.h"

#include <errno.h>
#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PORT = 6698, FAST_MS = 10 };

static struct event_base *base;
static struct heal_prober *prober[3];
static struct heal_port_key met;
static unsigned meetings;

static void on_stranger(void *context, const struct heal_port_key *key) {
    (void)context;
    met = *key;
    meetings++;
}

static heal_us run_end;

static bool has_run(void) {
    return heal_clock_now() >= run_end;
}

/* Lets the probers run for a while: the time is part of what is tested (so many probes at such a pace). */
static void run_for(unsigned ms) {
    run_end = heal_clock_now() + ms * HEAL_US_PER_MS;
    assert_true(mesh_wait(base, has_run));
}

static struct heal_reading_probe read_port(enum mesh_node node, const char *neighbour) {
    struct heal_port_key key = mesh_port(neighbour);
    struct heal_reading_probe reading;

    for (size_t i = 0; heal_prober_read(prober[node], i, &reading); i++) {
        if (heal_port_key_equal(&reading.port, &key))
            return reading;
    }
    fail_msg("no port towards %s", neighbour);
    return reading;
}

static bool all_hear(void) {
    return read_port(MESH_A, "b").in.received[1] > 0 && read_port(MESH_B, "a").in.received[1] > 0 &&
           read_port(MESH_B, "c").in.received[1] > 0 && read_port(MESH_C, "b").in.received[1] > 0;
}

static void pace(enum mesh_node node, const char *neighbour, uint16_t small_ms, uint16_t full_ms) {
    struct heal_command_pace order = {
        .port = mesh_port(neighbour), .small_interval_ms = small_ms, .full_interval_ms = full_ms};

    assert_int_equal(heal_prober_pace(prober[node], &order), 0);
}

static struct heal_reading_probe before;

static bool b_hears_both_again(void) {
    struct heal_reading_probe now = read_port(MESH_B, "a");

    return now.in.received[0] >= before.in.received[0] + 3 && now.in.received[1] >= before.in.received[1] + 3;
}

static uint32_t lost(const struct heal_reading_probe *from, const struct heal_reading_probe *to,
                     enum heal_probe_size size) {
    return (to->in.expected[size] - from->in.expected[size]) -
           (to->in.received[size] - from->in.received[size]);
}

/* Lifts the fault and waits until what was lost last has been noticed. */
static struct heal_reading_probe settled_after_fault(void) {
    mesh_fault("a", "b", "");
    before = read_port(MESH_B, "a");
    assert_true(mesh_wait(base, b_hears_both_again));
    return read_port(MESH_B, "a");
}

/* ---- life ---- */

static int set_up(void **state) {
    (void)state;
    static const char *const names[] = {"a", "b", "c"};
    struct heal_port_key port;

    base = event_base_new();
    for (unsigned i = 0; i < 3; i++) {
        struct heal_prober_config config = {.base = base,
                                            .port = PORT,
                                            .small_interval_ms = 50,
                                            .full_interval_ms = 50,
                                            .ports_max = 4,
                                            .address = mesh_address(names[i]),
                                            .on_stranger = on_stranger};
        mesh_enter(i);
        if (heal_prober_new(&config, &prober[i]) < 0)
            return -1;
        int frames = heal_frame_socket_open(); /* which heald has from its helper */
        if (frames < 0)
            return -1;
        heal_prober_give_frame_socket(prober[i], frames);
    }
    port = mesh_port("b");
    heal_prober_port_add(prober[MESH_A], &port);
    heal_prober_port_add(prober[MESH_C], &port);
    port = mesh_port("a");
    heal_prober_port_add(prober[MESH_B], &port);
    port = mesh_port("c");
    heal_prober_port_add(prober[MESH_B], &port);
    return mesh_wait(base, all_hear) ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    for (unsigned i = 0; i < 3; i++)
        prober[i] = heal_prober_free(prober[i]);
    event_base_free(base);
    return 0;
}

/* ---- the tests ---- */

static void test_calm_link(void **state) {
    (void)state;
    struct heal_reading_probe from = read_port(MESH_B, "a");

    run_for(2500);
    struct heal_reading_probe to = read_port(MESH_B, "a");
    assert_int_equal(lost(&from, &to, HEAL_PROBE_SMALL), 0);
    assert_int_equal(lost(&from, &to, HEAL_PROBE_FULL), 0);
    assert_in_range(to.in.expected[HEAL_PROBE_SMALL] - from.in.expected[HEAL_PROBE_SMALL], 25, 60);
    assert_int_equal(to.in.epoch, from.in.epoch);
    assert_int_equal(to.in.outages, from.in.outages);
    assert_in_range(to.in.silence_ms, 0, 1000);
    assert_in_range(to.rtt_count, 10, 200);
    assert_in_range(to.rtt_min_us, 1, 20000);
    assert_true(to.rtt_median_us >= to.rtt_min_us);
    /* the two ends count the same packets, but for some that are under way */
    assert_true(to.in.pair_sent > from.in.pair_sent);
    uint64_t sent = to.in.pair_sent - from.in.pair_sent,
             received = to.in.pair_received - from.in.pair_received;
    assert_in_range(sent + 3 - received, 0, 6);
}

static void test_loss_one_way_is_counted_exactly(void **state) {
    (void)state;
    struct heal_reading_probe from = read_port(MESH_B, "a"), back = read_port(MESH_A, "b");
    unsigned long dropped = mesh_lost();

    pace(MESH_A, "b", FAST_MS, FAST_MS);
    mesh_fault("a", "b", "udp dport 6698 numgen random mod 10 < 3 counter name lost drop");
    run_for(3000);
    struct heal_reading_probe to = settled_after_fault();
    pace(MESH_A, "b", 50, 50);
    dropped = mesh_lost() - dropped;
    uint32_t all = lost(&from, &to, HEAL_PROBE_SMALL) + lost(&from, &to, HEAL_PROBE_FULL);
    assert_true(dropped > 50);
    assert_int_equal(all, dropped);
    /* the other direction is as good as ever */
    struct heal_reading_probe back_to = read_port(MESH_A, "b");
    assert_int_equal(lost(&back, &back_to, HEAL_PROBE_SMALL) + lost(&back, &back_to, HEAL_PROBE_FULL), 0);
}

static bool is_paired_again(void) {
    return read_port(MESH_B, "a").in.pair_sent > before.in.pair_sent;
}

static void test_pairs_see_all_traffic(void **state) {
    (void)state;
    before = read_port(MESH_B, "a");
    assert_true(mesh_wait(base, is_paired_again));
    struct heal_reading_probe from = read_port(MESH_B, "a");
    unsigned long dropped = mesh_lost();

    /* a fault that no probe feels: only other traffic is lost */
    mesh_fault("a", "b", "udp dport 9 numgen random mod 2 == 0 counter name lost drop");
    mesh_enter(MESH_A);
    int fd = heal_link_socket_open(0);
    struct heal_port_key to_b = mesh_port("b");
    for (unsigned i = 0; i < 400; i++)
        assert_int_equal(heal_link_socket_send(fd, &to_b, 9, "x", 1), 0);
    close(fd);
    mesh_fault("a", "b", "");
    before = read_port(MESH_B, "a");
    assert_true(mesh_wait(base, is_paired_again));
    struct heal_reading_probe to = read_port(MESH_B, "a");
    dropped = mesh_lost() - dropped;
    uint64_t sent = to.in.pair_sent - from.in.pair_sent,
             received = to.in.pair_received - from.in.pair_received;
    assert_in_range(dropped, 120, 280);
    assert_true(sent >= 400);
    assert_in_range(sent - received + 4, dropped, dropped + 8);
    assert_int_equal(lost(&from, &to, HEAL_PROBE_SMALL), 0);
}

static void test_hole_for_large_ones(void **state) {
    (void)state;
    struct heal_reading_probe from = read_port(MESH_B, "a"), back = read_port(MESH_A, "b");
    unsigned long dropped = mesh_lost();

    mesh_fault("a", "b", "meta length > 1300 counter name lost drop");
    run_for(1500);
    struct heal_reading_probe to = settled_after_fault(), back_to = read_port(MESH_A, "b");
    assert_int_equal(lost(&from, &to, HEAL_PROBE_FULL), mesh_lost() - dropped);
    assert_true(lost(&from, &to, HEAL_PROBE_FULL) > 15);
    assert_int_equal(lost(&from, &to, HEAL_PROBE_SMALL), 0);
    assert_int_equal(to.in.outages, from.in.outages);
    assert_int_equal(lost(&back, &back_to, HEAL_PROBE_FULL), 0);
}

static bool b_hears_nothing_for_a_second(void) {
    return read_port(MESH_B, "a").in.silence_ms > 1000;
}

static void test_silence_is_one_outage(void **state) {
    (void)state;
    struct heal_reading_probe from = read_port(MESH_B, "a");

    mesh_fault("a", "b", "counter name lost drop");
    assert_true(mesh_wait(base, b_hears_nothing_for_a_second));
    struct heal_reading_probe to = settled_after_fault();
    assert_int_equal(to.in.outages, from.in.outages + 1);
    uint32_t swallowed =
        to.in.outage_lost[0] + to.in.outage_lost[1] - from.in.outage_lost[0] - from.in.outage_lost[1];
    assert_int_equal(swallowed, lost(&from, &to, 0) + lost(&from, &to, 1));
    assert_in_range(swallowed, 20, 200);
    assert_in_range(to.in.silence_ms, 0, 500);
}

static bool met_a(void) {
    struct heal_port_key a = mesh_port("a");

    return meetings > 0 && heal_port_key_equal(&met, &a);
}

static bool b_hears_a(void) {
    return read_port(MESH_B, "a").in.received[0] > 5;
}

static void test_strangers_are_told_of(void **state) {
    (void)state;
    struct heal_port_key a = mesh_port("a");
    struct heal_prober_counters counters;

    meetings = 0;
    uint32_t epoch = read_port(MESH_B, "a").in.epoch;
    assert_int_equal(heal_prober_port_remove(prober[MESH_B], &a), 0);
    assert_int_equal(heal_prober_port_remove(prober[MESH_B], &a), -ENOENT);
    assert_true(mesh_wait(base, met_a));
    heal_prober_counters(prober[MESH_B], &counters);
    assert_true(counters.stranger > 0);
    assert_int_equal(heal_prober_port_add(prober[MESH_B], &a), 0);
    assert_true(mesh_wait(base, b_hears_a));
    /* totals begin anew: they must not be subtracted from those of before */
    assert_int_not_equal(read_port(MESH_B, "a").in.epoch, epoch);
}

static bool damaged_was_seen(void) {
    struct heal_prober_counters counters;

    heal_prober_counters(prober[MESH_B], &counters);
    return counters.malformed > 0 && counters.not_link_local + counters.wrong_hop_limit > 0;
}

static void test_forged_probes_are_refused(void **state) {
    (void)state;
    struct heal_probe_packet packet = {.kind = HEAL_PROBE_LINK, .epoch = 1};
    struct heal_address from = mesh_address("c"), to = mesh_address("b");
    struct heal_port_key to_b = mesh_port("b");
    uint8_t bytes[HEAL_PROBE_HEAD_BYTES];

    mesh_enter(MESH_C);
    int fd = heal_link_socket_open(0);
    heal_probe_packet_encode(&packet, bytes, sizeof bytes);
    assert_int_equal(heal_link_socket_send_routed(fd, &from, &to, PORT, bytes, sizeof bytes), 0);
    bytes[20] ^= 1;
    assert_int_equal(heal_link_socket_send(fd, &to_b, PORT, bytes, sizeof bytes), 0);
    close(fd);
    assert_true(mesh_wait(base, damaged_was_seen));
}

/* ---- routed probes ---- */

static struct heal_reading_transit read_stream(void) {
    struct heal_reading_transit reading = {.sent = 0};

    assert_true(heal_prober_read_transit(prober[MESH_A], 0, &reading));
    return reading;
}

static bool twenty_sent(void) {
    return read_stream().sent >= 20;
}

static void check_stream(struct heal_port_key via) {
    struct heal_command_transit order = {
        .via = via, .target = mesh_address("c"), .target_node = 77, .interval_ms = 20};

    mesh_enter(MESH_A);
    assert_int_equal(heal_prober_transit(prober[MESH_A], &order), 0);
    assert_false(heal_prober_read_transit(prober[MESH_A], 1, &(struct heal_reading_transit){0}));
    assert_true(mesh_wait(base, twenty_sent));
    struct heal_reading_transit good = read_stream();
    assert_int_equal(good.arrived, good.sent);
    assert_int_equal(good.target_node, 77);
    assert_in_range(good.answer_age_ms, 0, 1000);
    /* the relay stops forwarding: the links are fine, the path is not */
    assert_int_equal(mesh_run(MESH_B, "echo 0 > /proc/sys/net/ipv6/conf/all/forwarding"), 0);
    struct heal_reading_transit cut = read_stream();
    run_for(1500);
    struct heal_reading_transit bad = read_stream();
    assert_int_equal(mesh_run(MESH_B, "echo 1 > /proc/sys/net/ipv6/conf/all/forwarding"), 0);
    assert_true(bad.sent >= cut.sent + 20);
    assert_in_range(bad.arrived - cut.arrived, 0, 12);
    assert_in_range(bad.answer_age_ms, 500, 5000);
    order.interval_ms = 0;
    assert_int_equal(heal_prober_transit(prober[MESH_A], &order), 0);
    assert_int_equal(heal_prober_transit(prober[MESH_A], &order), -ENOENT);
    assert_false(heal_prober_read_transit(prober[MESH_A], 0, &(struct heal_reading_transit){0}));
}

static void test_transit_as_the_kernel_routes(void **state) {
    (void)state;
    check_stream((struct heal_port_key){{0}, {{0}}});
}

static void test_transit_past_the_routes(void **state) {
    (void)state;
    /* A's own route leads nowhere: only what goes by the neighbour's MAC address arrives. */
    assert_int_equal(mesh_run(MESH_A, "ip -6 route replace blackhole fd00::c"), 0);
    check_stream(mesh_port("b"));
    assert_int_equal(
        mesh_run(MESH_A,
                 "ip -6 route del blackhole fd00::c; ip -6 route replace fd00::c via fe80::b dev tob"),
        0);
}

static void test_transit_refuses(void **state) {
    (void)state;
    struct heal_command_transit order = {.interval_ms = 20};
    struct heal_prober_config homeless = {.base = base, .port = 7777, .ports_max = 1};
    struct heal_prober *other;

    assert_int_equal(heal_prober_transit(prober[MESH_A], &order), -EINVAL);
    assert_int_equal(heal_address_parse("10.0.0.1", &order.target), 0);
    assert_int_equal(heal_prober_transit(prober[MESH_A], &order), -EAFNOSUPPORT);
    order.target = mesh_address("c");
    assert_int_equal(heal_prober_new(&homeless, &other), 0);
    assert_int_equal(heal_prober_transit(other, &order), -EADDRNOTAVAIL);
    heal_prober_give_frame_socket(prober[MESH_A], -1);
    order.via = mesh_port("b");
    assert_int_equal(heal_prober_transit(prober[MESH_A], &order), -EPERM);
    heal_prober_free(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calm_link),
        cmocka_unit_test(test_loss_one_way_is_counted_exactly),
        cmocka_unit_test(test_pairs_see_all_traffic),
        cmocka_unit_test(test_hole_for_large_ones),
        cmocka_unit_test(test_silence_is_one_outage),
        cmocka_unit_test(test_forged_probes_are_refused),
        cmocka_unit_test(test_strangers_are_told_of),
        cmocka_unit_test(test_transit_as_the_kernel_routes),
        cmocka_unit_test(test_transit_past_the_routes),
        cmocka_unit_test(test_transit_refuses),
    };
    const char *reason = mesh_open();

    if (reason) {
        printf("skipped: %s\n", reason);
        return 77;
    }
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
