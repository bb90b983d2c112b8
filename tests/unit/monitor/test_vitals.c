/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What the monitor makes of a radio's readings, of this end and of the other, and for how long; and how it
 * becomes features. */
#include "monitor/intake.h"
#include "monitor/vitals.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const heal_us fresh = 5 * HEAL_US_PER_S;

static void set_normal(struct scene *scene, enum heal_quantity quantity, float middle) {
    scene->port[WEST].normal[quantity] =
        (struct heal_baseline){.samples = HEAL_BASELINE_WARM, .middle = middle, .deviation = 1};
}

/* This end hears west 20 dB less well than it does normally, half of it for the noise. */
static void radio_says(struct scene *scene) {
    struct heal_port *port = &scene->port[WEST];

    set_normal(scene, HEAL_QUANTITY_RSSI, -60);
    set_normal(scene, HEAL_QUANTITY_NOISE, -95);
    set_normal(scene, HEAL_QUANTITY_SNR, 35);
    port->has_radio = port->has_noise = true;
    port->rssi_dbm = -70;
    port->noise_dbm = -85;
    port->radio_at = scene->world.now;
}

/* So does west. */
static void west_says(struct scene *scene) {
    struct heal_port *port = &scene->port[WEST];

    set_normal(scene, HEAL_QUANTITY_PEER_NOISE, -95);
    set_normal(scene, HEAL_QUANTITY_PEER_SNR, 35);
    port->peer.features.value[HEAL_FEATURE_SNR] = 15;
    port->peer.features.valid = 1u << HEAL_FEATURE_SNR;
    port->peer.noise_dbm = -85;
    port->peer_at = scene->world.now;
}

static const struct heal_vitals *vitals_after(struct scene *scene, heal_us span) {
    scene->world.now += span;
    heal_vitals_update(&scene->world, &scene->port[WEST]);
    return &scene->port[WEST].vitals;
}

static void assert_bad(const struct heal_vitals *vitals) {
    assert_true(vitals->has_snr);
    assert_float_equal(vitals->snr_db, 15, 1e-3);
    assert_float_equal(vitals->snr_drop_db, 20, 1e-3);
    assert_float_equal(vitals->noise_rise_db, 10, 1e-3);
}

static void assert_unknown(const struct heal_vitals *vitals) {
    assert_false(vitals->has_snr);
    assert_float_equal(vitals->snr_drop_db, 0, 0);
    assert_float_equal(vitals->noise_rise_db, 0, 0);
    assert_float_equal(vitals->rssi_drop_db, 0, 0);
}

static void test_a_radio_that_fell_silent_says_nothing(void **state) {
    struct scene *scene = *state;
    const struct heal_port *port = &scene->port[WEST];
    const uint8_t radio = 1u << HEAL_FEATURE_RSSI | 1u << HEAL_FEATURE_SNR;

    radio_says(scene);
    assert_bad(vitals_after(scene, fresh));
    assert_float_equal(port->vitals.rssi_drop_db, 10, 1e-3);
    assert_int_equal(port->features.valid & radio, radio);
    assert_unknown(vitals_after(scene, 1));
    assert_int_equal(port->features.valid & radio, 0);
}

static void test_nor_does_a_peer(void **state) {
    struct scene *scene = *state;

    west_says(scene);
    assert_bad(vitals_after(scene, fresh));
    assert_unknown(vitals_after(scene, 1));
}

static void test_what_is_stale_is_not_learned(void **state) {
    struct scene *scene = *state;
    struct heal_port *port = &scene->port[WEST];

    radio_says(scene);
    west_says(scene);
    vitals_after(scene, fresh + 1);
    heal_vitals_learn(&scene->world, port);
    for (enum heal_quantity i = HEAL_QUANTITY_RSSI; i <= HEAL_QUANTITY_PEER_NOISE; i++)
        assert_int_equal(port->normal[i].samples, HEAL_BASELINE_WARM);
    port->radio_at = port->peer_at = scene->world.now;
    vitals_after(scene, 0);
    heal_vitals_learn(&scene->world, port);
    for (enum heal_quantity i = HEAL_QUANTITY_RSSI; i <= HEAL_QUANTITY_PEER_NOISE; i++)
        assert_int_equal(port->normal[i].samples, HEAL_BASELINE_WARM + 1);
}

