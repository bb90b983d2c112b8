/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What the prober makes of a datagram, without a network: which it refuses, and what it counts. */
#include "net/kernel.h"
#include "net/prober.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PORT = 6698, PORTS = 2, OWN_EPOCH = 5, PEER_EPOCH = 9 };

/* A prober with neighbours on the loopback interface, which every host has; its socket sends nothing. */
struct fixture {
    struct heal_prober prober;
    struct heal_probe_port port[PORTS];
    struct heal_probe_port *table[PORTS];
    struct heal_probe_stream stream;
    uint32_t sent; /* by the neighbour, so far */
};

static int make(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);

    if (!fixture)
        return -1;
    *state = fixture;
    struct heal_prober *prober = &fixture->prober;
    prober->config.port = PORT;
    prober->epoch = OWN_EPOCH;
    prober->socket = prober->netlink = prober->frame_socket = -1;
    prober->port = fixture->table;
    prober->ports = 1;
    for (size_t i = 0; i < PORTS; i++) {
        struct heal_probe_port *port = fixture->table[i] = &fixture->port[i];

        port->prober = prober;
        strcpy(port->key.ifname, "lo");
        port->key.peer.byte[0] = 0xfe;
        port->key.peer.byte[1] = 0x80;
        port->key.peer.byte[15] = (uint8_t)(i + 1);
        heal_account_init(&port->account, OWN_EPOCH);
    }
    return 0;
}

static int unmake(void **state) {
    struct fixture *fixture = *state;
    int descriptors[] = {fixture->prober.socket, fixture->prober.netlink};

    for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++)
        if (descriptors[i] >= 0)
            close(descriptors[i]);
    free(fixture);
    return 0;
}

/* ---- probes of a neighbour ---- */

static struct heal_datagram datagram_of(const struct fixture *fixture, heal_us arrived) {
    return (struct heal_datagram){
        .from = fixture->port[0].key, .from_port = PORT, .hop_limit = 255, .arrived = arrived};
}

/* The next probe of the neighbour's, with nothing more in it than its number. */
static struct heal_probe_packet next_probe(struct fixture *fixture) {
    struct heal_probe_packet packet = {.kind = HEAL_PROBE_LINK, .epoch = PEER_EPOCH};

    packet.link.size = HEAL_PROBE_SMALL;
    packet.link.sent[HEAL_PROBE_SMALL] = ++fixture->sent;
    return packet;
}

static uint32_t received(const struct fixture *fixture) {
    return fixture->port[0].account.totals.received[HEAL_PROBE_SMALL];
}

/* Nobody who is not on the link can have sent what still has all its hops (RFC 5082). */
static void test_only_what_was_never_forwarded_counts(void **state) {
    static const int HOPS[] = {254, 64, 1, 0, -1};
    struct fixture *fixture = *state;
    struct heal_datagram datagram = datagram_of(fixture, HEAL_US_PER_S);
    struct heal_probe_packet packet = next_probe(fixture);

    for (size_t i = 0; i < sizeof HOPS / sizeof *HOPS; i++) {
        datagram.hop_limit = HOPS[i];
        heal_probe_link_take(&fixture->prober, &datagram, &packet);
        assert_int_equal(fixture->prober.counters.wrong_hop_limit, i + 1);
        assert_int_equal(received(fixture), 0);
        assert_false(fixture->port[0].has_echo);
    }
    datagram.hop_limit = 255;
    heal_probe_link_take(&fixture->prober, &datagram, &packet);
    assert_int_equal(received(fixture), 1);
    assert_true(fixture->port[0].has_echo);
}

static void test_nor_what_comes_from_elsewhere(void **state) {
    struct fixture *fixture = *state;
    struct heal_datagram port = datagram_of(fixture, HEAL_US_PER_S), routed = port, stranger = port;
    struct heal_probe_packet packet = next_probe(fixture);

    port.from_port = PORT + 1;
    routed.from.peer.byte[0] = 0xfd;
    stranger.from.peer.byte[15] = 77;
    heal_probe_link_take(&fixture->prober, &port, &packet);
    heal_probe_link_take(&fixture->prober, &routed, &packet);
    heal_probe_link_take(&fixture->prober, &stranger, &packet);
    assert_int_equal(fixture->prober.counters.wrong_port, 1);
    assert_int_equal(fixture->prober.counters.not_link_local, 1);
    assert_int_equal(fixture->prober.counters.stranger, 1);
    assert_int_equal(received(fixture), 0);
}

