/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** Rings for tests: a simulation of nodes n0 … in a ring, without radios. */
#ifndef HEAL_TESTS_SIM_RINGS_H
#define HEAL_TESTS_SIM_RINGS_H

#include "sim/sim.h"

/** Ends the program where it cannot be made. */
struct heal_sim *rings_make(unsigned count, uint64_t seed, const struct heal_settings *settings);
/** @return the link between two neighbours. */
unsigned rings_link(const struct heal_sim *sim, unsigned a, unsigned b);

#endif
