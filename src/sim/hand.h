/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What is done to a node of a simulated mesh by hand while heald is at work there: with its switch, its
 * cables, ip(8), the routing daemon's socket, the service manager, healctl. Nodes, ports and destinations are
 * indices; an engine hears of it as it would on a real node, and of no more. What befalls a link is in sim.h.
 */
#ifndef HEAL_SIM_HAND_H
#define HEAL_SIM_HAND_H

#include "sim/sim.h"

/** Stops a node with all that runs on it, or lets it go on. */
void heal_hand_pause(struct heal_sim *sim, unsigned node, bool paused);
/** Tells a node's engine something as an operator. */
void heal_hand_say(struct heal_sim *sim, unsigned node, const struct heal_event_operator *said);

/** Gives a node a way out of the mesh, a default route, or takes it. */
void heal_hand_uplink(struct heal_sim *sim, unsigned node, bool present);
/** Takes the routing daemon's routes out of a node's kernel, which the daemon does not notice. */
void heal_hand_lose_routes(struct heal_sim *sim, unsigned node);
/** Puts a route that drops what goes to @p to into a node's kernel, or takes it out. */
void heal_hand_blackhole(struct heal_sim *sim, unsigned node, unsigned to, bool present);
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
