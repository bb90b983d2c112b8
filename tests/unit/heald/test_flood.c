/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Somebody on a link sends probes from hundreds of addresses: what comes of them, from the prober's
 * candidates through the table of ports to the engine, in virtual time. */
#include "heal/engine.h"
#include "heal/status.h"
#include "heald/ports.h"
#include "net/strangers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SOURCES = 600, FORGED = 500, SMALL_MS = 333 };

/* A neighbour, or who says so. */
struct source {
    struct heal_port_key key;
    uint32_t heard; /* as a port */
    heal_us last;
    bool steady; /* it goes on probing */
};

struct flood {
    struct heal_engine *engine;
    heal_us now;
    struct heal_strangers strangers;
    struct heald_ports ports;
    size_t sources;
    struct source source[SOURCES];
    struct heal_output output;
    unsigned refused;
};

static void step(struct flood *flood, const struct heal_event *event) {
    heal_engine_step(flood->engine, flood->now, event, &flood->output);
}

static void say_neighbour(struct flood *flood, const struct heal_port_key *key, bool present,
                          bool forgotten) {
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_NEIGHBOUR};

    event.reading.neighbour = (struct heal_reading_neighbour){
        .port = *key, .present = present, .forgotten = forgotten, .reach = 0xffff, .cost = 96};
    step(flood, &event);
}

static void on_forgotten(void *context, const struct heal_port_key *key) {
    say_neighbour(context, key, false, true);
}

static int flood_make(void **state) {
    struct flood *flood = calloc(1, sizeof *flood);
    struct heal_settings settings;

    if (!flood)
        return -1;
    heal_settings_init(&settings);
    flood->now = 1000 * HEAL_US_PER_S;
    flood->ports =
        (struct heald_ports){.most = HEAL_PORTS_MAX, .on_forgotten = on_forgotten, .context = flood};
    *state = flood;
    return heal_engine_new("here", &settings, 1, &flood->engine);
}

static int flood_unmake(void **state) {
    struct flood *flood = *state;

    heal_engine_free(flood->engine);
    free(flood);
    return 0;
}

static struct source *source_add(struct flood *flood, const char *ifname, bool steady) {
    struct source *source = &flood->source[flood->sources];
    char text[HEAL_ADDRESS_TEXT];

    assert_in_range(flood->sources, 0, SOURCES - 1);
    snprintf(text, sizeof text, "fe80::dead:%zx", ++flood->sources);
    *source = (struct source){.steady = steady};
    strcpy(source->key.ifname, ifname);
    assert_int_equal(heal_address_parse(text, &source->key.peer), 0);
    return source;
}

static struct source *source_of(struct flood *flood, const struct heal_port_key *key) {
    for (size_t i = 0; i < flood->sources; i++)
        if (heal_port_key_equal(&flood->source[i].key, key))
            return &flood->source[i];
    return NULL;
}

static bool is_port(const struct flood *flood, const struct heal_port_key *key) {
    for (size_t i = 0; i < flood->ports.count; i++)
        if (heal_port_key_equal(&flood->ports.port[i].key, key))
            return true;
    return false;
}

static void probe(struct flood *flood, struct source *source) {
    if (is_port(flood, &source->key)) {
        source->heard++;
        source->last = flood->now;
    } else if (heal_strangers_meet(&flood->strangers, &source->key, flood->now)) {
        source->heard = 0;
        flood->refused += heald_ports_meet(&flood->ports, &source->key, flood->now) < 0;
    }
}

static void play_round(struct flood *flood) {
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_PROBE};

    for (size_t i = 0; i < flood->ports.count; i++) {
        const struct source *source = source_of(flood, &flood->ports.port[i].key);
        struct heal_link_account *in = &event.reading.probe.in;

        event.reading.probe = (struct heal_reading_probe){.port = source->key, .in.epoch = 1};
        in->expected[HEAL_PROBE_SMALL] = in->received[HEAL_PROBE_SMALL] = source->heard;
        in->silence_ms =
            source->heard > 0 ? (uint32_t)((flood->now - source->last) / HEAL_US_PER_MS) : UINT32_MAX;
        if (source->heard > 0)
            heald_ports_hear(&flood->ports, &source->key, source->last);
        step(flood, &event);
    }
    heald_ports_age(&flood->ports, flood->now);
    event = (struct heal_event){.kind = HEAL_EVENT_ROUND};
    step(flood, &event);
}

/* Time passes; those that go on probing do. */
static void run(struct flood *flood, heal_us span) {
    for (heal_us end = flood->now + span, tick = 0; flood->now < end; tick++) {
        flood->now += SMALL_MS * HEAL_US_PER_MS;
        for (size_t i = 0; i < flood->sources; i++)
            if (flood->source[i].steady)
                probe(flood, &flood->source[i]);
        if (tick % 3 == 0)
            play_round(flood);
    }
}

