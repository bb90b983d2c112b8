/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The simulated mesh itself: what is sent is lost as it should be, and one seed is one run. */
#include "sim/sim.h"

#include "sim/air.h"
#include "sim/hand.h"
#include "sim/sim_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const heal_us second = HEAL_US_PER_S;

static struct heal_sim *make(enum heal_sim_shape shape, unsigned count, uint64_t seed, bool radio) {
    struct heal_sim_plan plan = {0};
    struct heal_settings settings;
    struct heal_sim *sim;
    heal_settings_init(&settings);
    settings.mode = HEAL_MODE_ACT;
    const struct heal_sim_options options = {.settings = &settings, .seed = seed, .radio = radio};
    assert_int_equal(heal_sim_plan_draw(shape, count, seed, &plan), 0);
    assert_int_equal(heal_sim_new(&plan, &options, &sim), 0);
    heal_sim_plan_deinit(&plan);
    return sim;
}

static void settings_that_no_engine_takes_are_refused(void **state) {
    (void)state;
    struct heal_sim_plan plan = {0};
    struct heal_settings settings;
    struct heal_sim *sim = NULL;
    heal_settings_init(&settings);
    settings.ports_max = 0;
    const struct heal_sim_options options = {.settings = &settings};
    assert_int_equal(heal_sim_plan_draw(HEAL_SIM_LINE, 3, 1, &plan), 0);
    assert_true(heal_sim_new(&plan, &options, &sim) < 0);
    assert_null(sim);
    heal_sim_plan_deinit(&plan);
}

/* The receiver's account knows the share that is lost, whichever size it hits. */
static void accounts_see_the_loss(void **state) {
    (void)state;
    struct heal_sim *sim = make(HEAL_SIM_LINE, 2, 5, false);
    struct heal_link_account before, after;
    struct heal_sim_direction *direction = heal_sim_disturb_direction(sim, 0, 0);
    direction->loss = 0.1;
    direction->loss_full = 0.4;
    sim->node[1].port[0].pace.small_interval_ms = sim->node[0].port[0].pace.small_interval_ms = 50;
    heal_sim_run(sim, 10 * second);
    heal_air_reckon(sim, &sim->link[0]);
    heal_account_read(&sim->node[1].port[0].account, sim->now, &before);
    heal_sim_run(sim, 400 * second);
    heal_air_reckon(sim, &sim->link[0]);
    heal_account_read(&sim->node[1].port[0].account, sim->now, &after);
    const double share[HEAL_PROBE_SIZES] = {0.1, 0.4};
    for (int size = 0; size < HEAL_PROBE_SIZES; size++) {
        double sent = after.expected[size] - before.expected[size];
        assert_true(sent > 300);
        double lost = 1 - (after.received[size] - before.received[size]) / sent;
        print_message("size %d: %.3f of %.0f lost\n", size, lost, sent);
        assert_float_equal(lost, share[size], 0.08);
    }
    double sent = (double)(after.pair_sent - before.pair_sent);
    double lost = 1 - (double)(after.pair_received - before.pair_received) / sent;
    assert_true(sent > 40000);
    assert_float_equal(lost, 0.25, 0.02); /* every other packet is full-size; and the probes */
    heal_sim_free(sim);
}

static void flapping_is_an_outage_each_time(void **state) {
    (void)state;
    struct heal_sim *sim = make(HEAL_SIM_LINE, 2, 5, false);
    struct heal_sim_link *link = heal_sim_disturb(sim, 0);
    struct heal_link_account account;
    heal_sim_run(sim, 5 * second);
    heal_sim_disturb(sim, 0);
    link->flap_down = 1500 * HEAL_US_PER_MS;
    link->flap_period = 5 * second;
    for (unsigned side = 0; side < 2; side++)
        heal_air_port(sim, link, side)->pace =
            (struct heal_command_pace){.small_interval_ms = 50, .full_interval_ms = 50};
    heal_sim_run(sim, 50 * second);
    heal_air_reckon(sim, link);
    heal_account_read(&heal_air_port(sim, link, 0)->account, sim->now, &account);
    assert_in_range(account.outages, 9, 11);
    heal_sim_free(sim);
}

