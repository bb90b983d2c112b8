/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* routes-lost: the routing daemon believes that its routes are installed; the kernel does not have them (a
 * flush, another program). The daemon never looks again, so nobody but heald will notice. */
#include "analyze/detector.h"

void heal_detect_routes_lost(const struct heal_world *world, struct heal_symptoms *symptoms) {
    float differ_s = heal_world_seconds_since(world, world->routes_differ_since);
    if (world->routes_differ_since == 0 || differ_s < world->threshold[HEAL_METRIC_ROUTES])
        return;
    struct heal_element element = {.kind = HEAL_ELEMENT_NODE, .node = world->id};
    struct heal_symptom *symptom =
        heal_symptoms_add(symptoms, HEAL_ROUTES_LOST, &element, 0.95f, world->routes_differ_since);
    heal_evidence_track(
        heal_symptom_evidence(symptom, "routes that the kernel lacks", "", (float)world->routes_missing, 0),
        HEAL_TRACK_ROUTES_MISSING);
    heal_evidence_threshold(heal_symptom_evidence(symptom, "for", "s", differ_s, 0),
                            world->threshold[HEAL_METRIC_ROUTES]);
}
