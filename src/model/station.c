/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "model/station.h"

static const struct heal_station_sample *sample_back(const struct heal_station *station, unsigned back) {
    return &station->sample[(station->newest + HEAL_STATION_SAMPLES - back) % HEAL_STATION_SAMPLES];
}

void heal_station_add(struct heal_station *station, heal_us now, const struct heal_reading_station *reading) {
    const struct heal_station_sample *before = sample_back(station, 0);
    bool backwards =
        station->count > 0 && (reading->tx_packets < before->packets ||
                               reading->tx_retries < before->retries || reading->tx_failed < before->failed);
    if (backwards)
        station->count = 0;
    station->newest = (uint8_t)((station->newest + 1u) % HEAL_STATION_SAMPLES);
    station->count =
        (uint8_t)(station->count < HEAL_STATION_SAMPLES ? station->count + 1 : HEAL_STATION_SAMPLES);
    station->sample[station->newest] = (struct heal_station_sample){.time = now,
                                                                    .packets = reading->tx_packets,
                                                                    .retries = reading->tx_retries,
                                                                    .failed = reading->tx_failed};
    station->last = *reading;
}

bool heal_station_is_fresh(const struct heal_station *station, heal_us now, heal_us span) {
    return station->count > 0 && now - sample_back(station, 0)->time <= span;
}

struct heal_station_window heal_station_window(const struct heal_station *station, heal_us since) {
    struct heal_station_window window = {0};
    unsigned back = 0;
    while (back + 1u < station->count && sample_back(station, back)->time > since)
        back++;
    if (back == 0)
        return window;
    const struct heal_station_sample *first = sample_back(station, back), *last = sample_back(station, 0);
    window.span = last->time - first->time;
    window.packets = last->packets - first->packets;
    window.retries = last->retries - first->retries;
    window.failed = last->failed - first->failed;
    return window;
}
