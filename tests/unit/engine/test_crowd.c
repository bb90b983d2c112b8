/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* One engine with many neighbours and many destinations: a round's output does not hold all that there is to
 * say, and yet everybody gets all of it, in turn, and the rest of the round its part. */
#include "engine/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PORTS_MAX = 64, DESTINATIONS = HEAL_PATHS_MAX, PROBES_A_ROUND = 10 };

struct crowd {
    struct heal_engine *engine;
    heal_us now;
    unsigned ports, rounds;
    struct heal_port_key key[PORTS_MAX];
    uint32_t probes;
    struct heal_output output;
    /* what each has been told */
    unsigned links[PORTS_MAX], sets[PORTS_MAX], next[PORTS_MAX], kept[PORTS_MAX];
    heal_us told_at[PORTS_MAX], silence[PORTS_MAX]; /* the longest time between two whole sets */
    uint64_t set[PORTS_MAX];
    bool heard[PORTS_MAX][HEAL_INCIDENTS_MAX];
};

static void step(struct crowd *crowd, const struct heal_event *event) {
    heal_engine_step(crowd->engine, crowd->now, event, &crowd->output);
}

static void speak(struct crowd *crowd, unsigned port) {
    struct heal_event event = {.kind = HEAL_EVENT_MESSAGE, .message.kind = HEAL_MESSAGE_LINK};
    struct heal_link_account *in = &event.message.link.in;

    event.message.port = crowd->key[port];
    snprintf(event.message.from_name, sizeof event.message.from_name, "n%02u", port);
    event.message.from = heal_node_id_of(event.message.from_name);
    in->epoch = 1;
    in->expected[0] = in->received[0] = in->expected[1] = in->received[1] = crowd->probes;
    step(crowd, &event);
    event = (struct heal_event){.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_PROBE};
    event.reading.probe = (struct heal_reading_probe){
        .port = crowd->key[port], .rtt_count = 1, .rtt_min_us = 4000, .rtt_median_us = 4000};
    in = &event.reading.probe.in;
    in->epoch = 1;
    in->expected[0] = in->received[0] = in->expected[1] = in->received[1] = crowd->probes;
    step(crowd, &event);
}

static void make_destination(struct crowd *crowd, unsigned number) {
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_ROUTE};
    struct heal_reading_route *route = &event.reading.route;

    *route = (struct heal_reading_route){.present = true, .installed = true, .prefix.length = 128};
    route->prefix.address.byte[0] = 0xfd;
    route->prefix.address.byte[15] = (uint8_t)number;
    step(crowd, &event);
}

static int crowd_make(void **state) {
    struct crowd *crowd = calloc(1, sizeof *crowd);
    struct heal_settings settings;

    heal_settings_init(&settings);
    settings.ports_max = PORTS_MAX;
    *state = crowd;
    return crowd ? heal_engine_new("here", &settings, 1, &crowd->engine) : -1;
}

static int crowd_unmake(void **state) {
    struct crowd *crowd = *state;

    heal_engine_free(crowd->engine);
    free(crowd);
    return 0;
}

static void gather(struct crowd *crowd, unsigned ports) {
    crowd->now = 1000 * HEAL_US_PER_S;
    crowd->ports = ports;
    for (unsigned i = 0; i < ports; i++) {
        snprintf(crowd->key[i].ifname, sizeof crowd->key[i].ifname, "mesh%u", i);
        crowd->key[i].peer.byte[0] = 0xfe;
        crowd->key[i].peer.byte[1] = 0x80;
        crowd->key[i].peer.byte[15] = 1;
        speak(crowd, i);
        crowd->told_at[i] = crowd->now;
    }
    for (unsigned i = 0; i < DESTINATIONS; i++)
        make_destination(crowd, i);
}

static void take_paths(struct crowd *crowd, unsigned port, const struct heal_message_paths *part) {
    if (part->set != crowd->set[port] || part->first == 0)
        crowd->next[port] = 0;
    crowd->set[port] = part->set;
    assert_int_equal(part->first, crowd->next[port]); /* part after part, none left out */
    crowd->next[port] += part->paths;
    if (part->more)
        return;
    assert_int_equal(crowd->next[port], DESTINATIONS);
    crowd->next[port] = 0;
    crowd->sets[port]++;
    if (crowd->now - crowd->told_at[port] > crowd->silence[port])
        crowd->silence[port] = crowd->now - crowd->told_at[port];
    crowd->told_at[port] = crowd->now;
}

static void take_message(struct crowd *crowd, const struct heal_message *message) {
    unsigned port = 0;

    while (port < crowd->ports && !heal_port_key_equal(&crowd->key[port], &message->port))
        port++;
    assert_in_range(port, 0, crowd->ports - 1);
    crowd->links[port] += message->kind == HEAL_MESSAGE_LINK;
    if (message->kind == HEAL_MESSAGE_PATHS)
        take_paths(crowd, port, &message->paths);
    if (message->kind == HEAL_MESSAGE_INCIDENT)
        crowd->heard[port][(message->incident.incident - 1) % HEAL_INCIDENTS_MAX] = true;
}

static void take_record(struct crowd *crowd, const struct heal_record *record) {
    unsigned port = 0;

    if (record->kind == HEAL_RECORD_BASELINE && sscanf(record->key, "mesh%u/", &port) == 1)
        crowd->kept[port]++;
}