/* The neighbour echoes what we sent at `sent` and it held for so long; the echo arrives at `arrived`. */
static void take_echo(struct fixture *fixture, heal_us sent, uint32_t hold_us, heal_us arrived) {
    struct heal_datagram datagram = datagram_of(fixture, arrived);
    struct heal_probe_packet packet = next_probe(fixture);

    packet.link.has_echo = true;
    packet.link.echo_epoch = OWN_EPOCH;
    packet.link.echo_time = sent;
    packet.link.echo_hold_us = hold_us;
    heal_probe_link_take(&fixture->prober, &datagram, &packet);
    assert_int_equal(received(fixture), fixture->sent);
}

/* A neighbour that hears nothing new echoes the same probe with each of its own. */
static void test_an_echo_counts_once(void **state) {
    struct fixture *fixture = *state;
    const struct heal_probe_port *port = &fixture->port[0];

    take_echo(fixture, 1000000, 2000, 1007000);
    assert_int_equal(port->rtts, 1);
    assert_int_equal(port->rtt_us[0], 5000);
    take_echo(fixture, 1000000, 52000, 1057000);
    take_echo(fixture, 1000000, 102000, 1107000);
    take_echo(fixture, 999999, 102000, 1107000); /* nor does one of before */
    assert_int_equal(port->rtts, 1);
    take_echo(fixture, 1200000, 0, 1203000);
    assert_int_equal(port->rtts, 2);
    assert_int_equal(port->rtt_us[1], 3000);
}

static void test_an_echo_that_cannot_be_counts_not_at_all(void **state) {
    struct fixture *fixture = *state;

    take_echo(fixture, 1000001, 0, 1000000);    /* sent after it came back */
    take_echo(fixture, 1000000, 2000, 1001000); /* held for longer than it was away */
    take_echo(fixture, 1000000, 0, 12000000);   /* away for too long */
    assert_int_equal(fixture->port[0].rtts, 0);
}

/* Probes with the neighbour's counter, until one made a pair with ours: it has to be looked at so soon after
 * its arrival that a busy host may need several. */
static bool makes_a_pair(struct fixture *fixture, unsigned tries) {
    struct heal_account *account = &fixture->port[0].account;

    account->totals.pair_sent = 0;
    while (tries-- > 0 && account->totals.pair_sent == 0) {
        struct heal_datagram datagram = datagram_of(fixture, heal_clock_now());
        struct heal_probe_packet packet = next_probe(fixture);

        packet.link.has_pair = true;
        packet.link.pair_sent = 77;
        heal_probe_link_take(&fixture->prober, &datagram, &packet);
    }
    return account->totals.pair_sent == 77;
}

/* What an interface counted is one neighbour's only where there is no other. */
static void test_counters_are_paired_where_one_neighbour_is(void **state) {
    struct fixture *fixture = *state;

    fixture->prober.socket = heal_link_socket_open(0);
    fixture->prober.netlink = heal_kernel_open();
    assert_true(fixture->prober.socket >= 0 && fixture->prober.netlink >= 0);
    assert_true(makes_a_pair(fixture, 10000));
    fixture->prober.ports = 2;
    assert_false(makes_a_pair(fixture, 100));
    strcpy(fixture->port[1].key.ifname, "elsewhere");
    assert_true(makes_a_pair(fixture, 10000));
}

/* ---- routed probes ---- */

static struct heal_address routed_address(uint8_t number) {
    struct heal_address address = {.byte = {0xfd}};

    address.byte[15] = number;
    return address;
}

static void take_transit(struct fixture *fixture, uint8_t from, uint32_t number) {
    struct heal_datagram datagram = {.from.peer = routed_address(from), .to = routed_address(1)};
    struct heal_probe_packet packet = {.kind = HEAL_PROBE_TRANSIT, .epoch = PEER_EPOCH};

    packet.transit.number = number;
    heal_probe_answer(&fixture->prober, &datagram, &packet);
}

