/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Suspicion: when a port shows anything odd it is examined: probes of both sizes go fast, in both directions,
 * and rounds follow each other quickly, until there is evidence for a verdict or for an all-clear. Sparse
 * probes are cheap but slow to convince (a Bernoulli CUSUM at 5 a second needs 10 s for 10 % loss); dense
 * ones are dear. Examination has both: a light trigger, then a short dense look.
 */
#ifndef HEAL_MONITOR_SUSPICION_H
#define HEAL_MONITOR_SUSPICION_H

#include "model/world.h"

/** Decides whether the port is examined, begins and ends that, and paces its probes. */
void heal_suspicion_update(struct heal_world *world, struct heal_port *port);

/** @return whether any port is under examination: rounds should follow quickly. */
bool heal_suspicion_any(const struct heal_world *world);

/** @return whether a silence has only just been noticed: rounds should follow at once, so that its two ends
 * have told each other before either judges. */
bool heal_suspicion_of_silence(const struct heal_world *world);

#endif
