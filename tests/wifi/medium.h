/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The medium of the Wi-Fi lab as plain data: where each radio stands and how strongly it sends, what is lost
 * beyond that, and what becomes of one attempt to send a frame. It comes from a text, a line a fact:
 *
 *     radio 0 at 0,0              metres; radios are numbered as the kernel numbers its phys
 *     radio 1 at 30,-15 power 10dBm
 *     loss 0-1 80%                of the attempts that the signal alone would let pass; 0>1: one way only
 *     silent 2                    neither heard nor hears: a dead radio
 *
 * The signal follows from distance and power, the loss of an attempt from the signal, the rate and the size
 * of the frame (radio/physics). What is not modelled: time on the air, so there are no collisions and no
 * queue for the channel. Nothing here does I/O.
 */
#ifndef HEAL_WIFI_MEDIUM_H
#define HEAL_WIFI_MEDIUM_H

#include "base/random.h"
#include "heal/error.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    HEAL_MEDIUM_RADIOS_MAX = 32,
    HEAL_MEDIUM_RATES = 12, /**< of 802.11g in the kernel's order: 1, 2, 5.5, 11, then 6 to 54 Mbit/s */
};

struct heal_medium_radio {
    bool present, silent;
    double x_m, y_m, power_dbm;
};

struct heal_medium {
    struct heal_medium_radio radio[HEAL_MEDIUM_RADIOS_MAX];
    double loss[HEAL_MEDIUM_RADIOS_MAX][HEAL_MEDIUM_RADIOS_MAX]; /**< [from][to], of the attempts, 0 to 1 */
};

/** @return 0; or -EINVAL with line and column in @p error, and @p ret_medium untouched. */
int heal_medium_parse(const char *text, size_t length, struct heal_medium *ret_medium,
                      struct heal_error *error);

/** Can anything of what @p from sends reach @p to? Both below HEAL_MEDIUM_RADIOS_MAX. */
bool heal_medium_has_path(const struct heal_medium *medium, unsigned from, unsigned to);

/** @return how strongly @p to hears @p from, in dBm. */
double heal_medium_signal(const struct heal_medium *medium, unsigned from, unsigned to);

/** @return the share of attempts that fail, 0 to 1, for a frame of @p bytes at a rate, which is an index; one
 * that does not exist counts as the highest. */
double heal_medium_attempt_loss(const struct heal_medium *medium, unsigned from, unsigned to, unsigned rate,
                                size_t bytes);

/** Draws one attempt. @return whether it arrived. */
bool heal_medium_attempt(const struct heal_medium *medium, struct heal_random *random, unsigned from,
                         unsigned to, unsigned rate, size_t bytes);

#endif
