/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* gateway-lost: this node tells the mesh that it is a way out, and has none itself any more: who has chosen
 * it sends into nothing. */
#include "analyze/detector.h"

/* Is it taken back, and is it to be seen whether the trouble is over? */
static bool was_stopped(const struct heal_world *world) {
    for (size_t i = 0; i < world->incidents; i++) {
        const struct heal_incident *incident = &world->incident[i];
        if (heal_incident_is_open(incident) && heal_incident_diagnosis(incident) == HEAL_GATEWAY_LOST &&
            heal_incident_active_step(incident) >= 0)
            return true;
    }
    return false;
}

void heal_detect_gateway_lost(const struct heal_world *world, struct heal_symptoms *symptoms) {
    float limit = world->threshold[HEAL_METRIC_UPLINK];
    float lost_s = heal_world_seconds_since(world, world->uplink_lost_since);
    bool offers = world->mesh.is.gateway == HEAL_GATEWAY_SERVER || was_stopped(world);
    if (!heal_world_has_mesh(world) || !offers || world->uplink_lost_since == 0 || lost_s < limit)
        return;
    struct heal_element self = {.kind = HEAL_ELEMENT_NODE, .node = world->id};
    struct heal_symptom *symptom =
        heal_symptoms_add(symptoms, HEAL_GATEWAY_LOST, &self, 0.95f, world->uplink_lost_since);
    heal_evidence_threshold(heal_symptom_evidence(symptom, "no way out of the mesh for", "s", lost_s, 0),
                            limit);
}
