/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "fault/truth.h"

#include <math.h>

enum heal_diagnosis heal_fault_truth(const struct heal_fault *fault) {
    bool one_way = fault->a_to_b != fault->b_to_a;

    switch (fault->kind) {
    case HEAL_FAULT_LOSS:
        return one_way ? HEAL_ONE_WAY_LINK : HEAL_LINK_LOSS;
    case HEAL_FAULT_MTU:
        return HEAL_MTU_BLACKHOLE;
    case HEAL_FAULT_DELAY:
        return HEAL_LINK_LATENCY;
    case HEAL_FAULT_RATE:
        return HEAL_RATE_LIMITED;
    case HEAL_FAULT_DOWN:
        return one_way ? HEAL_ONE_WAY_LINK : HEAL_NEIGHBOUR_LOST;
    case HEAL_FAULT_FLAP:
        return HEAL_LINK_FLAP;
    case HEAL_FAULT_CPU:
        return HEAL_NODE_OVERLOAD;
    case HEAL_FAULT_LEAK:
        return HEAL_MEMORY_LEAK;
    case HEAL_FAULT_SERVICE:
    case HEAL_FAULT_BABELD:
        return HEAL_SERVICE_DOWN;
    case HEAL_FAULT_NOISE:
        return HEAL_INTERFERENCE;
    case HEAL_FAULT_FORWARDING:
    case HEAL_FAULT_BLACKHOLE:
        return HEAL_NOT_FORWARDING;
    case HEAL_FAULT_FLUSH_ROUTES:
        return HEAL_ROUTES_LOST;
    case HEAL_FAULT_CARRIER:
    case HEAL_FAULT_PARTITION:
    case HEAL_FAULT_PAUSE:
    case HEAL_FAULT_KILL:
    case HEAL_FAULT_KINDS:
        break;
    }
    return HEAL_NEIGHBOUR_LOST;
}

bool heal_fault_shows(const struct heal_fault *fault) {
    switch (fault->kind) {
    case HEAL_FAULT_LOSS:
    case HEAL_FAULT_MTU:
    case HEAL_FAULT_DELAY:
    case HEAL_FAULT_RATE:
    case HEAL_FAULT_DOWN:
    case HEAL_FAULT_FLAP:
    case HEAL_FAULT_CPU:
    case HEAL_FAULT_NOISE:
    case HEAL_FAULT_CARRIER:
    case HEAL_FAULT_PARTITION:
    case HEAL_FAULT_PAUSE:
    case HEAL_FAULT_KILL:
        return true;
    case HEAL_FAULT_LEAK: /* in the end it does; when, nobody has said */
    case HEAL_FAULT_SERVICE:
    case HEAL_FAULT_BABELD:
    case HEAL_FAULT_FORWARDING:
    case HEAL_FAULT_BLACKHOLE:
    case HEAL_FAULT_FLUSH_ROUTES:
    case HEAL_FAULT_KINDS:
        break;
    }
    return false;
}

static bool hears_noise(const struct heal_fault *fault, const struct heal_topology_node *node) {
    return hypot(node->x_m - fault->x_m, node->y_m - fault->y_m) <= fault->radius_m;
}

bool heal_fault_ails(const struct heal_fault *fault, const struct heal_topology *topology, unsigned link,
                     unsigned node) {
    const struct heal_topology_link *of = &topology->link[link];

    switch (fault->kind) {
    case HEAL_FAULT_LOSS:
    case HEAL_FAULT_MTU:
    case HEAL_FAULT_DELAY:
    case HEAL_FAULT_RATE:
    case HEAL_FAULT_DOWN:
    case HEAL_FAULT_CARRIER:
    case HEAL_FAULT_FLAP:
        return fault->link == link;
    case HEAL_FAULT_PARTITION:
        return (fault->side >> of->a & 1) != (fault->side >> of->b & 1);
    case HEAL_FAULT_PAUSE:
    case HEAL_FAULT_KILL:
    case HEAL_FAULT_BABELD:
        return fault->node == of->a || fault->node == of->b;
    case HEAL_FAULT_NOISE:
        return of->has_radio &&
               (hears_noise(fault, &topology->node[of->a]) || hears_noise(fault, &topology->node[of->b]));
    case HEAL_FAULT_CPU:
    case HEAL_FAULT_LEAK:
    case HEAL_FAULT_SERVICE:
    case HEAL_FAULT_FORWARDING:
    case HEAL_FAULT_BLACKHOLE:
    case HEAL_FAULT_FLUSH_ROUTES:
        return fault->node == node;
    case HEAL_FAULT_KINDS:
        break;
    }
    return false;
}
