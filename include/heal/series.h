/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What one quantity has done over time, from before an incident until its end, in fixed memory: however long
 * that takes, the points become coarser, and none is lost. Plain data, copied by value.
 */
#ifndef HEAL_SERIES_H
#define HEAL_SERIES_H

#include "heal/types.h"

/** The quantities of a port, a node or a service that are followed. Units are those of the evidence. */
enum heal_track {
    HEAL_TRACK_NONE, /**< not followed */
    HEAL_TRACK_LOSS_IN,
    HEAL_TRACK_LOSS_OUT,
    HEAL_TRACK_SMALL_IN,
    HEAL_TRACK_SMALL_OUT,
    HEAL_TRACK_FULL_IN,
    HEAL_TRACK_FULL_OUT,
    HEAL_TRACK_ROUND_TRIP,
    HEAL_TRACK_ROUND_TRIP_EXCESS,
    HEAL_TRACK_SNR_DROP,
    HEAL_TRACK_NOISE_RISE,
    HEAL_TRACK_SILENCE_IN,
    HEAL_TRACK_SILENCE_OUT,
    HEAL_TRACK_OUTAGES,
    HEAL_TRACK_THROUGHPUT,
    HEAL_TRACK_TRANSIT_LOSS,
    HEAL_TRACK_RETRIES,
    HEAL_TRACK_EXPECTED,
    HEAL_TRACK_SIGNAL,
    HEAL_TRACK_SIGNAL_DROP,
    HEAL_TRACK_CPU,
    HEAL_TRACK_CPU_PRESSURE,
    HEAL_TRACK_ROUTES_MISSING,
    HEAL_TRACK_UPLINK_LOST,
    HEAL_TRACK_GATEWAY_SILENCE,
    HEAL_TRACK_SERVICE_MEMORY,
    HEAL_TRACKS,
};

/** @return "loss-in" …; NULL for HEAL_TRACK_NONE. */
const char *heal_track_name(enum heal_track track);
/** @return 0, or -EINVAL with the output untouched. */
int heal_track_parse(const char *name, enum heal_track *ret_track);

enum { HEAL_SERIES_POINTS = 64, HEAL_SERIES_MAX = 4 /**< of an incident */ };

/** The least and the greatest value from @p time until the next point. */
struct heal_series_point {
    heal_us time;
    float low, high;
};

struct heal_series {
    enum heal_track track;
    heal_us until; /**< of the newest sample; 0: there is none */
    uint32_t count;
    uint32_t per_point; /**< samples that a full point stands for: a power of two */
    uint32_t in_last;   /**< samples in the last point */
    struct heal_series_point point[HEAL_SERIES_POINTS];
};

/** Begins anew, empty. */
void heal_series_init(struct heal_series *series, enum heal_track track);

/** Takes a sample; times go up. A value that is not finite is no sample. */
void heal_series_add(struct heal_series *series, heal_us time, float value);

#endif
