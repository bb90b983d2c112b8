/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Detectors: each looks at the world and reports the symptoms of one diagnosis. The table is the list of all
 * of them; one file each. A detector keeps no state: what it needs to remember is in the world.
 */
#ifndef HEAL_ANALYZE_DETECTOR_H
#define HEAL_ANALYZE_DETECTOR_H

#include "model/world.h"

struct heal_detector {
    enum heal_diagnosis diagnosis;
    void (*detect)(const struct heal_world *world, struct heal_symptoms *symptoms);
};

extern const struct heal_detector heal_detectors[];
extern const size_t heal_detectors_count;

void heal_detect_link_loss(const struct heal_world *world, struct heal_symptoms *symptoms);
void heal_detect_mtu_blackhole(const struct heal_world *world, struct heal_symptoms *symptoms);
void heal_detect_one_way_link(const struct heal_world *world, struct heal_symptoms *symptoms);
void heal_detect_link_latency(const struct heal_world *world, struct heal_symptoms *symptoms);
void heal_detect_link_flap(const struct heal_world *world, struct heal_symptoms *symptoms);
void heal_detect_neighbour_lost(const struct heal_world *world, struct heal_symptoms *symptoms);
void heal_detect_interference(const struct heal_world *world, struct heal_symptoms *symptoms);
void heal_detect_rate_limited(const struct heal_world *world, struct heal_symptoms *symptoms);
void heal_detect_routes_lost(const struct heal_world *world, struct heal_symptoms *symptoms);
void heal_detect_not_forwarding(const struct heal_world *world, struct heal_symptoms *symptoms);
void heal_detect_node_overload(const struct heal_world *world, struct heal_symptoms *symptoms);
void heal_detect_memory_leak(const struct heal_world *world, struct heal_symptoms *symptoms);
void heal_detect_service_down(const struct heal_world *world, struct heal_symptoms *symptoms);
void heal_detect_hidden_loss(const struct heal_world *world, struct heal_symptoms *symptoms);
void heal_detect_weak_signal(const struct heal_world *world, struct heal_symptoms *symptoms);
void heal_detect_gateway_lost(const struct heal_world *world, struct heal_symptoms *symptoms);
void heal_detect_anomaly(const struct heal_world *world, struct heal_symptoms *symptoms);

#endif
