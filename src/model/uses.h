/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Uses: which remedies were used against which trouble lately, for the budgets. Kept apart from the
 * incidents, whose tables of steps are small, and which make room for one another: what is repeated often is
 * just what those forget. A ring, owned by the world; the oldest use makes room.
 */
#ifndef HEAL_MODEL_USES_H
#define HEAL_MODEL_USES_H

#include "model/symptom.h"

enum { HEAL_USES_MAX = 128 };

struct heal_use {
    struct heal_element element;
    enum heal_diagnosis diagnosis;
    enum heal_remedy remedy;
    heal_us at;
};

struct heal_uses {
    size_t count, next; /**< next: the place of the one to come */
    struct heal_use use[HEAL_USES_MAX];
};

/** Adds one. */
void heal_uses_note(struct heal_uses *uses, const struct heal_use *use);

/** Takes back the newest of a remedy on an element: it came to nothing before anything was done. */
void heal_uses_withdraw(struct heal_uses *uses, const struct heal_element *element, enum heal_remedy remedy);

/** @return how many there were since @p since against one trouble: a diagnosis of an element. */
unsigned heal_uses_against(const struct heal_uses *uses, const struct heal_element *element,
                           enum heal_diagnosis diagnosis, heal_us since);

/** @return how often since @p since one remedy was used on an element, whatever the diagnosis. */
unsigned heal_uses_of(const struct heal_uses *uses, const struct heal_element *element,
                      enum heal_remedy remedy, heal_us since);

/** @return whether there may have been more since @p since than are kept. */
bool heal_uses_overflow(const struct heal_uses *uses, heal_us since);

#endif
