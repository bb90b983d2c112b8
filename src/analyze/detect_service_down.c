/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* service-down: a service that should run does not. */
#include "analyze/detector.h"

#include <string.h>

void heal_detect_service_down(const struct heal_world *world, struct heal_symptoms *symptoms) {
    float limit = world->threshold[HEAL_METRIC_SERVICE];
    for (size_t i = 0; i < world->services; i++) {
        const struct heal_service *service = &world->service[i];
        float down_s = heal_world_seconds_since(world, service->down_since);
        if (service->down_since == 0 || down_s < limit)
            continue;
        struct heal_element element = {.kind = HEAL_ELEMENT_SERVICE, .node = world->id};
        memcpy(element.service, service->last.name, sizeof element.service);
        struct heal_symptom *symptom =
            heal_symptoms_add(symptoms, HEAL_SERVICE_DOWN, &element, 0.98f, service->down_since);
        heal_evidence_threshold(heal_symptom_evidence(symptom, "not running for", "s", down_s, 0), limit);
    }
}
