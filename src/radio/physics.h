/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What a radio link is like, from physics: distance, power and noise give the signal at the receiver, that
 * and the noise give the share of frames lost. Pure functions: the lab sets in the air what follows from
 * them, the simulation draws from it.
 *
 *   path loss      free space over the first metre (Friis 1946), then 10 n log10(d) (log-distance model:
 *                  T. S. Rappaport, "Wireless Communications", 2nd ed., 4.9)
 *   bit errors     BPSK at rate 1/2 on white noise, Q(sqrt(2 Eb/N0)), with the coding gain of the 802.11
 *                  convolutional code as a fixed number of dB (J. G. Proakis, "Digital Communications",
 *                  4th ed., 5.2 and 8.2)
 *   frame errors   1 - (1 - bit errors)^bits; a frame that is lost is sent again, as 802.11 does, so the link
 *                  loses it only if every one of its tries fails
 *   fading         slow and log-normal, one first-order autoregressive process a link (M. Gudmundson,
 *                  "Correlation model for shadow fading in mobile radio systems", 1991)
 */
#ifndef HEAL_RADIO_PHYSICS_H
#define HEAL_RADIO_PHYSICS_H

#include "base/random.h"

#include <stddef.h>

/** What the radios of a link are like. */
struct heal_radio {
    double power_dbm, frequency_mhz, noise_dbm;
    double exponent; /**< of the loss of power over distance: 2 in free space */
};

/** A transmitter of 20 dBm at 2437 MHz among buildings. */
extern const struct heal_radio heal_radio_default;

enum { HEAL_RADIO_TRIES = 3 /**< of a frame, on the air, before it is given up */ };

/** A region in which there is more noise. */
struct heal_radio_region {
    double x_m, y_m, radius_m, rise_db;
};

/** The fading of one link: both directions fade alike (reciprocity). */
struct heal_radio_fading {
    double now_db;
};

/** @return the loss of power in dB over @p distance_m (below a metre counts as one). */
double heal_radio_path_loss(const struct heal_radio *radio, double distance_m);
/** @return the power at the receiver in dBm. */
double heal_radio_rssi(const struct heal_radio *radio, double distance_m, double fading_db);
/** @return the noise in dBm at a place: the radio's own and that of the regions around it, their powers
 * added. */
double heal_radio_noise(const struct heal_radio *radio, double x_m, double y_m,
                        const struct heal_radio_region *regions, size_t count);
/** @return the share of bits that are wrong at a signal-to-noise ratio in dB. */
double heal_radio_bit_errors(double snr_db);
/** @return the share of frames of @p bytes that are lost after all tries, 0 to 1. */
double heal_radio_loss(double snr_db, unsigned bytes);

/** Lets a second pass. */
void heal_radio_fading_step(struct heal_radio_fading *fading, struct heal_random *random);

#endif
