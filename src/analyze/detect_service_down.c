/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* service-down: a service that should run does not. */
#include "analyze/detector.h"

#include <string.h>

/* At boot some services start after heald does. One that never ran since has this long to begin with it: what
 * an init system waits for the network or a disk stays below it as a rule. */
static const heal_us boot_us = 60 * HEAL_US_PER_S;

static bool may_yet_start(const struct heal_world *world, const struct heal_service *service) {
    return service->started == 0 && world->now - world->started < boot_us;
}

void heal_detect_service_down(const struct heal_world *world, struct heal_symptoms *symptoms) {
    float limit = world->threshold[HEAL_METRIC_SERVICE];
    for (size_t i = 0; i < world->services; i++) {
        const struct heal_service *service = &world->service[i];
        float down_s = heal_world_seconds_since(world, service->down_since);
        if (service->down_since == 0 || down_s < limit || may_yet_start(world, service))
            continue;
        struct heal_element element = {.kind = HEAL_ELEMENT_SERVICE, .node = world->id};
        memcpy(element.service, service->last.name, sizeof element.service);
        struct heal_symptom *symptom =
            heal_symptoms_add(symptoms, HEAL_SERVICE_DOWN, &element, 0.98f, service->down_since);
        heal_evidence_threshold(heal_symptom_evidence(symptom, "not running for", "s", down_s, 0), limit);
    }
}
