/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Stands between the kernel's simulated radios (mac80211_hwsim) and a medium: takes each frame that a radio
 * sends, lets the medium decide about every attempt at every rate that the rate control has asked for,
 * delivers the frame to those who hear it, with the signal they hear, and tells the sender what a real
 * driver would: whether it was acknowledged and after how many attempts. So retries, failures, signal and
 * minstrel's expectations are the kernel's own. The driver has no header for programs; its numbers are those
 * of drivers/net/wireless/mac80211_hwsim.h, which have not changed since Linux 3.x.
 */
#ifndef HEAL_WIFI_HWSIM_H
#define HEAL_WIFI_HWSIM_H

#include "wifi/medium.h"

struct mnl_socket;

/** A caller's memory. */
struct heal_hwsim {
    struct mnl_socket *socket;
    uint16_t family;
    struct heal_random random;
};

/** Takes over the medium of the radios that were made in this network namespace. @return 0 or a negative
 * errno. */
int heal_hwsim_init(struct heal_hwsim *hwsim, uint64_t seed);
void heal_hwsim_deinit(struct heal_hwsim *hwsim);

/** @return what to wait for before heal_hwsim_serve(). */
int heal_hwsim_fd(const struct heal_hwsim *hwsim);

/** Carries what has been sent, without waiting. @return 0, or a negative errno that it cannot go on from. */
int heal_hwsim_serve(struct heal_hwsim *hwsim, const struct heal_medium *medium);

#endif
