/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* When a port is examined: for a light reason now and then, for a strong one and for the peer at once. */
#include "monitor/suspicion.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

/* A light reason to look at the link to west begins, or ends. */
static void odd(struct scene *scene, bool is_odd) {
    scene->port[WEST].vitals.rtt_excess = is_odd ? 0.75F * scene->world.threshold[HEAL_METRIC_LATENCY] : 0;
}

/* Time passes, then the port is looked at. @return whether it is examined. */
static bool look(struct scene *scene, heal_us span) {
    scene->world.now += span;
    scene->output.commands = scene->output.decisions = 0;
    heal_suspicion_update(&scene->world, &scene->port[WEST]);
    return scene->port[WEST].examined_since != 0;
}

/* What was odd is no more, and the examination that is under way ends with nothing found. */
static void find_nothing(struct scene *scene) {
    odd(scene, false);
    assert_false(look(scene, scene->world.settings.examine_us));
}

static void test_a_light_reason_is_enough(void **state) {
    struct scene *scene = *state;

    assert_false(look(scene, 0));
    odd(scene, true);
    assert_true(look(scene, second));
    assert_true(scene->port[WEST].own_suspicion);
    struct heal_command pace = scene_take(scene, HEAL_COMMAND_PACE);
    assert_int_equal(pace.pace.small_interval_ms, scene->world.settings.probe_fast_ms);
    assert_int_equal(pace.pace.full_interval_ms, scene->world.settings.probe_fast_ms);
    find_nothing(scene);
    pace = scene_take(scene, HEAL_COMMAND_PACE);
    assert_int_equal(pace.pace.small_interval_ms, scene->world.settings.probe_small_ms);
}

/* After an examination that found nothing, the next light reason has to wait. */
static void test_a_light_reason_waits_after_an_all_clear(void **state) {
    struct scene *scene = *state;

    odd(scene, true);
    assert_true(look(scene, 0));
    find_nothing(scene);
    odd(scene, true);
    assert_false(look(scene, 2 * second - 1));
    assert_true(look(scene, 1));
}

/* What is odd again and again for nothing is looked at less and less, up to a limit. */
static void test_the_wait_doubles_with_each_all_clear(void **state) {
    static const heal_us WAIT_S[] = {2, 4, 8, 16, 32, 32, 32};
    struct scene *scene = *state;

    odd(scene, true);
    assert_true(look(scene, 0));
    for (size_t i = 0; i < sizeof WAIT_S / sizeof *WAIT_S; i++) {
        find_nothing(scene);
        odd(scene, true);
        assert_false(look(scene, WAIT_S[i] * second - 1));
        assert_true(look(scene, 1));
    }
}

static void test_a_calm_time_makes_it_watchful_again(void **state) {
    struct scene *scene = *state;

    for (int i = 0; i < 3; i++) {
        odd(scene, true);
        assert_true(look(scene, 8 * second));
        find_nothing(scene);
    }
    assert_false(look(scene, (8 + 30) * second + 1));
    odd(scene, true);
    assert_true(look(scene, 0));
    find_nothing(scene);
    odd(scene, true);
    assert_true(look(scene, 2 * second));
}

static void test_a_strong_reason_waits_for_nothing(void **state) {
    struct scene *scene = *state;

    odd(scene, true);
    assert_true(look(scene, 0));
    find_nothing(scene);
    scene->port[WEST].vitals.flow[HEAL_OUT].low = 2 * scene->world.threshold[HEAL_METRIC_LOSS];
    assert_true(look(scene, 1));
}

static void peer_examines(struct scene *scene, bool examines) {
    scene->port[WEST].peer.examining = examines;
    scene->port[WEST].peer_at = scene->world.now;
}

/* Probes have to go fast in both directions: the peer measures what is sent from here. */
static void test_the_peer_asks_for_a_look(void **state) {
    struct scene *scene = *state;

    assert_false(look(scene, 0));
    peer_examines(scene, true);
    assert_true(look(scene, second));
    assert_false(scene->port[WEST].own_suspicion);
    struct heal_command pace = scene_take(scene, HEAL_COMMAND_PACE);
    assert_int_equal(pace.pace.small_interval_ms, scene->world.settings.probe_fast_ms);
    for (int i = 0; i < 5; i++) { /* as long as it wants */
        peer_examines(scene, true);
        assert_true(look(scene, second));
    }
    peer_examines(scene, false);
    assert_false(look(scene, second));
}

static void test_what_the_peer_asked_long_ago_is_void(void **state) {
    struct scene *scene = *state;

    peer_examines(scene, true);
    assert_false(look(scene, 3 * second + 1));
    peer_examines(scene, true);
    assert_true(look(scene, 3 * second));
}

#define SUSPICION(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        SUSPICION(test_a_light_reason_is_enough),
        SUSPICION(test_a_light_reason_waits_after_an_all_clear),
        SUSPICION(test_the_wait_doubles_with_each_all_clear),
        SUSPICION(test_a_calm_time_makes_it_watchful_again),
        SUSPICION(test_a_strong_reason_waits_for_nothing),
        SUSPICION(test_the_peer_asks_for_a_look),
        SUSPICION(test_what_the_peer_asked_long_ago_is_void),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
