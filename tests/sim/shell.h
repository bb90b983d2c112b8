/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The simulated shell of each node: rounds of readings, messages that take a tick, and commands carried out
 * on the mesh.
 */
#ifndef HEAL_SIM_SHELL_H
#define HEAL_SIM_SHELL_H

#include "sim/mesh.h"

/** Lets one event happen at a node, and carries out what its engine orders. */
void sim_shell_step(struct sim_mesh *mesh, int node, const struct heal_event *event);

/** A round of readings at a node. */
void sim_shell_round(struct sim_mesh *mesh, int node, double noise_floor_dbm, double rssi_dbm);

/** Delivers what was sent and answered since the last tick. */
void sim_shell_deliver(struct sim_mesh *mesh);

/** Reports a change of a node's kernel routes to its engine. */
void sim_shell_fib(struct sim_mesh *mesh, int node, int to, int via, uint8_t protocol, uint32_t metric,
                   bool present);

/** @return whether a small packet passes the port's link, sent by node @p from. */
bool sim_shell_passes(struct sim_mesh *mesh, const struct sim_port *port, int from);

/** Frees what is under way. */
void sim_shell_forget(struct sim_mesh *mesh);

#endif
