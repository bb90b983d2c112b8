/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The port graph of a simulated mesh as its engines see it: a vertex is a port that an engine knows, with the
 * features that it has measured. Ports of one node are joined pairwise, and so are the two ends of a link.
 */
#ifndef HEAL_DATASET_PORTS_H
#define HEAL_DATASET_PORTS_H

#include "dataset/draft.h"
#include "heal/message.h"
#include "sim/sim.h"

/** [HEAL_FEATURES]: their names, for a data set. */
extern const struct heal_gnn_feature heal_port_features[];

/** Where a vertex is from. */
struct heal_port_place {
    unsigned node;
    const struct heal_sim_port *port;
};

/** As many ports as there may be. @return their number. */
size_t heal_ports_most(const struct heal_sim *sim);

/**
 * Adds all vertices and edges to an empty draft; all are healthy.
 * @param ret_place [heal_ports_most()]: of each vertex. @return 0 or -ENOMEM.
 */
int heal_ports_draft(const struct heal_sim *sim, struct heal_draft *draft, struct heal_port_place *ret_place);

/** Says which vertices are of one node and joins them, and the ends of each link. @param peer [vertices]: the
 * vertex at the other end; UINT32_MAX: none. @param node [vertices], ascending. @return 0 or -ENOMEM. */
int heal_ports_join(struct heal_draft *draft, const unsigned *node, const uint32_t *peer);

#endif
