/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The last half minute of the tracks of one thing: a port, the node, a service. It is always kept, so that
 * the series of an incident can begin before the incident.
 */
#ifndef HEAL_MODEL_RECENT_H
#define HEAL_MODEL_RECENT_H

#include "heal/series.h"

enum { HEAL_RECENT_SAMPLES = 32 };

/** A value a track; one that is not known is not finite. */
struct heal_tracks {
    float of[HEAL_TRACKS];
};

struct heal_recent {
    uint32_t count; /**< samples ever taken; the oldest make room */
    heal_us at[HEAL_RECENT_SAMPLES];
    struct heal_tracks tracks[HEAL_RECENT_SAMPLES];
};

/** Sets all to unknown. */
void heal_tracks_clear(struct heal_tracks *tracks);

/** @return whether it is time for another sample. */
bool heal_recent_is_due(const struct heal_recent *recent, heal_us now);

void heal_recent_add(struct heal_recent *recent, heal_us now, const struct heal_tracks *tracks);

/** Adds to a series what it does not have yet. */
void heal_recent_feed(const struct heal_recent *recent, struct heal_series *series);

#endif
