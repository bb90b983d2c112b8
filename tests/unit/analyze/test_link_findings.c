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

#define TEST(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_what_may_yet_turn_out_to_lose),
        TEST(test_noise_that_nobody_has_measured),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
