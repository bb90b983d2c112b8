/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The physics of radio links, against values worked out by hand and closed forms. */
#include "lab/topology.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const struct heal_radio wifi = {
    .power_dbm = 20, .frequency_mhz = 2437, .noise_dbm = -95, .exponent = 3};

static void close_to(double value, double wanted, double tolerance) {
    if (!(fabs(value - wanted) <= tolerance))
        fail_msg("%.9g is not within %.3g of %.9g", value, tolerance, wanted);
}

static void path_loss_is_friis_then_log_distance(void **state) {
    struct heal_radio free_space = wifi;

    (void)state;
    /* 20 log10(4 pi d f / c): 40.18 dB at 1 m and 2437 MHz, 20 dB a decade in free space, 30 at exponent 3.
     */
    close_to(heal_radio_path_loss(&wifi, 1), 40.18, 0.02);
    close_to(heal_radio_path_loss(&wifi, 10), 70.18, 0.02);
    close_to(heal_radio_path_loss(&wifi, 100), 100.18, 0.02);
    close_to(heal_radio_path_loss(&wifi, 60), 93.53, 0.02); /* 30 log10(60) = 53.34 */
    free_space.exponent = 2;
    close_to(heal_radio_path_loss(&free_space, 1000), 100.18, 0.02);
    free_space.frequency_mhz = 868; /* 20 log10(868 / 2437) = -8.97 */
    close_to(heal_radio_path_loss(&free_space, 1000), 91.21, 0.02);
    /* Nobody stands on the antenna. */
    close_to(heal_radio_path_loss(&wifi, 0), heal_radio_path_loss(&wifi, 1), 0);
}

static void rssi_is_power_less_path_loss_plus_fading(void **state) {
    (void)state;
    close_to(heal_radio_rssi(&wifi, 60, 0), -73.53, 0.02);
    close_to(heal_radio_rssi(&wifi, 60, -2.5), -76.03, 0.02);
}

static void farther_is_weaker_and_noisier_is_worse(void **state) {
    (void)state;
    for (int d = 1; d < 1000; d++)
        assert_true(heal_radio_path_loss(&wifi, d + 1) > heal_radio_path_loss(&wifi, d));
    for (int i = -40; i < 40; i++) {
        double snr = i / 4.0;

        assert_true(heal_radio_bit_errors(snr + 0.25) < heal_radio_bit_errors(snr));
        assert_true(heal_radio_loss(snr + 0.25, 1500) <= heal_radio_loss(snr, 1500));
        assert_true(heal_radio_loss(snr, 200) <= heal_radio_loss(snr, 1500));
    }
}

/* Q(z) by its definition, the tail of the normal distribution, in steps of the midpoint rule. */
static double q_by_integral(double z) {
    const double step = 1e-4;
    double sum = 0;

    for (int i = 0; i < 120000; i++) {
        double x = z + (i + 0.5) * step;

        sum += exp(-x * x / 2);
    }
    return sum * step / sqrt(2 * acos(-1));
}

static void bit_errors_follow_the_closed_form(void **state) {
    (void)state;
    for (int snr = -12; snr <= 2; snr += 2) {
        /* Eb/N0: 3 dB of coding gain, and 20 MHz for 6 Mbit/s. */
        double energy = pow(10, (snr + 3) / 10.0) * 20 / 6;
        double wanted = q_by_integral(sqrt(2 * energy));

        close_to(heal_radio_bit_errors(snr), wanted, wanted * 1e-5);
    }
    /* The textbook's point: 9.6 dB of Eb/N0 make one bit in 100,000 wrong. */
    close_to(log10(heal_radio_bit_errors(9.59 - 3 - 10 * log10(20.0 / 6))), -5, 0.01);
    close_to(heal_radio_bit_errors(-200), 0.5, 1e-6);
}

static void loss_goes_from_none_to_all(void **state) {
    double frame;

    (void)state;
    close_to(heal_radio_loss(30, 1500), 0, 0);
    close_to(heal_radio_loss(10, 1500), 0, 1e-12);
    close_to(heal_radio_loss(-30, 1500), 1, 1e-12);
    close_to(heal_radio_loss(-30, 200), 1, 1e-12);
    /* In between: three tries of a frame of 1500 + 36 bytes. */
    frame = 1 - pow(1 - heal_radio_bit_errors(0.5), 8 * 1536);
    assert_true(frame > 0.1 && frame < 0.9);
    close_to(heal_radio_loss(0.5, 1500), frame * frame * frame, 1e-9);
    for (int snr = -40; snr < 40; snr++) {
        double loss = heal_radio_loss(snr, 1500);

        assert_true(loss >= 0 && loss <= 1);
    }
}

