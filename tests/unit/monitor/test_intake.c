/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What is an outage of a link, by the accounts of both directions, and what only looks like one; how a port
 * leaves; which address is the node's own. */
#include "monitor/intake.h"
#include "monitor/vitals.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct heal_link_account account_of(uint32_t epoch, uint32_t outages, uint32_t swallowed) {
    struct heal_link_account account = {.epoch = epoch, .outages = outages};

    account.expected[HEAL_PROBE_SMALL] = account.received[HEAL_PROBE_SMALL] = 100;
    account.expected[HEAL_PROBE_SMALL] += swallowed;
    account.outage_lost[HEAL_PROBE_SMALL] = swallowed;
    return account;
}

/* West tells what it received. */
static void west_tells(struct scene *scene, uint32_t epoch, uint32_t outages, uint32_t swallowed) {
    struct heal_message message = {.kind = HEAL_MESSAGE_LINK, .from = heal_node_id_of("west")};

    strcpy(message.from_name, "west");
    message.port = scene->port[WEST].key;
    message.link.in = account_of(epoch, outages, swallowed);
    scene->world.now += HEAL_US_PER_S;
    heal_intake_peer(&scene->world, &message);
}

/* The prober tells what came from west. */
static void prober_tells(struct scene *scene, uint32_t epoch, uint32_t outages, uint32_t swallowed) {
    struct heal_reading reading = {.kind = HEAL_READING_PROBE};

    reading.probe.port = scene->port[WEST].key;
    reading.probe.in = account_of(epoch, outages, swallowed);
    scene->world.now += HEAL_US_PER_S;
    heal_intake_reading(&scene->world, &reading);
}

static unsigned outages_of(const struct scene *scene) {
    unsigned count = 0;

    for (size_t i = 0; i < HEAL_OUTAGES_KEPT; i++)
        count += scene->port[WEST].outage_at[i] != 0;
    return count;
}

typedef void teller(struct scene *scene, uint32_t epoch, uint32_t outages, uint32_t swallowed);

static teller *const tellers[] = {west_tells, prober_tells};

static void test_an_outage_is_noted_once(void **state) {
    struct scene *scene = *state;

    for (unsigned i = 0; i < 2; i++) {
        tellers[i](scene, 1, 3, 30);
        assert_int_equal(outages_of(scene), i); /* of those before it was there nothing is known */
        tellers[i](scene, 1, 4, 40);
        assert_int_equal(outages_of(scene), i + 1);
        assert_int_equal(scene->port[WEST].outage_at[0], scene->world.now);
        tellers[i](scene, 1, 4, 40);
        assert_int_equal(outages_of(scene), i + 1);
    }
}

static void interface_is(struct scene *scene, bool up) {
    struct heal_reading reading = {.kind = HEAL_READING_LINK};

    reading.link.present = true;
    reading.link.up = reading.link.carrier = up;
    strcpy(reading.link.ifname, scene->port[WEST].key.ifname);
    scene->world.now += HEAL_US_PER_S;
    heal_intake_reading(&scene->world, &reading);
}

/* A bounce is one, not three: neither direction's account tells of another. */
static void test_an_interface_that_was_down_is_one_outage(void **state) {
    struct scene *scene = *state;

    tellers[0](scene, 1, 3, 30);
    tellers[1](scene, 1, 3, 30);
    interface_is(scene, false);
    assert_int_equal(outages_of(scene), 1);
    interface_is(scene, true);
    tellers[0](scene, 1, 4, 40);
    tellers[1](scene, 1, 4, 40);
    assert_int_equal(outages_of(scene), 1);
    tellers[1](scene, 1, 5, 50); /* a second later the link itself fails */
    assert_int_equal(outages_of(scene), 2);
}

