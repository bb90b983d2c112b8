/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The simulated routing daemon of all nodes: it says hello once a second, takes a neighbour for lost after
 * four, and knows the shortest ways half a second after something has changed. The engines are told what
 * changed for them.
 *
 * Small meshes have routes from each node to each. In one of more than HEAL_SIM_ROUTED_MAX nodes they lead to
 * what is no more than two hops away, and from everywhere to HEAL_SIM_GATEWAYS gateways: so a link costs the
 * same in a mesh of any size.
 */
#ifndef HEAL_SIM_ROUTING_H
#define HEAL_SIM_ROUTING_H

#include "sim/sim.h"

struct heal_sim_routing;

/** Gives every node its ways. @return 0 or -ENOMEM. */
int heal_routing_new(struct heal_sim *sim);
/** Frees them, too. Takes NULL. @return NULL. */
struct heal_sim_routing *heal_routing_free(struct heal_sim *sim);
/** @return when it has something to do. */
heal_us heal_routing_next(const struct heal_sim *sim);
/** Does what is due. */
void heal_routing_run(struct heal_sim *sim);

#endif
