/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What the network says beside the detectors: where it agrees with a finding about a link, less doubt is
 * left; where it does not, the finding stands as it is, for the detectors have counted packets, and the
 * network only knows what is usual.
 */
#ifndef HEAL_ANALYZE_OPINION_H
#define HEAL_ANALYZE_OPINION_H

#include "model/world.h"

/** @return what the network says of a port, as far as that is fresh; NULL: nothing. */
const struct heal_judgement *heal_opinion_of(const struct heal_world *world, const struct heal_port_key *key);

/** Adds it as evidence, where anything may be made of it at all. */
void heal_opinion_evidence(const struct heal_world *world, const struct heal_judgement *judgement,
                           struct heal_symptom *symptom);

/** Adds it to all findings about this node's links: to their evidence from mode warn on, to their confidence
 * in mode act, both of the network. */
void heal_opinion_add(const struct heal_world *world, struct heal_symptoms *symptoms);

#endif
