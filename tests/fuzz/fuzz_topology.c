/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Any bytes as a topology: what is taken is within its limits and hangs together. */
#include "lab/topology.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_links(const struct heal_topology *topology) {
    for (unsigned i = 0; i < topology->links; i++) {
        const struct heal_topology_link *link = &topology->link[i];

        if (link->a >= topology->nodes || link->b >= topology->nodes || link->a == link->b)
            abort();
        if (heal_topology_link_find(topology, link->b, link->a) != (int)i)
            abort();
        if (!(heal_topology_distance(topology, i) >= 0))
            abort();
    }
}

static void check(const struct heal_topology *topology) {
    unsigned hops[HEAL_LAB_NODES_MAX];

    if (topology->nodes == 0 || topology->nodes > HEAL_LAB_NODES_MAX ||
        topology->links > HEAL_LAB_LINKS_MAX || topology->flows > HEAL_LAB_FLOWS_MAX)
        abort();
    for (unsigned i = 0; i < topology->nodes; i++)
        if (heal_topology_node_find(topology, topology->node[i].name) != (int)i)
            abort();
    check_links(topology);
    for (unsigned i = 0; i < topology->flows; i++)
        if (topology->flow[i].from == topology->flow[i].to || topology->flow[i].rate == 0)
            abort();
    heal_topology_hops(topology, 0, hops);
    for (unsigned i = 0; i < topology->nodes; i++)
        if (hops[i] != UINT_MAX && hops[i] >= topology->nodes)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_topology *topology = malloc(sizeof *topology);
    struct heal_error error = {0};

    if (topology) {
        if (heal_topology_parse((const char *)data, size, topology, &error) == 0)
            check(topology);
        else if (error.code >= 0 || !error.what[0])
            abort();
    }
    free(topology);
    return 0;
}
