/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "model/recent.h"

#include <math.h>

/* While a port is examined there are four rounds a second; half of them tell as much. */
static const heal_us apart_us = 450 * HEAL_US_PER_MS;

void heal_tracks_clear(struct heal_tracks *tracks) {
    for (int i = 0; i < HEAL_TRACKS; i++)
        tracks->of[i] = NAN;
}

bool heal_recent_is_due(const struct heal_recent *recent, heal_us now) {
    return recent->count == 0 || now >= recent->at[(recent->count - 1) % HEAL_RECENT_SAMPLES] + apart_us;
}

void heal_recent_add(struct heal_recent *recent, heal_us now, const struct heal_tracks *tracks) {
    uint32_t place = recent->count++ % HEAL_RECENT_SAMPLES;
    recent->at[place] = now;
    recent->tracks[place] = *tracks;
}

void heal_recent_feed(const struct heal_recent *recent, struct heal_series *series) {
    uint32_t kept = recent->count < HEAL_RECENT_SAMPLES ? recent->count : HEAL_RECENT_SAMPLES;
    for (uint32_t i = recent->count - kept; i < recent->count; i++) {
        uint32_t place = i % HEAL_RECENT_SAMPLES;
        if (recent->at[place] > series->until)
            heal_series_add(series, recent->at[place], recent->tracks[place].of[series->track]);
    }
}
