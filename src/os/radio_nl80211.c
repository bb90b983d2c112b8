/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The kernel's own radios: what nl80211 says of each station of each interface. */
#include "os/genetlink.h"
#include "os/link_local.h"
#include "os/radio.h"

#include "base/text.h"
#include "wire/nl80211.h"

#include <errno.h>
#include <linux/nl80211.h>
#include <stdlib.h>
#include <string.h>

enum { INTERFACES_MAX = 16 };

struct radio_nl80211 {
    struct heal_radio_source base; /* first */
    struct heal_genetlink nl80211;
    size_t interfaces;
    struct heal_nl80211_interface interface[INTERFACES_MAX];
    /* of the interface that is being read */
    const struct heal_nl80211_interface *reading;
    const struct heal_reading_sink *sink;
    bool has_noise;
    float noise_dbm;
};

static void take_interface(void *context, const struct heal_netlink_frame *frame) {
    struct radio_nl80211 *radio = context;
    struct heal_nl80211_interface *place = &radio->interface[radio->interfaces];
    if (radio->interfaces < INTERFACES_MAX && heal_nl80211_interface_decode(frame, place) == 0 &&
        place->ifname[0]) {
        radio->interfaces++;
    }
}

/* Only the channel in use tells of now; some drivers invent a figure for the rest. */
static void take_survey(void *context, const struct heal_netlink_frame *frame) {
    struct radio_nl80211 *radio = context;
    struct heal_nl80211_survey survey;
    if (heal_nl80211_survey_decode(frame, &survey) == 0 && survey.in_use && survey.has_noise) {
        radio->has_noise = true;
        radio->noise_dbm = survey.noise_dbm;
    }
}

static void report_signal(const struct radio_nl80211 *radio, const struct heal_nl80211_station *station,
                          const struct heal_port_key *port) {
    struct heal_reading reading = {.kind = HEAL_READING_RADIO};
    reading.radio = (struct heal_reading_radio){.port = *port,
                                                .rssi_dbm = station->signal_dbm,
                                                .noise_dbm = radio->has_noise ? radio->noise_dbm : 0,
                                                .has_noise = radio->has_noise};
    radio->sink->take(radio->sink->context, &reading);
}

static void report_counters(const struct radio_nl80211 *radio, const struct heal_nl80211_station *station,
                            const struct heal_port_key *port) {
    const struct heal_nl80211_interface *interface = radio->reading;
    struct heal_reading reading = {.kind = HEAL_READING_STATION};
    reading.station = (struct heal_reading_station){
        .port = *port,
        .tx_packets = station->tx_packets,
        .tx_retries = station->tx_retries,
        .tx_failed = station->has_failed ? station->tx_failed : 0,
        .expected_kbit = station->expected_kbit,
        .airtime = station->airtime,
        .frequency_mhz = interface->frequency_mhz,
        .power_mbm = interface->has_tx_power ? interface->tx_power_mbm : 0,
    };
    radio->sink->take(radio->sink->context, &reading);
}

static void take_station(void *context, const struct heal_netlink_frame *frame) {
    const struct radio_nl80211 *radio = context;
    struct heal_nl80211_station station;
    if (heal_nl80211_station_decode(frame, &station) < 0) {
        return;
    }
    struct heal_port_key port = heal_link_local_port(radio->reading->ifname, station.mac);
    if (station.has_signal) {
        report_signal(radio, &station, &port);
    }
    if (station.has_packets && station.has_retries) {
        report_counters(radio, &station, &port);
    }
}

static int dump(struct radio_nl80211 *radio, uint8_t command, uint32_t ifindex,
                heal_netlink_take_frame *take) {
    struct nlmsghdr *head = heal_genetlink_request(&radio->nl80211, command, NLM_F_DUMP);
    if (ifindex) {
        mnl_attr_put_u32(head, NL80211_ATTR_IFINDEX, ifindex);
    }
    int r = heal_genetlink_ask(&radio->nl80211, take, radio);
    return r == -EAGAIN ? 0 : r; /* what was missed comes with the next round */
}

static int read_radios(struct heal_radio_source *self, const struct heal_reading_sink *sink) {
    struct radio_nl80211 *radio = (struct radio_nl80211 *)self;
    struct heal_text words;
    heal_text_init(&words, self->words, sizeof(self->words));
    radio->interfaces = 0;
    radio->sink = sink;
    int r = dump(radio, NL80211_CMD_GET_INTERFACE, 0, take_interface);
    for (size_t i = 0; r == 0 && i < radio->interfaces; i++) {
        radio->reading = &radio->interface[i];
        radio->has_noise = false;
        /* A driver without a survey says so, and there is no noise to be had. */
        dump(radio, NL80211_CMD_GET_SURVEY, radio->reading->ifindex, take_survey);
        r = dump(radio, NL80211_CMD_GET_STATION, radio->reading->ifindex, take_station);
    }
    if (r < 0) {
        heal_text_add(&words, "nl80211: %s", strerror(-r));
    } else if (radio->interfaces == 0) {
        heal_text_add(&words, "there is no wireless interface here");
    }
    return r == -ENODEV ? 0 : r; /* it went meanwhile */
}

static void close_radios(struct heal_radio_source *self) {
    struct radio_nl80211 *radio = (struct radio_nl80211 *)self;
    heal_genetlink_deinit(&radio->nl80211);
    free(radio);
}

int heal_radio_nl80211_open(struct heal_radio_source **ret_source) {
    struct radio_nl80211 *radio = calloc(1, sizeof(*radio));
    if (!radio) {
        return -ENOMEM;
    }
    int r = heal_genetlink_init(&radio->nl80211, NL80211_GENL_NAME);
    if (r < 0) {
        free(radio);
        return r;
    }
    radio->base = (struct heal_radio_source){.read = read_radios, .close = close_radios};
    *ret_source = &radio->base;
    return 0;
}