static void noise_powers_add_up(void **state) {
    const double x = 30, y = 40; /* 50 m from the origin */
    struct heal_radio_region regions[] = {
        {.radius_m = 50, .rise_db = 10},
        {.radius_m = 60, .rise_db = 10},
        {.radius_m = 49, .rise_db = 60},
    };

    (void)state;
    close_to(heal_radio_noise(&wifi, x, y, NULL, 0), -95, 1e-9);
    close_to(heal_radio_noise(&wifi, x, y, regions, 1), -85, 1e-9); /* at the very edge is inside */
    /* 1 + 9 + 9 times the radio's own. */
    close_to(heal_radio_noise(&wifi, x, y, regions, 2), -95 + 10 * log10(19), 1e-9);
    close_to(heal_radio_noise(&wifi, x, y, regions, 3), -95 + 10 * log10(19), 1e-9);
    regions[0].rise_db = 0;
    close_to(heal_radio_noise(&wifi, x, y, regions, 1), -95, 1e-9);
}

static void fading_has_its_deviation_and_its_memory(void **state) {
    enum { STEPS = 200000, SEED = 7 };
    struct heal_radio_fading fading = {0};
    struct heal_random random;
    double sum = 0, squares = 0, products = 0, before = 0;

    (void)state;
    print_message("seed %d\n", SEED);
    heal_random_init(&random, SEED);
    for (int i = 0; i < STEPS; i++) {
        heal_radio_fading_step(&fading, &random);
        sum += fading.now_db;
        squares += fading.now_db * fading.now_db;
        products += before * fading.now_db;
        before = fading.now_db;
    }
    /* With a memory of .95 there are some 5,000 independent samples: three deviations of each estimate. */
    close_to(sum / STEPS, 0, 0.045);
    close_to(sqrt(squares / STEPS), 1, 0.03);
    close_to(products / squares, 0.95, 0.003);
}

static double noise_at(const struct heal_topology_link *link, const struct heal_topology_node *node,
                       const struct heal_radio_region *noise) {
    return heal_radio_noise(&link->radio, node->x_m, node->y_m, noise, 1);
}

/* What the example's comment promises. */
static void example_is_quiet_until_there_is_noise(void **state) {
    static struct heal_topology topology;
    static char text[8192];
    const struct heal_radio_region noise = {.x_m = 120, .y_m = 60, .radius_m = 30, .rise_db = 22};
    FILE *file = fopen(HEAL_EXAMPLE, "re");
    struct heal_error error = {0};
    unsigned noisy = 0;

    (void)state;
    assert_non_null(file);
    if (heal_topology_parse(text, fread(text, 1, sizeof text, file), &topology, &error) < 0)
        fail_msg("%d:%d: %s", error.line, error.column, error.what);
    fclose(file);
    assert_int_equal(topology.links, 12);
    for (unsigned i = 0; i < topology.links; i++) {
        const struct heal_topology_link *link = &topology.link[i];
        double rssi = heal_radio_rssi(&link->radio, heal_topology_distance(&topology, i), -4);
        double at_a = noise_at(link, &topology.node[link->a], &noise);
        double at_b = noise_at(link, &topology.node[link->b], &noise);

        assert_true(link->has_radio);
        close_to(heal_radio_loss(rssi - link->radio.noise_dbm, 1500), 0,
                 1e-6); /* four deviations of fading */
        rssi += 4;
        noisy += heal_radio_loss(rssi - at_a, 1500) > 0.4 || heal_radio_loss(rssi - at_b, 1500) > 0.4;
    }
    assert_int_equal(noisy, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(path_loss_is_friis_then_log_distance),
        cmocka_unit_test(rssi_is_power_less_path_loss_plus_fading),
        cmocka_unit_test(farther_is_weaker_and_noisier_is_worse),
        cmocka_unit_test(bit_errors_follow_the_closed_form),
        cmocka_unit_test(loss_goes_from_none_to_all),
        cmocka_unit_test(noise_powers_add_up),
        cmocka_unit_test(fading_has_its_deviation_and_its_memory),
        cmocka_unit_test(example_is_quiet_until_there_is_noise),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
