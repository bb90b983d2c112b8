/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "radio/physics.h"

#include <math.h>

const struct heal_radio heal_radio_default = {
    .power_dbm = 20, .frequency_mhz = 2437, .noise_dbm = -95, .exponent = 3};

/* The free-space constant: 20 log10(4 pi / c) for metres and MHz. */
static const double free_space_db = -27.55;
/* At 10 % of the bits wrong the code gains nothing, far below it up to 5 dB; the middle stands for all. */
static const double coding_gain_db = 3;
/* 802.11a at 6 Mbit/s in 20 MHz: 6 bits of data for 20 of bandwidth. */
static const double bandwidth_per_bit = 20.0 / 6.0;
/* A second's memory of the fading, and its deviation in dB: people who walk by, not cars. */
static const double fading_memory = 0.95, fading_deviation_db = 1;
/* The preamble and the MAC header go over the air with every frame. */
static const unsigned frame_overhead_bytes = 36;

double heal_radio_path_loss(const struct heal_radio *radio, double distance_m) {
    double first_metre = 20 * log10(radio->frequency_mhz) + free_space_db;

    return first_metre + 10 * radio->exponent * log10(distance_m < 1 ? 1 : distance_m);
}

double heal_radio_rssi(const struct heal_radio *radio, double distance_m, double fading_db) {
    return radio->power_dbm - heal_radio_path_loss(radio, distance_m) + fading_db;
}

static double power(double dbm) {
    return pow(10, dbm / 10);
}

double heal_radio_noise(const struct heal_radio *radio, double x_m, double y_m,
                        const struct heal_radio_region *regions, size_t count) {
    double sum = power(radio->noise_dbm);

    for (size_t i = 0; i < count; i++)
        if (hypot(x_m - regions[i].x_m, y_m - regions[i].y_m) <= regions[i].radius_m)
            sum += power(radio->noise_dbm) * (power(regions[i].rise_db) - 1);
    return 10 * log10(sum);
}

double heal_radio_bit_errors(double snr_db) {
    double energy = power(snr_db + coding_gain_db) * bandwidth_per_bit;

    return 0.5 * erfc(sqrt(energy)); /* Q(sqrt(2 x)) = erfc(sqrt(x)) / 2 */
}

double heal_radio_loss(double snr_db, unsigned bytes) {
    double bits = 8.0 * (bytes + frame_overhead_bytes);
    /* log1p and expm1: the errors of a good link are far below what 1 - (1 - p)^n can tell from 0. */
    double frame = -expm1(bits * log1p(-heal_radio_bit_errors(snr_db)));

    return pow(frame, HEAL_RADIO_TRIES);
}

void heal_radio_fading_step(struct heal_radio_fading *fading, struct heal_random *random) {
    double fresh = fading_deviation_db * sqrt(1 - fading_memory * fading_memory);

    fading->now_db = fading_memory * fading->now_db + fresh * heal_random_normal(random);
}
