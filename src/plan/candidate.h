/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A remedy as a candidate for an incident: may it be used now, and if not, why. Who chooses among those that
 * may is choose.c; who tells people of the rest is outlook.c.
 */
#ifndef HEAL_PLAN_CANDIDATE_H
#define HEAL_PLAN_CANDIDATE_H

#include "model/remedy.h"

enum heal_candidate {
    HEAL_CANDIDATE_FITS,
    HEAL_CANDIDATE_TRIED,    /**< in this incident */
    HEAL_CANDIDATE_UNSUITED, /**< cannot be done here, or is for another node to do */
    HEAL_CANDIDATE_ISOLATES, /**< would leave too few healthy neighbours */
    HEAL_CANDIDATE_WORN_OUT, /**< was used here too often lately */
    HEAL_CANDIDATE_EARLY,    /**< its time has not come yet */
    HEAL_CANDIDATE_UNSAVED,  /**< the disk has just refused what must be durable before an act */
};

enum heal_candidate heal_candidate_judge(const struct heal_world *world, const struct heal_incident *incident,
                                         enum heal_remedy remedy);

/** @return whether the disk has just refused what must be durable before an act against it. */
bool heal_candidate_is_unsaved(const struct heal_world *world, const struct heal_incident *incident);

#endif
