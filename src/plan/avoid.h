/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What the remedies have in common that make a mesh avoid the interfaces at both ends of a link. The mesh is
 * hastened to do so (haste.h), also by nodes that only hear of it: that is all of it that they do.
 */
#ifndef HEAL_PLAN_AVOID_H
#define HEAL_PLAN_AVOID_H

#include "model/remedy.h"

/** What makes a mesh avoid an interface. */
enum {
    HEAL_AVOID_PENALTY = 200, /**< of 255: leaves a fifth of the quality, and a hundredth of it where three
                                 such nodes lie on a way */
    HEAL_AVOID_KBIT = 1000,
};

/** A remedy that does so: by which setting, and to which of the values above. */
struct heal_avoidance {
    enum heal_remedy remedy;
    enum heal_tuning what;
    uint32_t value;
};

/** As heal_remedy_rule's. */
bool heal_avoid_applies(const struct heal_world *world, const struct heal_incident *incident,
                        const struct heal_avoidance *by);
int heal_avoid_aim(const struct heal_world *world, const struct heal_incident *incident,
                   const struct heal_avoidance *by, struct heal_step *step);
int heal_avoid_act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step);
enum heal_verdict heal_avoid_verify(const struct heal_world *world, const struct heal_incident *incident,
                                    const struct heal_step *step);

#endif
