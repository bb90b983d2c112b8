/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The simulated shell of a node: it feeds the engine with rounds of readings and with what happens, and has
 * carried out what the engine orders (carry.h).
 */
#ifndef HEAL_SIM_SHELL_H
#define HEAL_SIM_SHELL_H

#include "sim/sim.h"

/** Lets one event happen at a node. */
void heal_shell_step(struct heal_sim *sim, unsigned node, const struct heal_event *event);
/** A round of readings at a node. */
void heal_shell_round(struct heal_sim *sim, unsigned node);
/** Reports a change of a node's kernel routes to its engine, at once but after what is going on.
 * @param via the port; -1: a route that drops. */
void heal_shell_fib(struct heal_sim *sim, unsigned node, unsigned to, int via, uint8_t protocol,
                    uint32_t metric, bool present);
/** Lets a service's time pass: it grows, a restart ends. */
void heal_shell_service(struct heal_sim *sim, struct heal_sim_service *service);

#endif