static size_t links(const struct flood *flood) {
    struct heal_port_status port;
    size_t count = 0;

    while (heal_engine_port(flood->engine, count, &port))
        count++;
    return count;
}

static uint32_t incidents(const struct flood *flood) {
    struct heal_engine_status status;
    uint32_t count = 0;

    heal_engine_status(flood->engine, &status);
    for (unsigned i = 0; i < HEAL_DIAGNOSES; i++)
        count += status.incidents_total[i];
    return count;
}

/* So many that probe at the same time, a few seconds each; then the next ones, all addresses in turn. */
static void shout(struct flood *flood, unsigned at_a_time) {
    for (unsigned done = 0; done < FORGED; done += at_a_time) {
        for (unsigned i = 0; i < at_a_time; i++)
            source_add(flood, "mesh0", true);
        run(flood, 4 * HEAL_US_PER_S);
        for (size_t i = flood->sources - at_a_time; i < flood->sources; i++)
            flood->source[i].steady = false;
    }
}

static void name_neighbours(struct flood *flood, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        const struct source *neighbour = source_add(flood, i % 2 == 0 ? "mesh0" : "mesh1", true);

        assert_int_equal(heald_ports_add(&flood->ports, &neighbour->key, flood->now), 0);
        say_neighbour(flood, &neighbour->key, true, false);
    }
}

static void check_flood(struct flood *flood, unsigned at_a_time) {
    struct source *other = source_add(flood, "mesh1", true);

    shout(flood, at_a_time);
    assert_int_equal(incidents(flood), 0);
    assert_in_range(flood->ports.count, 1, 9);
    assert_true(is_port(flood, &other->key)); /* who probes for good by another link had his place */
    name_neighbours(flood, HEAL_PORTS_MAX - 1);
    run(flood, 10 * HEAL_US_PER_S);
    assert_true(links(flood) >= HEAL_PORTS_MAX - 1);
    run(flood, 120 * HEAL_US_PER_S);
    assert_int_equal(flood->ports.count, HEAL_PORTS_MAX);
    assert_int_equal(links(flood), HEAL_PORTS_MAX);
    assert_true(is_port(flood, &other->key));
    assert_int_equal(incidents(flood), 0);
}

static void test_few_at_a_time(void **state) {
    check_flood(*state, 5);
}

static void test_all_at_once(void **state) {
    check_flood(*state, FORGED);
}

static void test_neighbours_find_room_in_a_full_table(void **state) {
    struct flood *flood = *state;
    char ifname[HEAL_IFNAME_MAX];

    for (unsigned i = 0; i < HEAL_PORTS_MAX; i++) {
        snprintf(ifname, sizeof ifname, "vlan%u", i / 8);
        source_add(flood, ifname, true);
    }
    run(flood, 5 * HEAL_US_PER_S);
    assert_int_equal(flood->ports.count, HEAL_PORTS_MAX);
    assert_int_equal(links(flood), HEAL_PORTS_MAX);
    name_neighbours(flood, HEAL_PORTS_MAX);
    run(flood, HEAL_US_PER_S);
    assert_int_equal(links(flood), HEAL_PORTS_MAX);
    for (size_t i = 0; i < flood->ports.count; i++)
        assert_true(flood->ports.port[i].present);
    run(flood, 60 * HEAL_US_PER_S);
    assert_int_equal(incidents(flood), 0);
}

static void test_without_a_routing_daemon(void **state) {
    struct flood *flood = *state;
    struct source *real = source_add(flood, "mesh0", true);

    run(flood, 20 * HEAL_US_PER_S);
    real->steady = false;
    run(flood, 50 * HEAL_US_PER_S);
    assert_int_equal(incidents(flood), 0); /* hardly met */
    run(flood, 20 * HEAL_US_PER_S);
    assert_int_equal(links(flood), 0);
    real->steady = true;
    run(flood, 40 * HEAL_US_PER_S);
    assert_int_equal(links(flood), 1);
    real->steady = false;
    run(flood, 5 * HEAL_US_PER_S);
    assert_int_equal(incidents(flood), 1);
    run(flood, 70 * HEAL_US_PER_S); /* it has left for good */
    struct heal_engine_status status;
    heal_engine_status(flood->engine, &status);
    assert_int_equal(status.incidents_open, 0);
    assert_int_equal(links(flood), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_few_at_a_time, flood_make, flood_unmake),
        cmocka_unit_test_setup_teardown(test_all_at_once, flood_make, flood_unmake),
        cmocka_unit_test_setup_teardown(test_neighbours_find_room_in_a_full_table, flood_make, flood_unmake),
        cmocka_unit_test_setup_teardown(test_without_a_routing_daemon, flood_make, flood_unmake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
