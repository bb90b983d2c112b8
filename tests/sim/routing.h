/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The simulated routing daemon: hellos once a second, a neighbour lost after four are missing, shortest paths
 * over what is left, installed in the kernel when they change; and nothing else does it see.
 */
#ifndef HEAL_SIM_ROUTING_H
#define HEAL_SIM_ROUTING_H

#include "sim/mesh.h"

/** Sends the hellos that are due, and computes the routes anew where something has changed. */
void sim_routing_run(struct sim_mesh *mesh);

/** Hands one node's view (neighbours and routes) to its engine. */
void sim_routing_report(struct sim_mesh *mesh, int node);

#endif
