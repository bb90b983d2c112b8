/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A watched service as the engine remembers it: its latest state and how its memory has grown.
 */
#ifndef HEAL_MODEL_SERVICE_H
#define HEAL_MODEL_SERVICE_H

#include "heal/reading.h"
#include "model/recent.h"

enum { HEAL_SERVICE_SAMPLES = 12 };

struct heal_service {
    struct heal_reading_service last;
    heal_us at;         /**< when it was last seen; 0: never */
    heal_us down_since; /**< 0: it runs, or was stopped in order */
    heal_us started;    /**< when it was first seen to run, or its process was; 0: it never was */
    uint8_t samples;    /**< of its memory, a second apart, the newest last */
    heal_us sample_at;
    float time_s[HEAL_SERVICE_SAMPLES], rss_bytes[HEAL_SERVICE_SAMPLES];
    float growth; /**< bytes a second, by the Theil–Sen slope; 0 until there are enough samples, and while it
                     is not steady */
    struct heal_recent recent;
    bool steady_growth; /**< nearly every step was upwards */
};

/** @return how much memory it had when it was last read, in MiB. */
static inline float heal_service_memory_mib(const struct heal_service *service) {
    return (float)service->last.rss_bytes / (1 << 20);
}

#endif