static void radios_hear_by_their_distance(void **state) {
    (void)state;
    struct heal_sim *sim = make(HEAL_SIM_GRID, 9, 2, true);
    double sum = 0;
    for (int i = 0; i < 200; i++) {
        heal_sim_run(sim, second);
        heal_air_reckon(sim, &sim->link[0]);
        sum += heal_air_rssi_dbm(&sim->link[0]);
    }
    assert_float_equal(sum / 200, heal_radio_rssi(&heal_radio_default, 65, 0), 1);
    heal_sim_disturb_direction(sim, 0, sim->link[0].node[0])->noise_db = 40;
    assert_false(heal_air_passes(sim, &sim->link[0], 0, false)); /* 20 dB below the noise */
    assert_true(heal_air_passes(sim, &sim->link[0], 1, true));
    heal_sim_free(sim);
}

static void a_dead_node_is_routed_around(void **state) {
    (void)state;
    struct heal_sim *sim = make(HEAL_SIM_GRID, 9, 2, false);
    heal_sim_run(sim, 5 * second);
    assert_float_equal(heal_sim_delivery(sim, 3, 5), 1, 0);
    heal_hand_pause(sim, 4, true);
    assert_float_equal(heal_sim_delivery(sim, 3, 5), 0, 0);
    heal_sim_run(sim, 10 * second);
    assert_float_equal(heal_sim_delivery(sim, 3, 5), 1, 0);
    assert_int_equal(sim->loops, 0);
    heal_sim_free(sim);
}

/* Beyond a size, routes lead to what is near, and to gateways. */
static void large_meshes_route_to_what_is_near(void **state) {
    (void)state;
    struct heal_sim *sim = make(HEAL_SIM_LINE, 200, 2, false);
    heal_sim_run(sim, 5 * second);
    assert_non_null(heal_sim_way(sim, 101, 103));
    assert_null(heal_sim_way(sim, 101, 104));
    assert_float_equal(heal_sim_delivery(sim, 199, 0), 1, 0); /* a gateway */
    assert_float_equal(heal_sim_delivery(sim, 101, 103), 1, 0);
    heal_sim_free(sim);
}

/* Both ends come to suspect the link at the same time: neither may wait for the other to be done. */
static void an_examination_ends(void **state) {
    (void)state;
    struct heal_sim *sim = make(HEAL_SIM_RING, 4, 2, false);
    struct heal_port_status port;
    unsigned examined = 0;
    heal_sim_run(sim, 20 * second);
    struct heal_sim_link *link = heal_sim_disturb(sim, 0);
    link->direction[0].dead = link->direction[1].dead = true;
    heal_sim_run(sim, 600 * HEAL_US_PER_MS);
    heal_sim_mend(sim, 0);
    for (int i = 0; i < 20; i++) {
        heal_sim_run(sim, second / 10);
        for (unsigned side = 0; side < 2; side++)
            for (size_t j = 0; heal_engine_port(sim->node[link->node[side]].engine, j, &port); j++)
                examined += port.examined;
    }
    assert_true(examined > 0);
    heal_sim_run(sim, 20 * second);
    for (unsigned i = 0; i < sim->nodes; i++)
        for (size_t j = 0; heal_engine_port(sim->node[i].engine, j, &port); j++)
            assert_false(port.examined);
    heal_sim_free(sim);
}

static void tell(void *context, unsigned node, const struct heal_decision *decision) {
    char line[512];
    heal_decision_format(decision, line, sizeof line);
    fprintf(context, "%u %s\n", node, line);
}

/* What all engines decide when links and nodes fall sick. */
static char *decisions_of(uint64_t seed) {
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    struct heal_sim *sim = make(HEAL_SIM_RANDOM, 24, seed, true);
    sim->ear = (struct heal_sim_ear){.context = stream, .decided = tell};
    heal_sim_run(sim, 20 * second);
    heal_sim_disturb(sim, 3)->direction[0].loss = 0.3;
    heal_sim_run(sim, 20 * second);
    heal_hand_pause(sim, 7, true);
    heal_sim_run(sim, 20 * second);
    heal_sim_free(sim);
    fclose(stream);
    return text;
}

static void one_seed_is_one_run(void **state) {
    (void)state;
    char *first = decisions_of(9), *again = decisions_of(9), *other = decisions_of(10);
    assert_true(strlen(first) > 500);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    free(first);
    free(again);
    free(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_that_no_engine_takes_are_refused),
        cmocka_unit_test(accounts_see_the_loss),
        cmocka_unit_test(flapping_is_an_outage_each_time),
        cmocka_unit_test(radios_hear_by_their_distance),
        cmocka_unit_test(a_dead_node_is_routed_around),
        cmocka_unit_test(large_meshes_route_to_what_is_near),
        cmocka_unit_test(an_examination_ends),
        cmocka_unit_test(one_seed_is_one_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
