/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What heald reads of nl80211 (linux/nl80211.h): interfaces, stations and the channel survey. Pure: one
 * decoded frame in, plain data out. What a driver does not report is marked as not there.
 */
#ifndef HEAL_WIRE_NL80211_H
#define HEAL_WIRE_NL80211_H

#include "heal/types.h"
#include "wire/netlink_frame.h"

/** A wireless interface. */
struct heal_nl80211_interface {
    uint32_t ifindex;
    char ifname[HEAL_IFNAME_MAX];
    uint32_t frequency_mhz; /**< 0: on no channel now */
    uint32_t width;         /**< enum nl80211_chan_width */
    uint32_t tx_power_mbm;  /**< hundredths of a dBm */
    bool has_tx_power;
};

/** A neighbour that the driver talks to. Counters are totals since it was met. */
struct heal_nl80211_station {
    uint8_t mac[6];
    int8_t signal_dbm; /**< averaged, where the driver does that */
    int8_t last_signal_dbm;
    uint32_t tx_packets, tx_retries, tx_failed;
    uint32_t expected_kbit; /**< per second, by the rate control; 0: not told */
    uint32_t airtime;       /**< the airtime link metric of 802.11s, in units of 0.01 TU; 0: not told */
    bool has_signal, has_last_signal, has_packets, has_retries, has_failed;
};

/** One channel as the driver has seen it. */
struct heal_nl80211_survey {
    int8_t noise_dbm;
    bool has_noise;
    bool in_use; /**< the channel that the interface is on; only then the noise is of now */
};

/** Each reads one frame of the dump that it is called after. @return 0 or -EBADMSG, with nothing written. */
int heal_nl80211_interface_decode(const struct heal_netlink_frame *frame,
                                  struct heal_nl80211_interface *ret_interface);
int heal_nl80211_station_decode(const struct heal_netlink_frame *frame,
                                struct heal_nl80211_station *ret_station);
int heal_nl80211_survey_decode(const struct heal_netlink_frame *frame,
                               struct heal_nl80211_survey *ret_survey);

#endif
