/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* memory-leak: a service's memory only ever grows, and fast enough to matter. */
#include "analyze/detector.h"

#include <string.h>

static const float growth_least_bytes = 1024 * 1024; /* within the window: a start-up is not a leak */
static const float settle_s = 3;

static float memory_of(const struct heal_world *world, const struct heal_service *service) {
    for (size_t i = 0; i < world->settings.services; i++) {
        const struct heal_service_setting *setting = &world->settings.service[i];
        if (strcmp(setting->name, service->last.name) == 0 && setting->memory_limit_bytes > 0)
            return (float)setting->memory_limit_bytes;
    }
    return (float)world->node.memory_total_bytes;
}

void heal_detect_memory_leak(const struct heal_world *world, struct heal_symptoms *symptoms) {
    float limit = world->threshold[HEAL_METRIC_MEMORY_GROWTH];
    for (size_t i = 0; i < world->services; i++) {
        const struct heal_service *service = &world->service[i];
        float memory = memory_of(world, service);
        if (!service->last.running || memory <= 0 || !service->steady_growth || service->time_s[0] < settle_s)
            continue;
        float grown = service->rss_bytes[service->samples - 1] - service->rss_bytes[0];
        float a_minute = service->growth * 60 / memory;
        if (a_minute <= limit || grown < growth_least_bytes)
            continue;
        struct heal_element element = {.kind = HEAL_ELEMENT_SERVICE, .node = world->id};
        memcpy(element.service, service->last.name, sizeof element.service);
        heal_us window = (heal_us)((service->time_s[service->samples - 1] - service->time_s[0]) * 1e6f);
        struct heal_symptom *symptom =
            heal_symptoms_add(symptoms, HEAL_MEMORY_LEAK, &element, heal_confidence(0.75f, a_minute, limit),
                              world->now > window ? world->now - window : 0);
        heal_evidence_threshold(heal_symptom_evidence(symptom, "memory, growing a minute by", "share",
                                                      a_minute, service->samples),
                                limit);
        heal_evidence_track(
            heal_symptom_evidence(symptom, "memory", "MiB", heal_service_memory_mib(service), 0),
            HEAL_TRACK_SERVICE_MEMORY);
    }
}
