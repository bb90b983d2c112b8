/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Override routes for an incident: which destinations suffer, the best safe way for each, and the commands
 * that bring the kernel to it. Looked at again each round: a way that is safe no longer is withdrawn.
 */
#ifndef HEAL_PLAN_DETOUR_H
#define HEAL_PLAN_DETOUR_H

#include "model/output.h"
#include "model/remedy.h"

struct heal_detour_survey {
    size_t suffering; /**< destinations whose way meets what is sick */
    size_t helped;    /**< of these, those with a safe other way */
    size_t cut_off;   /**< beside these, those that what is sick has left without a way, and to which no
                         neighbour is known to have a safe one */
};

/** @return whether the routing daemon's way over @p route meets what is sick, and nobody leads it by hand. */
bool heal_detour_suffers(const struct heal_world *world, const struct heal_incident *incident,
                         const struct heal_reading_route *route);

/** Counts, orders nothing. */
struct heal_detour_survey heal_detour_survey(const struct heal_world *world,
                                             const struct heal_incident *incident);

/** @return whether the routing daemon itself has another way, which is well, to a destination that suffers.
 */
bool heal_detour_daemon_has_other(const struct heal_world *world, const struct heal_incident *incident);

/** Orders what is missing and withdraws what is no longer needed or safe. */
void heal_detour_order(struct heal_world *world, struct heal_incident *incident, struct heal_step *step);

/** Withdraws all detours of the incident. @return 0, or what is left must be withdrawn later: -ENOSPC, the
 * output is full; -EAGAIN, without them there would be a circle for now. */
int heal_detour_withdraw(struct heal_world *world, struct heal_incident *incident, struct heal_step *step);

/** Each orders one detour of the incident, or takes it away; nothing where that is so already. */
void heal_detour_put(struct heal_world *world, struct heal_incident *incident, struct heal_step *step,
                     const struct heal_command_route *route);
void heal_detour_take_away(struct heal_world *world, struct heal_incident *incident, struct heal_step *step,
                           const struct heal_prefix *prefix);

/** As heal_remedy_rule's taken_over. What was taken away is no longer claimed. */
enum heal_takeover heal_detour_taken_over(struct heal_world *world, struct heal_incident *incident,
                                          struct heal_step *step, struct heal_text *words);

/** @return whether the kernel has shown every detour of the incident. */
bool heal_detour_in_place(const struct heal_world *world, const struct heal_incident *incident);

#endif
