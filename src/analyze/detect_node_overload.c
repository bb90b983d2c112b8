/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* node-overload: the node has no CPU left. Hellos still pass; everything that needs the CPU suffers. */
#include "analyze/detector.h"

static const float overload_s = 6; /* shorter bursts are work being done */

void heal_detect_node_overload(const struct heal_world *world, struct heal_symptoms *symptoms) {
    float limit = world->threshold[HEAL_METRIC_CPU];
    float for_s = heal_world_seconds_since(world, world->overloaded_since);
    if (world->overloaded_since == 0 || for_s < overload_s || world->cpu_recent < limit)
        return;
    struct heal_element self = {.kind = HEAL_ELEMENT_NODE, .node = world->id};
    struct heal_symptom *symptom =
        heal_symptoms_add(symptoms, HEAL_NODE_OVERLOAD, &self, 0.9f, world->overloaded_since);
    struct heal_evidence *cpu = heal_symptom_evidence(symptom, "CPU in use", "share", world->cpu_recent, 0);
    heal_evidence_normal(cpu, world->cpu_normal);
    heal_evidence_threshold(heal_evidence_track(cpu, HEAL_TRACK_CPU), limit);
    if (world->node.cpu_pressure >= 0)
        heal_evidence_track(
            heal_symptom_evidence(symptom, "CPU pressure (PSI, some)", "share", world->node.cpu_pressure, 0),
            HEAL_TRACK_CPU_PRESSURE);
    const struct heal_service *largest = NULL;
    for (size_t i = 0; i < world->services; i++)
        if (world->service[i].last.running && (!largest || world->service[i].last.cpu > largest->last.cpu))
            largest = &world->service[i];
    if (largest)
        heal_symptom_evidence(symptom, largest->last.name, "share", largest->last.cpu, 0);
}
