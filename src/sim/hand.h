/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What people do by hand on a node of a simulated mesh while heald is at work there: with ip(8), with the
 * routing daemon's socket, with the service manager. Nodes, ports and destinations are indices; an engine
 * hears of it as it would on a real node, and of no more.
 */
#ifndef HEAL_SIM_HAND_H
#define HEAL_SIM_HAND_H

#include "sim/sim.h"

/** Puts a route to @p to into a node's kernel that wins over all others, through @p port. */
void heal_hand_add_route(struct heal_sim *sim, unsigned node, unsigned to, const struct heal_sim_port *port);
/** Takes that route out again; else the routing daemon's, which the daemon does not notice. */
void heal_hand_delete_route(struct heal_sim *sim, unsigned node, unsigned to);
/** Takes out all of heald's routes. */
void heal_hand_delete_detours(struct heal_sim *sim, unsigned node);

/** @param mtu of the port's interface, in bytes. */
void heal_hand_set_mtu(struct heal_sim *sim, struct heal_sim_port *port, uint32_t mtu);
/** Gives the interface to the routing daemon anew. @param more than the normal cost; heald's is forgotten. */
void heal_hand_set_cost(struct heal_sim *sim, struct heal_sim_port *port, uint16_t more);

/** The kernel drops the routes of an interface that goes down. */
void heal_hand_take_down(struct heal_sim *sim, unsigned node, struct heal_sim_port *port);
/** Takes it down, and up again after @p span, whoever has taken it down before. */
void heal_hand_bounce(struct heal_sim *sim, unsigned node, struct heal_sim_port *port, heal_us span);
void heal_hand_bring_up(struct heal_sim *sim, struct heal_sim_port *port);

/** In order: it is down for half a second. */
void heal_hand_restart(struct heal_sim *sim, struct heal_sim_service *service);

#endif
