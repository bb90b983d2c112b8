/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Recorded answers of a kernel: a file in data/ holds one datagram a line, as hex; its comments say what the
 * usual tools make of it. Recorded with Linux 6.1 on mac80211_hwsim: four nodes, 802.11s, batman-adv.
 */
#ifndef HEAL_TEST_WIRE_RECORDING_H
#define HEAL_TEST_WIRE_RECORDING_H

#include "wire/netlink_frame.h"

enum { RECORDING_FRAMES_MAX = 16, RECORDING_BYTES_MAX = 1 << 13 };

struct recording {
    size_t datagrams;
    size_t frames; /**< that carry something */
    struct heal_netlink_frame frame[RECORDING_FRAMES_MAX];
    bool done, acknowledged; /**< ends with DONE; with an acknowledgement */
    size_t used;
    uint8_t bytes[RECORDING_BYTES_MAX];
};

/** Reads data/NAME.hex and takes it apart; fails the test where it is not whole. */
void recording_read(struct recording *recording, const char *name);

/** Each frame, cut at every length, is refused or read, and never beyond its end. @param decode fails or not.
 */
void recording_cut(const struct recording *recording, int (*decode)(const struct heal_netlink_frame *frame));

#endif