static const struct heal_probe_sender *sender_of(const struct fixture *fixture, uint8_t from) {
    struct heal_address address = routed_address(from);

    for (size_t i = 0; i < HEAL_PROBER_SENDERS; i++)
        if (heal_address_equal(&fixture->prober.sender[i].address, &address))
            return &fixture->prober.sender[i];
    fail_msg("nothing is known of sender %u", from);
    return NULL;
}

static void test_a_routed_probe_that_came_twice_arrived_once(void **state) {
    static const uint32_t NUMBER[] = {1, 2, 2, 1, 4, 4, 3, 3, 100, 100, 99, 4, 99};
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof NUMBER / sizeof *NUMBER; i++)
        take_transit(fixture, 2, NUMBER[i]);
    take_transit(fixture, 3, 2); /* another's are its own */
    assert_int_equal(sender_of(fixture, 2)->arrived, 6);
    assert_int_equal(sender_of(fixture, 2)->highest, 100);
    assert_int_equal(sender_of(fixture, 3)->arrived, 1);
}

/* 500 a second, with as many saved up: whoever asks for more gets none, and still is counted. */
static void test_answers_have_a_rate(void **state) {
    enum { ASKED = 20000, RATE = 500 };
    struct fixture *fixture = *state;
    const struct heal_prober_counters *counters = &fixture->prober.counters;
    heal_us before = heal_clock_now();

    for (uint32_t i = 1; i <= ASKED; i++)
        take_transit(fixture, 2, i);
    double seconds = (double)(heal_clock_now() - before) / (double)HEAL_US_PER_S;
    uint64_t answered = counters->sent + counters->send_failed;
    print_message("%llu answers in %.3f s\n", (unsigned long long)answered, seconds);
    assert_true(answered >= RATE);
    assert_true((double)answered <= RATE * (1 + seconds) + 1);
    assert_int_equal(answered + counters->routed_refused, ASKED);
    assert_int_equal(sender_of(fixture, 2)->arrived, ASKED);
}

/* The node beyond says how many of our 10 arrived, and which was the highest. */
static void take_answer(struct fixture *fixture, uint32_t arrived, uint32_t number) {
    struct heal_datagram datagram = {.from.peer = routed_address(2), .arrived = HEAL_US_PER_S};
    struct heal_probe_packet packet = {.kind = HEAL_PROBE_ANSWER, .epoch = OWN_EPOCH};

    packet.transit.arrived = arrived;
    packet.transit.number = number;
    heal_probe_stream_take(&fixture->prober, &datagram, &packet);
}

static void test_answers_that_cannot_be_are_refused(void **state) {
    struct fixture *fixture = *state;
    struct heal_probe_stream *stream = &fixture->stream;

    *stream = (struct heal_probe_stream){.epoch = OWN_EPOCH, .sent = 10};
    stream->order.target = routed_address(2);
    fixture->prober.stream[0] = stream;
    fixture->prober.streams = 1;
    take_answer(fixture, 3, 4);
    assert_int_equal(stream->arrived, 3);
    assert_int_equal(stream->settled, 4);
    assert_int_equal(fixture->prober.counters.routed_refused, 0);
    take_answer(fixture, 6, 5);  /* more arrived than were sent up to there */
    take_answer(fixture, 9, 11); /* one that never was sent */
    take_answer(fixture, UINT32_MAX, UINT32_MAX);
    assert_int_equal(stream->arrived, 3);
    assert_int_equal(stream->settled, 4);
    assert_int_equal(fixture->prober.counters.routed_refused, 3);
    take_answer(fixture, 2, 3); /* late, and true: nothing runs backwards */
    assert_int_equal(stream->arrived, 3);
    assert_int_equal(stream->settled, 4);
    take_answer(fixture, 10, 10);
    assert_int_equal(stream->arrived, 10);
}

#define PROBES(test) cmocka_unit_test_setup_teardown(test, make, unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROBES(test_only_what_was_never_forwarded_counts),
        PROBES(test_nor_what_comes_from_elsewhere),
        PROBES(test_an_echo_counts_once),
        PROBES(test_an_echo_that_cannot_be_counts_not_at_all),
        PROBES(test_counters_are_paired_where_one_neighbour_is),
        PROBES(test_a_routed_probe_that_came_twice_arrived_once),
        PROBES(test_answers_have_a_rate),
        PROBES(test_answers_that_cannot_be_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
