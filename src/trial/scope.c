/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "trial/scope.h"

#include <math.h>

static uint64_t bit(unsigned node) {
    return UINT64_C(1) << node;
}

/* The nodes within a noisy region. */
static uint64_t nodes_within(const struct heal_fault *fault, const struct heal_topology *topology) {
    uint64_t nodes = 0;

    for (unsigned i = 0; i < topology->nodes; i++)
        if (hypot(topology->node[i].x_m - fault->x_m, topology->node[i].y_m - fault->y_m) <= fault->radius_m)
            nodes |= bit(i);
    return nodes;
}

struct heal_scope heal_scope_of(const struct heal_fault *fault, const struct heal_topology *topology) {
    const struct heal_topology_link *link = &topology->link[fault->link];

    switch (fault->kind) {
    case HEAL_FAULT_LOSS:
    case HEAL_FAULT_MTU:
    case HEAL_FAULT_DELAY:
    case HEAL_FAULT_RATE:
    case HEAL_FAULT_DOWN:
    case HEAL_FAULT_CARRIER:
    case HEAL_FAULT_FLAP:
        return (struct heal_scope){.nodes = bit(link->a) | bit(link->b), .whole_link = true};
    case HEAL_FAULT_PARTITION:
        return (struct heal_scope){.nodes = UINT64_MAX};
    case HEAL_FAULT_NOISE:
        return (struct heal_scope){.nodes = nodes_within(fault, topology)};
    case HEAL_FAULT_PAUSE:
    case HEAL_FAULT_KILL:
    case HEAL_FAULT_CPU:
    case HEAL_FAULT_LEAK:
    case HEAL_FAULT_SERVICE:
    case HEAL_FAULT_BABELD:
    case HEAL_FAULT_FORWARDING:
    case HEAL_FAULT_BLACKHOLE:
    case HEAL_FAULT_FLUSH_ROUTES:
        return (struct heal_scope){.nodes = bit(fault->node)};
    case HEAL_FAULT_KINDS:
        break;
    }
    return (struct heal_scope){0};
}

bool heal_scope_holds(const struct heal_scope *scope, const struct heal_topology *topology, const char *node,
                      const char *other) {
    int a = heal_topology_node_find(topology, node), b = heal_topology_node_find(topology, other);
    bool has_a = a >= 0 && (scope->nodes & bit((unsigned)a)) != 0;
    bool has_b = b >= 0 && (scope->nodes & bit((unsigned)b)) != 0;

    return scope->whole_link ? has_a && has_b && a != b : has_a || has_b;
}
