/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/nl80211.h"

#include "wire/genetlink.h"

#include <errno.h>
#include <linux/nl80211.h>

#define INTERFACE(kind_, type_, member_)                                                                     \
    HEAL_ATTRIBUTE_OF(kind_, NL80211_ATTR_##type_, struct heal_nl80211_interface, member_)

static const struct heal_attribute interface_table[] = {
    INTERFACE(NUMBER, IFINDEX, ifindex),
    INTERFACE(NAME, IFNAME, ifname),
    INTERFACE(NUMBER, WIPHY_FREQ, frequency_mhz),
    INTERFACE(NUMBER, CHANNEL_WIDTH, width),
    HEAL_ATTRIBUTE_SEEN_OF(NUMBER, NL80211_ATTR_WIPHY_TX_POWER_LEVEL, struct heal_nl80211_interface,
                           tx_power_mbm, has_tx_power),
    {0},
};

#define STATION(type_, member_)                                                                              \
    HEAL_ATTRIBUTE_OF(NUMBER, NL80211_STA_INFO_##type_, struct heal_nl80211_station, member_)
#define STATION_SEEN(type_, member_, seen_)                                                                  \
    HEAL_ATTRIBUTE_SEEN_OF(NUMBER, NL80211_STA_INFO_##type_, struct heal_nl80211_station, member_, seen_)

static const struct heal_attribute station_info_table[] = {
    STATION_SEEN(SIGNAL, last_signal_dbm, has_last_signal),
    STATION_SEEN(SIGNAL_AVG, signal_dbm, has_signal),
    STATION_SEEN(TX_PACKETS, tx_packets, has_packets),
    STATION_SEEN(TX_RETRIES, tx_retries, has_retries),
    STATION_SEEN(TX_FAILED, tx_failed, has_failed),
    STATION(EXPECTED_THROUGHPUT, expected_kbit),
    STATION(AIRTIME_LINK_METRIC, airtime),
    {0},
};

static const struct heal_attribute station_table[] = {
    HEAL_ATTRIBUTE_OF(BYTES, NL80211_ATTR_MAC, struct heal_nl80211_station, mac),
    HEAL_ATTRIBUTE_NEST_OF(NL80211_ATTR_STA_INFO, station_info_table),
    {0},
};

static const struct heal_attribute survey_info_table[] = {
    HEAL_ATTRIBUTE_SEEN_OF(NUMBER, NL80211_SURVEY_INFO_NOISE, struct heal_nl80211_survey, noise_dbm,
                           has_noise),
    HEAL_ATTRIBUTE_OF(FLAG, NL80211_SURVEY_INFO_IN_USE, struct heal_nl80211_survey, in_use),
    {0},
};

static const struct heal_attribute survey_table[] = {
    HEAL_ATTRIBUTE_NEST_OF(NL80211_ATTR_SURVEY_INFO, survey_info_table),
    {0},
};

int heal_nl80211_interface_decode(const struct heal_netlink_frame *frame,
                                  struct heal_nl80211_interface *ret_interface) {
    struct heal_nl80211_interface interface = {0};
    if (heal_genetlink_command(frame) < 0 || heal_genetlink_read(frame, interface_table, &interface) < 0) {
        return -EBADMSG;
    }
    *ret_interface = interface;
    return 0;
}

int heal_nl80211_station_decode(const struct heal_netlink_frame *frame,
                                struct heal_nl80211_station *ret_station) {
    struct heal_nl80211_station station = {0};
    if (heal_genetlink_command(frame) < 0 || heal_genetlink_read(frame, station_table, &station) < 0) {
        return -EBADMSG;
    }
    if (!station.has_signal && station.has_last_signal) {
        station.signal_dbm = station.last_signal_dbm;
        station.has_signal = true;
    }
    *ret_station = station;
    return 0;
}

int heal_nl80211_survey_decode(const struct heal_netlink_frame *frame,
                               struct heal_nl80211_survey *ret_survey) {
    struct heal_nl80211_survey survey = {0};
    if (heal_genetlink_command(frame) < 0 || heal_genetlink_read(frame, survey_table, &survey) < 0) {
        return -EBADMSG;
    }
    *ret_survey = survey;
    return 0;
}
