/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "dataset/ports.h"

#include "heal/status.h"
#include "sim/sim_state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

const struct heal_gnn_feature heal_port_features[HEAL_FEATURES] = {
    [HEAL_FEATURE_RSSI] = {.name = "rssi"    },
    [HEAL_FEATURE_SNR] = {.name = "snr"     },
    [HEAL_FEATURE_LOSS] = {.name = "loss"    },
    [HEAL_FEATURE_LINK_AGE] = {.name = "link-age", .logarithm = true},
    [HEAL_FEATURE_LATENCY] = {.name = "latency"                 },
    [HEAL_FEATURE_THROUGHPUT] = {.name = "throughput", .logarithm = true},
    [HEAL_FEATURE_CPU] = {.name = "cpu"},
    [HEAL_FEATURE_MEMORY] = {.name = "memory"     },
};

size_t heal_ports_most(const struct heal_sim *sim) {
    return 2 * (size_t)sim->links;
}

static const struct heal_sim_port *port_of(const struct heal_sim_node *node,
                                           const struct heal_port_key *key) {
    for (unsigned i = 0; i < node->ports; i++)
        if (heal_port_key_equal(&node->port[i].key, key))
            return &node->port[i];
    return NULL;
}

/* What five digits tell is all that is measured. */
static float rounded(float value) {
    char text[32];

    snprintf(text, sizeof text, "%.5g", (double)value);
    return strtof(text, NULL);
}

static int add_node(const struct heal_sim *sim, unsigned index, struct heal_draft *draft,
                    struct heal_port_place *ret_place) {
    const struct heal_sim_node *node = &sim->node[index];
    struct heal_port_status status;

    for (size_t i = 0; heal_engine_port(node->engine, i, &status); i++) {
        const struct heal_sim_port *port = port_of(node, &status.key);
        if (!port)
            continue;
        ret_place[draft->head.vertices] = (struct heal_port_place){.node = index, .port = port};
        float *feature = heal_draft_vertex(draft, HEAL_GNN_HEALTHY, 0);
        if (!feature)
            return -ENOMEM;
        for (unsigned f = 0; f < HEAL_FEATURES; f++)
            if (status.features.valid >> f & 1)
                feature[f] = rounded(status.features.value[f]);
    }
    return 0;
}

int heal_ports_join(struct heal_draft *draft, const unsigned *node, const uint32_t *peer) {
    uint32_t nodes = 0;
    int r = 0;

    for (uint32_t i = 0; i < draft->head.vertices; i++) {
        nodes += i == 0 || node[i] != node[i - 1]; /* numbered anew: those without a vertex do not count */
        draft->node[i] = nodes - 1;
        for (uint32_t j = i + 1; r == 0 && j < draft->head.vertices && node[j] == node[i]; j++)
            r = heal_draft_edge(draft, i, j);
        if (r == 0 && peer[i] != UINT32_MAX && peer[i] > i)
            r = heal_draft_edge(draft, i, peer[i]);
    }
    return r;
}

/* @param spare [2 * most] */
static int join(const struct heal_sim *sim, struct heal_draft *draft, const struct heal_port_place *place,
                uint32_t *spare) {
    uint32_t *end = spare,
             *peer = spare + heal_ports_most(sim); /* end: of each side of each link, its vertex */
    unsigned *node = calloc(heal_ports_most(sim) + 1, sizeof *node);

    if (!node)
        return -ENOMEM;
    for (size_t i = 0; i < heal_ports_most(sim); i++)
        end[i] = UINT32_MAX;
    for (uint32_t i = 0; i < draft->head.vertices; i++) {
        end[2 * place[i].port->link + place[i].port->side] = i;
        node[i] = place[i].node;
    }
    for (uint32_t i = 0; i < draft->head.vertices; i++)
        peer[i] = end[2 * place[i].port->link + !place[i].port->side];
    int r = heal_ports_join(draft, node, peer);
    free(node);
    return r;
}

int heal_ports_draft(const struct heal_sim *sim, struct heal_draft *draft,
                     struct heal_port_place *ret_place) {
    uint32_t *spare = malloc(2 * (heal_ports_most(sim) + 1) * sizeof *spare);
    int r = spare ? 0 : -ENOMEM;

    for (unsigned i = 0; r == 0 && i < sim->nodes; i++)
        if (!sim->node[i].paused && !sim->node[i].bare)
            r = add_node(sim, i, draft, ret_place);
    if (r == 0)
        r = join(sim, draft, ret_place, spare);
    free(spare);
    return r;
}
