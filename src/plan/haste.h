/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * How a mesh below IP is hastened: for a while this node announces itself up to ten times a second.
 * batman-adv leaves a dead way only after five announcements of its destination by another, and BATMAN IV
 * believes of a way what the last five announcements say: at one a second that takes five seconds. What makes
 * it choose anew is hastened so at all nodes that hear of it, for each is a destination.
 */
#ifndef HEAL_PLAN_HASTE_H
#define HEAL_PLAN_HASTE_H

#include "model/remedy.h"

enum {
    HEAL_HASTE_US = 4 * HEAL_US_PER_S /**< for so long: what has not moved by then, moves no faster */
};

/** @return from one announcement to the next, in ms: the longer, the more nodes are known, for each node
 * passes on all of them. */
uint32_t heal_haste_ms(const struct heal_world *world);

/** @return whether a step of this node's hastens the mesh beside what else it does, or is about to. */
bool heal_haste_is_beside(const struct heal_world *world);

/** Of remedies that make a mesh avoid an interface: it leaves that the sooner. Nothing waits for it. */
extern const struct heal_drain heal_haste;

#endif
