/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * From symptoms to incidents: what belongs together becomes one, at the node where the cause is. Both ends of
 * a sick link work on it; the end whose name sorts first owns it and has the last word on the diagnosis.
 */
#ifndef HEAL_ANALYZE_INCIDENTS_H
#define HEAL_ANALYZE_INCIDENTS_H

#include "model/world.h"

/** Runs all detectors and joins what they find, and the news, with the incidents. */
void heal_incidents_update(struct heal_world *world);

/**
 * @return whether an incident about this element is this node's own: of a node's, the node's; of a link's,
 * the end's whose name sorts first, or who is the only one that still speaks.
 */
bool heal_incidents_owns(const struct heal_world *world, const struct heal_element *element);

#endif
