/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "model/air.h"

static const struct heal_air_sample *sample_back(const struct heal_air *air, unsigned back) {
    return &air->sample[(air->newest + HEAL_AIR_SAMPLES - back) % HEAL_AIR_SAMPLES];
}

void heal_air_add(struct heal_air *air, heal_us now, const struct heal_reading_station *reading) {
    const struct heal_air_sample *before = sample_back(air, 0);
    bool backwards =
        air->count > 0 && (reading->tx_packets < before->packets || reading->tx_retries < before->retries ||
                           reading->tx_failed < before->failed);
    if (backwards)
        air->count = 0;
    air->newest = (uint8_t)((air->newest + 1u) % HEAL_AIR_SAMPLES);
    air->count = (uint8_t)(air->count < HEAL_AIR_SAMPLES ? air->count + 1 : HEAL_AIR_SAMPLES);
    air->sample[air->newest] = (struct heal_air_sample){.time = now,
                                                        .packets = reading->tx_packets,
                                                        .retries = reading->tx_retries,
                                                        .failed = reading->tx_failed};
    air->last = *reading;
}

bool heal_air_is_fresh(const struct heal_air *air, heal_us now, heal_us span) {
    return air->count > 0 && now - sample_back(air, 0)->time <= span;
}

struct heal_air_window heal_air_window(const struct heal_air *air, heal_us since) {
    struct heal_air_window window = {0};
    unsigned back = 0;
    while (back + 1u < air->count && sample_back(air, back)->time > since)
        back++;
    if (back == 0)
        return window;
    const struct heal_air_sample *first = sample_back(air, back), *last = sample_back(air, 0);
    window.span = last->time - first->time;
    window.packets = last->packets - first->packets;
    window.retries = last->retries - first->retries;
    window.failed = last->failed - first->failed;
    return window;
}