/* Many ways that come back at the same time are one change of mind, and a minute later it is forgotten. */
static void test_ways_that_come_back(void **state) {
    struct scene *scene = *state;
    struct heal_port *west = &scene->port[WEST];
    struct heal_reading reading = {.kind = HEAL_READING_RELAY};

    reading.relay.port = west->key;
    for (unsigned round = 0; round < 6; round++) {
        scene->world.now += HEAL_US_PER_S;
        reading.relay.returned = round % 2 ? 40 : 0;
        heal_intake_reading(&scene->world, &reading);
    }
    heal_vitals_update(&scene->world, west);
    assert_int_equal(west->vitals.returns, 3);
    scene->world.now += 58 * HEAL_US_PER_S; /* the first was 62 s ago */
    heal_vitals_update(&scene->world, west);
    assert_int_equal(west->vitals.returns, 2);
}

/* Its totals begin anew: fewer outages than before are none at all. */
static void test_a_restart_is_no_outage(void **state) {
    struct scene *scene = *state;

    for (size_t i = 0; i < 2; i++) {
        tellers[i](scene, 1, 3, 30);
        tellers[i](scene, 2, 0, 0);
        assert_int_equal(outages_of(scene), 0);
        tellers[i](scene, 3, 7, 70);
        assert_int_equal(outages_of(scene), 0);
    }
    tellers[0](scene, 3, 8, 80); /* after it they count as ever */
    assert_int_equal(outages_of(scene), 1);
}

static void test_a_few_lost_in_a_row_are_chance(void **state) {
    struct scene *scene = *state;

    west_tells(scene, 1, 0, 0);
    west_tells(scene, 1, 1, 5);
    assert_int_equal(outages_of(scene), 0);
    west_tells(scene, 1, 2, 11);
    assert_int_equal(outages_of(scene), 1);
}

/* Probes through a port go on by themselves until they are told to stop. */
static void test_a_port_leaves_when_its_probes_are_stopped(void **state) {
    struct scene *scene = *state;
    struct heal_transit *transit = scene->port[WEST].transit;

    transit[0].target = heal_node_id_of("far");
    transit[1].target = heal_node_id_of("farther");
    scene->port[WEST].routed = false;
    scene->world.now += 3600 * HEAL_US_PER_S;
    scene->output.commands = HEAL_OUTPUT_COMMANDS - 1;
    heal_intake_forget_gone(&scene->world);
    assert_int_equal(scene->world.ports, 2);
    scene->output.commands = 0;
    heal_intake_forget_gone(&scene->world);
    assert_int_equal(scene->world.ports, 1);
    struct heal_command stop = scene_take(scene, HEAL_COMMAND_TRANSIT); /* the other was stopped before */
    assert_int_equal(stop.transit.target_node, heal_node_id_of("farther"));
    assert_int_equal(stop.transit.interval_ms, 0);
}

static void say_route(struct scene *scene, const char *ifname, unsigned destination, uint8_t length) {
    struct heal_reading reading = {.kind = HEAL_READING_ROUTE};

    reading.route = (struct heal_reading_route){.prefix = scene_prefix(destination), .present = true};
    reading.route.prefix.length = length;
    strcpy(reading.route.via.ifname, ifname);
    heal_intake_reading(&scene->world, &reading);
}

static void test_the_first_address_that_it_exports_is_its_own(void **state) {
    struct scene *scene = *state;

    say_route(scene, "mesh0", 7, 128);
    say_route(scene, "", 8, 64);
    assert_true(heal_address_is_zero(&scene->world.address));
    say_route(scene, "", 9, 128);
    say_route(scene, "", 10, 128);
    assert_int_equal(scene->world.address.byte[15], 9);
}

#define INTAKE(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        INTAKE(test_an_outage_is_noted_once),
        INTAKE(test_an_interface_that_was_down_is_one_outage),
        INTAKE(test_ways_that_come_back),
        INTAKE(test_a_restart_is_no_outage),
        INTAKE(test_a_few_lost_in_a_row_are_chance),
        INTAKE(test_a_port_leaves_when_its_probes_are_stopped),
        INTAKE(test_the_first_address_that_it_exports_is_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
