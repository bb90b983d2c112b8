/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * How the traffic is led away from an interface that a remedy is about to take away, the one that its step
 * names. In a mesh below IP the interface is made to look bad, and the nodes around choose other ways; else
 * this node's own traffic is led around by override routes, to which nothing is lost. A cost of babeld's
 * would be no help: to change one takes the interface away.
 */
#ifndef HEAL_PLAN_DRAIN_H
#define HEAL_PLAN_DRAIN_H

#include "model/remedy.h"

/** Of every remedy that takes an interface away. */
extern const struct heal_drain heal_drain_interface;

#endif
