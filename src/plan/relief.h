/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Relief: whether the traffic that suffered from an incident does no longer, by the tables of routes, and not
 * by whether something was done. What has no way left suffers, though no packet of it passes what is sick.
 */
#ifndef HEAL_PLAN_RELIEF_H
#define HEAL_PLAN_RELIEF_H

#include "model/world.h"

/** @return whether every destination that suffered is led around, or has a way that is well. */
bool heal_relief_is_whole(const struct heal_world *world, const struct heal_incident *incident);

/** Notes in every open incident how many destinations it has cut off. */
void heal_relief_note_cut_off(struct heal_world *world);

#endif