static void play_round(struct crowd *crowd) {
    const struct heal_event round = {.kind = HEAL_EVENT_ROUND};

    crowd->now = heal_engine_next_deadline(crowd->engine) > crowd->now
                     ? heal_engine_next_deadline(crowd->engine)
                     : crowd->now + HEAL_US_PER_S;
    crowd->probes += PROBES_A_ROUND;
    crowd->rounds++;
    for (unsigned i = 0; i < crowd->ports; i++)
        speak(crowd, i);
    step(crowd, &round);
    for (size_t i = 0; i < crowd->output.commands; i++) {
        const struct heal_command *command = &crowd->output.command[i];

        if (command->kind == HEAL_COMMAND_SEND)
            take_message(crowd, &command->message);
        if (command->kind == HEAL_COMMAND_STORE)
            take_record(crowd, &command->record);
    }
}

static unsigned told(const struct crowd *crowd) {
    unsigned count = 0;

    for (unsigned i = 0; i < crowd->ports; i++)
        count += crowd->sets[i] > 0;
    return count;
}

/* All have the set within so many rounds; from then on each again before what it has is stale (15 s), and the
 * links' accounts in every round. */
static void check_paths(struct crowd *crowd, unsigned ports, unsigned rounds) {
    gather(crowd, ports);
    while (told(crowd) < ports && crowd->rounds < rounds)
        play_round(crowd);
    print_message("%u of %u ports after %u rounds\n", told(crowd), ports, crowd->rounds);
    assert_int_equal(told(crowd), ports);
    for (heal_us end = crowd->now + 60 * HEAL_US_PER_S; crowd->now < end;)
        play_round(crowd);
    for (unsigned i = 0; i < ports; i++) {
        assert_in_range(crowd->silence[i], 1, 10 * HEAL_US_PER_S);
        assert_in_range(crowd->links[i], crowd->rounds - 2, crowd->rounds);
    }
}

static void test_32_ports_get_all_paths(void **state) {
    check_paths(*state, 32, 8);
}

static void test_64_ports_get_all_paths(void **state) {
    check_paths(*state, 64, 16);
}

static void test_a_change_on_the_way_is_told_to_all(void **state) {
    struct crowd *crowd = *state;

    gather(crowd, 64);
    for (unsigned i = 0; i < 3; i++)
        play_round(crowd);
    uint64_t before = crowd->set[0];
    struct heal_event gone = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_ROUTE};
    gone.reading.route.prefix.length = 128;
    gone.reading.route.prefix.address.byte[0] = 0xfd;
    step(crowd, &gone);
    make_destination(crowd, DESTINATIONS + 1);
    for (unsigned i = 0; i < 30; i++)
        play_round(crowd);
    for (unsigned i = 0; i < crowd->ports; i++) {
        assert_true(crowd->set[i] != before);
        assert_true(crowd->sets[i] > 0);
    }
}

static void test_baselines_are_kept(void **state) {
    struct crowd *crowd = *state;

    gather(crowd, 64);
    for (heal_us end = crowd->now + 620 * HEAL_US_PER_S; crowd->now < end;)
        play_round(crowd);
    for (unsigned i = 0; i < crowd->ports; i++)
        assert_int_equal(crowd->kept[i], 2); /* every five minutes, once */
}

/* Whatever there is of news, the paths get on; and all hear all of it. */
static void test_news_starves_nobody(void **state) {
    struct crowd *crowd = *state;

    gather(crowd, 64);
    play_round(crowd);
    struct heal_world *world = &crowd->engine->world;
    world->settings.policy[HEAL_SERVICE_DOWN].steps = 0;
    for (unsigned i = 0; i < HEAL_INCIDENTS_MAX; i++) {
        struct heal_incident *incident = heal_world_incident_make(world);

        incident->view.role = HEAL_ROLE_OWNER;
        incident->view.ranks = 1;
        incident->view.ranked[0].diagnosis = HEAL_SERVICE_DOWN;
        incident->element.kind = HEAL_ELEMENT_SERVICE;
        incident->element.node = world->id;
        incident->confident_at = incident->view.opened = crowd->now;
    }
    for (unsigned i = 0; i < 300; i++) {
        for (unsigned j = 0; j < HEAL_INCIDENTS_MAX; j++)
            world->incident[j].gone_since = world->incident[j].sick_at = crowd->now;
        play_round(crowd);
    }
    for (unsigned i = 0; i < crowd->ports; i++) {
        for (unsigned j = 0; j < HEAL_INCIDENTS_MAX; j++)
            assert_true(crowd->heard[i][j]);
        assert_in_range(crowd->silence[i], 1, 15 * HEAL_US_PER_S);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_32_ports_get_all_paths, crowd_make, crowd_unmake),
        cmocka_unit_test_setup_teardown(test_64_ports_get_all_paths, crowd_make, crowd_unmake),
        cmocka_unit_test_setup_teardown(test_a_change_on_the_way_is_told_to_all, crowd_make, crowd_unmake),
        cmocka_unit_test_setup_teardown(test_baselines_are_kept, crowd_make, crowd_unmake),
        cmocka_unit_test_setup_teardown(test_news_starves_nobody, crowd_make, crowd_unmake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
