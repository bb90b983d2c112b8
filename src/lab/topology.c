/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/topology.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

enum { RING = 8, RING_RATE = 200, RING_SMALL = 200, RING_LARGE = 1400 };

static const double ring_radius_m = 100, ring_large_share = 0.2, full_circle = 6.28318530717958648;

/* Chords that leave the shortest path between any two nodes two apart the only one. */
static const unsigned ring_chord[][2] = {
    {1, 5},
    {3, 7}
};

void heal_topology_init(struct heal_topology *topology) {
    memset(topology, 0, sizeof *topology);
    heal_name_copy(topology->name, sizeof topology->name, HEAL_LAB_DEFAULT_NAME);
    topology->nodes = topology->links = RING;
    for (unsigned i = 0; i < RING; i++) {
        struct heal_topology_node *node = &topology->node[i];

        snprintf(node->name, sizeof node->name, "n%u", i);
        node->x_m = round(ring_radius_m * cos(full_circle * i / RING));
        node->y_m = round(ring_radius_m * sin(full_circle * i / RING));
        node->services = 1;
        heal_name_copy(node->service[0], sizeof node->service[0], "worker");
        topology->link[i].a = i;
        topology->link[i].b = (i + 1) % RING;
    }
    for (size_t i = 0; i < HEAL_COUNT(ring_chord); i++) {
        topology->link[topology->links].a = ring_chord[i][0];
        topology->link[topology->links++].b = ring_chord[i][1];
    }
    for (unsigned i = 0; i < RING; i += 2)
        topology->flow[topology->flows++] = (struct heal_topology_flow){.from = i,
                                                                        .to = (i + 2) % RING,
                                                                        .rate = RING_RATE,
                                                                        .size_bytes = RING_SMALL,
                                                                        .large_bytes = RING_LARGE,
                                                                        .large_share = ring_large_share};
}

int heal_topology_node_find(const struct heal_topology *topology, const char *name) {
    for (unsigned i = 0; i < topology->nodes; i++)
        if (strcmp(topology->node[i].name, name) == 0)
            return (int)i;
    return -ENOENT;
}

int heal_topology_link_find(const struct heal_topology *topology, unsigned node, unsigned other) {
    for (unsigned i = 0; i < topology->links; i++) {
        const struct heal_topology_link *link = &topology->link[i];

        if ((link->a == node && link->b == other) || (link->a == other && link->b == node))
            return (int)i;
    }
    return -ENOENT;
}

int heal_topology_link_named(const struct heal_topology *topology, const char *name) {
    /* A node's name may have a '-' of its own: any of them may be the one between. */
    for (const char *dash = strchr(name, '-'); dash; dash = strchr(dash + 1, '-')) {
        char first[HEAL_IFNAME_MAX];
        size_t length = (size_t)(dash - name);
        int a, b;

        if (length >= sizeof first)
            break;
        memcpy(first, name, length);
        first[length] = '\0';
        a = heal_topology_node_find(topology, first);
        b = heal_topology_node_find(topology, dash + 1);
        if (a >= 0 && b >= 0)
            return heal_topology_link_find(topology, (unsigned)a, (unsigned)b);
    }
    return -ENOENT;
}

double heal_topology_distance(const struct heal_topology *topology, unsigned link) {
    const struct heal_topology_node *a = &topology->node[topology->link[link].a];
    const struct heal_topology_node *b = &topology->node[topology->link[link].b];

    return hypot(a->x_m - b->x_m, a->y_m - b->y_m);
}

/* One step of Bellman and Ford: whether a link brings one of its ends nearer. */
static bool relax(const struct heal_topology_link *link, unsigned *hops) {
    unsigned *near = hops[link->a] < hops[link->b] ? &hops[link->a] : &hops[link->b];
    unsigned *far = near == &hops[link->a] ? &hops[link->b] : &hops[link->a];

    if (*near == UINT_MAX || *far <= *near + 1)
        return false;
    *far = *near + 1;
    return true;
}

enum heal_lab_direction heal_lab_opposite(enum heal_lab_direction direction) {
    return direction == HEAL_LAB_A_TO_B ? HEAL_LAB_B_TO_A : HEAL_LAB_A_TO_B;
}

unsigned heal_topology_receiver(const struct heal_topology *topology, unsigned link,
                                enum heal_lab_direction direction) {
    const struct heal_topology_link *ends = &topology->link[link];

    return direction == HEAL_LAB_A_TO_B ? ends->b : ends->a;
}

void heal_topology_hops(const struct heal_topology *topology, unsigned from, unsigned *ret_hops) {
    bool changed = true;

    for (unsigned i = 0; i < HEAL_LAB_NODES_MAX; i++)
        ret_hops[i] = i == from ? 0 : UINT_MAX;
    while (changed) {
        changed = false;
        for (unsigned i = 0; i < topology->links; i++)
            changed = relax(&topology->link[i], ret_hops) || changed;
    }
}

static void put_group(struct heal_address *address, unsigned group, unsigned value) {
    address->byte[2 * group] = (uint8_t)(value >> 8);
    address->byte[2 * group + 1] = (uint8_t)value;
}

struct heal_address heal_topology_address(unsigned node) {
    struct heal_address address = {
        .byte = {0xfd, 0, 'h', 'e', 'a', 'l'}
    };

    put_group(&address, 7, node + 1);
    return address;
}

struct heal_address heal_topology_link_address(unsigned node, unsigned link) {
    struct heal_address address = {
        .byte = {0xfe, 0x80}
    };

    put_group(&address, 6, node + 1);
    put_group(&address, 7, link + 1);
    return address;
}
