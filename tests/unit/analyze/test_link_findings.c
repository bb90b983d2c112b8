/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What several detectors rest on: whether a link may yet turn out to lose, whether noise is its trouble. */
#include "analyze/link_findings.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Of so many probes to or from west so many were lost. */
static void flow(struct scene *scene, enum heal_direction direction, uint32_t sent, uint32_t lost) {
    struct heal_flow *flow = &scene->port[WEST].vitals.flow[direction];

    flow->loss = (float)lost / (float)sent;
    flow->samples = sent;
}

static void test_what_may_yet_turn_out_to_lose(void **state) {
    struct scene *scene = *state;
    struct heal_port *west = &scene->port[WEST];
    heal_us now = scene->world.now;

    west->suspected_at = now - 2 * HEAL_US_PER_S;
    flow(scene, HEAL_IN, 80, 0);
    assert_false(heal_link_may_lose(&scene->world, west, HEAL_IN));
    flow(scene, HEAL_IN, 80, 2);
    assert_true(heal_link_may_lose(&scene->world, west, HEAL_IN));
    flow(scene, HEAL_OUT, 5, 0); /* hardly a word of what arrives there */
    assert_true(heal_link_may_lose(&scene->world, west, HEAL_OUT));
    west->suspected_at = now - 7 * HEAL_US_PER_S; /* it is not waited for for ever */
    assert_false(heal_link_may_lose(&scene->world, west, HEAL_IN));
    assert_false(heal_link_may_lose(&scene->world, west, HEAL_OUT));
}

/* A radio that does not tell its noise: a faint signal is no sign of any. */
static void test_noise_that_nobody_has_measured(void **state) {
    struct scene *scene = *state;
    struct heal_port *west = &scene->port[WEST];

    west->vitals.has_rssi = true;
    west->rssi_dbm = -90;
    assert_false(heal_link_is_jammed(&scene->world, west));
    west->vitals.has_snr = true;
    west->vitals.snr_db = -10;
    west->vitals.noise_dbm = -80;
    assert_true(heal_link_is_jammed(&scene->world, west));
    west->vitals.noise_dbm = -99; /* as quiet as ever: it is the signal */
    assert_false(heal_link_is_jammed(&scene->world, west));
}

/* West says for how long it has heard nothing, a moment ago; so many in a hundred of its own probes were lost
 * meanwhile. Both have looked for a third of a second. */
static struct heal_port *deaf_west(struct scene *scene, float silence_s, uint32_t lost) {
    struct heal_port *west = &scene->port[WEST];
    heal_us now = scene->world.now, step = 250 * HEAL_US_PER_MS;

    west->in.count = 0;
    for (uint32_t i = 0; i <= 12; i++) {
        const struct heal_link_account account = {
            .epoch = 1, .expected = {100 * i,          0},
                 .received = {(100 - lost) * i, 0}
        };
        heal_history_add(&west->in, now - (12 - i) * step, &account);
    }
    west->examined_since = west->suspected_at = now - 330 * HEAL_US_PER_MS;
    west->peer_at = now - 10 * HEAL_US_PER_MS;
    west->vitals.flow[HEAL_OUT].silence_s = silence_s;
    return west;
}

static void test_who_is_not_heard_knows_before_he_is_lost(void **state) {
    struct scene *scene = *state;
    enum heal_direction direction = HEAL_IN;
    float silence = scene->world.threshold[HEAL_METRIC_SILENCE];

    struct heal_port *west = deaf_west(scene, 0.8F * silence, 5);
    assert_true(heal_link_is_unheard(&scene->world, west));
    assert_true(heal_link_is_one_way(&scene->world, west, &direction));
    assert_int_equal(direction, HEAL_OUT);
    assert_false(heal_link_is_silent(&scene->world, west));
}

/* Each lacks one thing of the above. */
static void test_who_may_be_heard_after_all(void **state) {
    struct scene *scene = *state;
    float silence = scene->world.threshold[HEAL_METRIC_SILENCE];

    struct heal_port *west = deaf_west(scene, 0.7F * silence, 5); /* it happens */
    assert_false(heal_link_is_unheard(&scene->world, west));
    west = deaf_west(scene, 0.8F * silence, 30); /* both ways are bad */
    assert_false(heal_link_is_unheard(&scene->world, west));
    west = deaf_west(scene, 2 * silence, 0);
    west->peer_at = west->suspected_at + 50 * HEAL_US_PER_MS; /* said before the probes went fast */
    assert_false(heal_link_is_unheard(&scene->world, west));
    west = deaf_west(scene, 2 * silence, 0);
    west->vitals.flow[HEAL_IN].silence_s = 0.5F; /* it may have gone meanwhile */
    assert_false(heal_link_is_unheard(&scene->world, west));
}

/* The end that hears badly gets hardly a word about the other direction. */
static void test_half_of_the_truth_is_waited_for(void **state) {
    struct scene *scene = *state;
    struct heal_port *west = &scene->port[WEST];

    west->suspected_at = scene->world.now - 3 * HEAL_US_PER_S;
    flow(scene, HEAL_OUT, 5, 0);
    assert_true(heal_link_is_undecided(&scene->world, west, HEAL_OUT));
    flow(scene, HEAL_OUT, 40, 20);
    assert_false(heal_link_is_undecided(&scene->world, west, HEAL_OUT));
    flow(scene, HEAL_OUT, 5, 0);
    west->peer_at = 0; /* there is no heald over there, and never a word */
    assert_false(heal_link_is_undecided(&scene->world, west, HEAL_OUT));
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_what_may_yet_turn_out_to_lose),
        TEST(test_noise_that_nobody_has_measured),
        TEST(test_who_is_not_heard_knows_before_he_is_lost),
        TEST(test_who_may_be_heard_after_all),
        TEST(test_half_of_the_truth_is_waited_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
