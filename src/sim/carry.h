/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Commands carried out on the simulated mesh. Nothing here steps an engine: what follows is posted.
 */
#ifndef HEAL_SIM_CARRY_H
#define HEAL_SIM_CARRY_H

#include "sim/sim.h"

/** Carries out what a node's engine has ordered. A message is changed on its way out. */
void heal_carry_out(struct heal_sim *sim, unsigned node, struct heal_command *command);

#endif