static void hear(struct scene *scene, float noise_dbm, float snr_db) {
    struct heal_message message = {.kind = HEAL_MESSAGE_LINK, .port = scene->port[WEST].key, .from = 7};

    message.link.noise_dbm = noise_dbm;
    message.link.features.value[HEAL_FEATURE_SNR] = snr_db;
    message.link.features.valid = 1u << HEAL_FEATURE_SNR;
    heal_intake_peer(&scene->world, &message);
    vitals_after(scene, 0);
    heal_vitals_learn(&scene->world, &scene->port[WEST]);
}

/* A number it is, but none of a radio's: one of them, and what is normal would be none for ever. */
static void test_what_no_radio_hears_is_not_learned(void **state) {
    struct scene *scene = *state;
    const struct heal_baseline *normal = scene->port[WEST].normal;

    hear(scene, -95, 35);
    assert_int_equal(normal[HEAL_QUANTITY_PEER_NOISE].samples, 1);
    for (int i = 0; i < 4; i++) {
        float much = i % 2 == 0 ? 3e38F : -3e38F;

        hear(scene, much, 35);
        hear(scene, -95, much);
        assert_false(scene->port[WEST].vitals.has_snr);
    }
    hear(scene, -95, 35);
    assert_int_equal(normal[HEAL_QUANTITY_PEER_NOISE].samples, 2);
    assert_float_equal(normal[HEAL_QUANTITY_PEER_NOISE].middle, -95, 1e-3);
    assert_float_equal(normal[HEAL_QUANTITY_PEER_SNR].middle, 35, 1e-3);
}

#define VITALS(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

/* What flaps is young, and stays so: a port that has been gone is as one that was not there before. */
static void test_a_link_is_as_old_as_its_last_outage(void **state) {
    struct scene *scene = *state;
    struct heal_port *port = &scene->port[WEST];

    scene->world.now = port->since + 100 * HEAL_US_PER_S;
    (void)vitals_after(scene, 0);
    assert_float_equal(port->features.value[HEAL_FEATURE_LINK_AGE], 100, 1e-3);
    port->outage_at[0] = scene->world.now - 3 * HEAL_US_PER_S;
    (void)vitals_after(scene, HEAL_US_PER_S);
    assert_float_equal(port->features.value[HEAL_FEATURE_LINK_AGE], 4, 1e-3);
    port->since = scene->world.now; /* it has come up once more */
    (void)vitals_after(scene, HEAL_US_PER_S);
    assert_float_equal(port->features.value[HEAL_FEATURE_LINK_AGE], 1, 1e-3);
}

/* Processes may use more than the node is said to have. */
static void test_a_share_is_of_one(void **state) {
    struct scene *scene = *state;
    const struct heal_features *features = &scene->port[WEST].features;

    scene->world.node_at = scene->world.now;
    scene->world.node.cpu = 3.9F;
    scene->world.node.memory = 0.4F;
    (void)vitals_after(scene, 0);
    assert_float_equal(features->value[HEAL_FEATURE_CPU], 1, 0);
    assert_float_equal(features->value[HEAL_FEATURE_MEMORY], 0.4, 1e-6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        VITALS(test_a_radio_that_fell_silent_says_nothing), VITALS(test_nor_does_a_peer),
        VITALS(test_what_is_stale_is_not_learned),          VITALS(test_what_no_radio_hears_is_not_learned),
        VITALS(test_a_link_is_as_old_as_its_last_outage),   VITALS(test_a_share_is_of_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
