/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heal/series.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static const char *const names[HEAL_TRACKS] = {
    [HEAL_TRACK_LOSS_IN] = "loss-in",
    [HEAL_TRACK_LOSS_OUT] = "loss-out",
    [HEAL_TRACK_SMALL_IN] = "small-in",
    [HEAL_TRACK_SMALL_OUT] = "small-out",
    [HEAL_TRACK_FULL_IN] = "full-in",
    [HEAL_TRACK_FULL_OUT] = "full-out",
    [HEAL_TRACK_ROUND_TRIP] = "round-trip",
    [HEAL_TRACK_ROUND_TRIP_EXCESS] = "round-trip-excess",
    [HEAL_TRACK_SNR_DROP] = "snr-drop",
    [HEAL_TRACK_NOISE_RISE] = "noise-rise",
    [HEAL_TRACK_SILENCE_IN] = "silence-in",
    [HEAL_TRACK_SILENCE_OUT] = "silence-out",
    [HEAL_TRACK_OUTAGES] = "outages",
    [HEAL_TRACK_THROUGHPUT] = "throughput",
    [HEAL_TRACK_TRANSIT_LOSS] = "transit-loss",
    [HEAL_TRACK_RETRIES] = "retries",
    [HEAL_TRACK_EXPECTED] = "expected-throughput",
    [HEAL_TRACK_SIGNAL] = "signal",
    [HEAL_TRACK_SIGNAL_DROP] = "signal-drop",
    [HEAL_TRACK_CPU] = "cpu",
    [HEAL_TRACK_CPU_PRESSURE] = "cpu-pressure",
    [HEAL_TRACK_ROUTES_MISSING] = "routes-missing",
    [HEAL_TRACK_UPLINK_LOST] = "uplink-lost",
    [HEAL_TRACK_GATEWAY_SILENCE] = "gateway-silence",
    [HEAL_TRACK_SERVICE_MEMORY] = "service-memory",
};

const char *heal_track_name(enum heal_track track) {
    return names[track];
}

int heal_track_parse(const char *name, enum heal_track *ret_track) {
    for (int i = HEAL_TRACK_NONE + 1; i < HEAL_TRACKS; i++)
        if (strcmp(names[i], name) == 0) {
            *ret_track = (enum heal_track)i;
            return 0;
        }
    return -EINVAL;
}

void heal_series_init(struct heal_series *series, enum heal_track track) {
    *series = (struct heal_series){.track = track, .per_point = 1};
}

/* Two neighbours become one, and each new point stands for twice as many samples. */
static void halve(struct heal_series *series) {
    for (size_t i = 0; i < HEAL_SERIES_POINTS / 2; i++) {
        const struct heal_series_point *a = &series->point[2 * i], *b = a + 1;
        series->point[i] =
            (struct heal_series_point){a->time, fminf(a->low, b->low), fmaxf(a->high, b->high)};
    }
    series->count = HEAL_SERIES_POINTS / 2;
    series->per_point *= 2;
    series->in_last = series->per_point;
}

void heal_series_add(struct heal_series *series, heal_us time, float value) {
    if (!isfinite(value))
        return;
    series->until = time;
    if (series->count > 0 && series->in_last < series->per_point) {
        struct heal_series_point *last = &series->point[series->count - 1];
        last->low = fminf(last->low, value);
        last->high = fmaxf(last->high, value);
        series->in_last++;
        return;
    }
    if (series->count == HEAL_SERIES_POINTS)
        halve(series);
    series->point[series->count++] = (struct heal_series_point){time, value, value};
    series->in_last = 1;
}
