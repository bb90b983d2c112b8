/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The recent past of a radio's counters for one neighbour: a ring of totals, from which the share of attempts
 * that were retries over any span is a difference. 802.11 retries hide loss from all above it; here it shows
 * before a packet is lost.
 */
#ifndef HEAL_MODEL_STATION_H
#define HEAL_MODEL_STATION_H

#include "heal/reading.h"

enum { HEAL_STATION_SAMPLES = 32 };

struct heal_station_sample {
    heal_us time;
    uint32_t packets, retries, failed;
};

struct heal_station {
    uint8_t count, newest;
    struct heal_station_sample sample[HEAL_STATION_SAMPLES];
    struct heal_reading_station last; /**< what else the latest reading said */
};

/** What was sent to the neighbour within a span. */
struct heal_station_window {
    heal_us span; /**< 0: nothing is known */
    uint32_t packets, retries, failed;
};

/** Adds a reading; totals that run backwards (the neighbour was met anew) start the ring anew. */
void heal_station_add(struct heal_station *station, heal_us now, const struct heal_reading_station *reading);

/** @return whether the driver has told of the neighbour within @p span. */
bool heal_station_is_fresh(const struct heal_station *station, heal_us now, heal_us span);

/** @return what happened between the last sample at or before @p since (or the oldest) and the newest. */
struct heal_station_window heal_station_window(const struct heal_station *station, heal_us since);

#endif
