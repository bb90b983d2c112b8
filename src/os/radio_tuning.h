/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The two settings of a radio that heald can change where an operator's policy says so: its channel and its
 * transmit power (nl80211). A mesh point announces a new channel to its neighbours first, and they follow.
 */
#ifndef HEAL_OS_RADIO_TUNING_H
#define HEAL_OS_RADIO_TUNING_H

#include "heal/command.h"

/**
 * Reads what a setting is now. @param what HEAL_TUNE_CHANNEL (MHz) or HEAL_TUNE_POWER (hundredths of a dBm).
 * @return 0; -ENODEV; -ENOTSUP where the driver does not tell; or another negative errno.
 */
int heal_radio_get(enum heal_tuning what, const char *ifname, uint32_t *ret_value);

/** Changes it. @return 0; -ENOTSUP for a channel wider than 20 MHz; or the kernel's negative errno. */
int heal_radio_set(enum heal_tuning what, const char *ifname, uint32_t value);

#endif
