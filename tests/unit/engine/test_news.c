/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* News of others' incidents is passed on: to all but where it came from, so far and no farther. */
#include "base/text.h"
#include "engine/internal.h"
#include "heal/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WEST, EAST, PORTS };

/* The node "here", between west and east. */
struct relay {
    struct heal_engine *engine;
    heal_us now;
    struct heal_output output;
};

static struct heal_port_key key_of(int port) {
    struct heal_port_key key = {.ifname = "mesh0"};

    key.ifname[4] = (char)('0' + port);
    key.peer.byte[0] = 0xfe;
    key.peer.byte[15] = (uint8_t)(port + 1);
    return key;
}

static void hear(struct relay *relay, struct heal_message message, int port) {
    struct heal_event event = {.kind = HEAL_EVENT_MESSAGE, .message = message};
    const char *name = port == WEST ? "west" : "east";

    event.message.port = key_of(port);
    event.message.from = heal_node_id_of(name);
    heal_name_copy(event.message.from_name, sizeof event.message.from_name, name);
    heal_engine_step(relay->engine, relay->now, &event, &relay->output);
}

/* West tells of an incident of a node far off, after so many hops, and of what that does about it. */
static void west_tells_of(struct relay *relay, uint64_t incident, uint8_t hops, const char *remedy) {
    struct heal_message message = {.kind = HEAL_MESSAGE_INCIDENT};

    message.incident = (struct heal_message_incident){
        .incident = incident,
        .owner = heal_node_id_of("far"),
        .node = heal_node_id_of("far"),
        .other = heal_node_id_of("farther"),
        .confidence = 0.9F,
        .open = true,
        .hops = hops,
    };
    strcpy(message.incident.diagnosis, "link-loss");
    strcpy(message.incident.remedy, remedy);
    hear(relay, message, WEST);
}

static void west_tells(struct relay *relay, uint64_t incident, uint8_t hops) {
    west_tells_of(relay, incident, hops, "");
}

/* @return how far what is now passed on to east has come by then; -1: nothing is. West never hears it. */
static int passed_on(const struct relay *relay) {
    int hops = -1;

    for (size_t i = 0; i < relay->output.commands; i++) {
        const struct heal_command *command = &relay->output.command[i];
        struct heal_port_key east = key_of(EAST);

        if (command->kind != HEAL_COMMAND_SEND || command->message.kind != HEAL_MESSAGE_INCIDENT)
            continue;
        assert_true(heal_port_key_equal(&command->message.port, &east));
        assert_int_equal(hops, -1);
        hops = command->message.incident.hops;
    }
    return hops;
}

static int relay_make(void **state) {
    struct relay *relay = calloc(1, sizeof *relay);
    struct heal_message hello = {.kind = HEAL_MESSAGE_LINK};
    struct heal_settings settings;

    if (!relay)
        return -1;
    *state = relay;
    heal_settings_init(&settings);
    settings.ports_max = PORTS;
    relay->now = 1000 * HEAL_US_PER_S;
    if (heal_engine_new("here", &settings, 1, &relay->engine) < 0)
        return -1;
    for (int port = 0; port < PORTS; port++)
        hear(relay, hello, port);
    return 0;
}

static int relay_unmake(void **state) {
    struct relay *relay = *state;

    relay->engine = heal_engine_free(relay->engine);
    free(relay);
    return 0;
}

static void test_news_travels_three_hops(void **state) {
    struct relay *relay = *state;

    west_tells(relay, 1, 0);
    assert_int_equal(passed_on(relay), 1);
    west_tells(relay, 2, HEAL_INCIDENT_HOPS - 2);
    assert_int_equal(passed_on(relay), HEAL_INCIDENT_HOPS - 1);
    west_tells(relay, 3, HEAL_INCIDENT_HOPS - 1);
    assert_int_equal(passed_on(relay), -1);
    west_tells(relay, 4, UINT8_MAX);
    assert_int_equal(passed_on(relay), -1);
    relay->now += 10 * HEAL_US_PER_S; /* nor when it is told again */
    west_tells(relay, 3, HEAL_INCIDENT_HOPS - 1);
    assert_int_equal(passed_on(relay), -1);
}

static void test_what_is_told_again_is_passed_on_now_and_then(void **state) {
    struct relay *relay = *state;

    west_tells(relay, 1, 0);
    west_tells(relay, 1, 0);
    assert_int_equal(passed_on(relay), -1);
    relay->now += 2 * HEAL_US_PER_S;
    west_tells(relay, 1, 0);
    assert_int_equal(passed_on(relay), 1);
}

static void test_when_an_owner_lets_go_is_noted(void **state) {
    struct relay *relay = *state;
    const struct heal_remote *remote = &relay->engine->world.remote[0];

    west_tells_of(relay, 1, 0, "route-around"); /* which contains nothing */
    west_tells_of(relay, 1, 0, "clamp-mtu");
    relay->now += HEAL_US_PER_S;
    west_tells_of(relay, 1, 0, "clamp-mtu");
    assert_int_equal(remote->news.incident, 1);
    assert_int_equal(remote->released_at, 0);
    west_tells_of(relay, 1, 0, "");
    assert_int_equal(remote->released_at, relay->now);
    relay->now += HEAL_US_PER_S;
    west_tells_of(relay, 1, 0, "");
    assert_int_equal(remote->released_at, relay->now - HEAL_US_PER_S);
}

#define NEWS(test) cmocka_unit_test_setup_teardown(test, relay_make, relay_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        NEWS(test_news_travels_three_hops),
        NEWS(test_what_is_told_again_is_passed_on_now_and_then),
        NEWS(test_when_an_owner_lets_go_is_noted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
