/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Findings about a link that several detectors share, so that they never contradict each other: each says
 * whether one pattern is there in the port's vitals. Pure questions; the detectors decide what they mean.
 */
#ifndef HEAL_ANALYZE_LINK_FINDINGS_H
#define HEAL_ANALYZE_LINK_FINDINGS_H

#include "model/world.h"

/** @return whether there is enough evidence about this port for a verdict of the slow kind. */
bool heal_link_is_judged(const struct heal_world *world, const struct heal_port *port);

/** @return whether nothing comes in any more (or the interface says so itself). */
bool heal_link_is_silent(const struct heal_world *world, const struct heal_port *port);

/** @return whether a direction loses more than is normal, as far as the evidence carries. */
bool heal_link_loses(const struct heal_world *world, const struct heal_port *port,
                     enum heal_direction direction);

/** @return whether hardly anything is known of a direction, and the trouble is so young that it may yet be:
 * the words about it may be what is lost. */
bool heal_link_is_undecided(const struct heal_world *world, const struct heal_port *port,
                            enum heal_direction direction);

/** @return whether it may yet turn out that a direction loses: some was lost, or hardly anything is known of
 * it, and the trouble is young. */
bool heal_link_may_lose(const struct heal_world *world, const struct heal_port *port,
                        enum heal_direction direction);

/** @return whether a direction swallows full-size packets and lets small ones through. */
bool heal_link_has_hole(const struct heal_port *port, enum heal_direction direction);

/** @return whether packets wait in a queue: the round trip is far above normal. */
bool heal_link_has_queue(const struct heal_world *world, const struct heal_port *port);

/** @return whether the radio says that noise has drowned the signal. */
bool heal_link_is_jammed(const struct heal_world *world, const struct heal_port *port);

/** @return whether the signal has fallen far below what is normal here, and to where rates fall, too. */
bool heal_link_fades(const struct heal_world *world, const struct heal_port *port);

/** @return whether there were so many outages lately that the outages are the trouble. */
bool heal_link_flaps(const struct heal_world *world, const struct heal_port *port);

/** @return whether the peer says that nothing of ours comes through any more, while what it sends does. */
bool heal_link_is_unheard(const struct heal_world *world, const struct heal_port *port);

/** @return whether only one direction loses; then @p ret_direction is which. */
bool heal_link_is_one_way(const struct heal_world *world, const struct heal_port *port,
                          enum heal_direction *ret_direction);

/** Adds a symptom about the link behind a port. */
struct heal_symptom *heal_link_symptom(const struct heal_world *world, const struct heal_port *port,
                                       struct heal_symptoms *symptoms, enum heal_diagnosis diagnosis,
                                       float confidence);

/** Adds what a direction lost as evidence. */
void heal_link_evidence_loss(const struct heal_world *world, const struct heal_port *port,
                             struct heal_symptom *symptom, enum heal_direction direction);

/** Adds the round-trip time as evidence. */
void heal_link_evidence_rtt(const struct heal_port *port, struct heal_symptom *symptom);

#endif
