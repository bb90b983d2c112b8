/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The guard rails: what keeps heald from doing something now, whatever the plan.
 */
#ifndef HEAL_PLAN_GUARD_H
#define HEAL_PLAN_GUARD_H

#include "model/remedy.h"

/** @return the first reason to do nothing about the incident now, or HEAL_NOT_SUPPRESSED. */
enum heal_suppression heal_guard_incident(const struct heal_world *world,
                                          const struct heal_incident *incident);

/** @return whether the remedy would leave too few healthy neighbours. All that are behind the interface that
 * it takes down, or has the routing daemon set up anew, do not count as left. */
bool heal_guard_isolates(const struct heal_world *world, const struct heal_incident *incident,
                         const struct heal_remedy_rule *rule);

/** @return whether the remedy was used on this element as often as the policy lets it, though perhaps for
 * other diagnoses: trouble that changes its name is no new trouble. */
bool heal_guard_is_worn_out(const struct heal_world *world, const struct heal_incident *incident,
                            enum heal_remedy remedy);

/** @return whether so many incidents are open that heald stops and calls for people. */
bool heal_guard_storm(const struct heal_world *world);

#endif
