/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The verdicts that can still be judged, in fixed memory: the oldest whose truth is known makes room for a
 * new one, and only where there is none the oldest of all. Plain data; the caller owns it.
 */
#ifndef HEAL_KNOWLEDGE_VERDICTS_H
#define HEAL_KNOWLEDGE_VERDICTS_H

#include "heal/verdict.h"

enum { HEAL_VERDICTS_MAX = 256 };

struct heal_verdicts {
    uint64_t next; /**< the next one's id; 0 counts as 1 */
    size_t count;
    struct heal_network_verdict of[HEAL_VERDICTS_MAX]; /**< by id, rising */
    uint8_t unkept[(HEAL_VERDICTS_MAX + 7) / 8];       /**< bit i: of[i] has changed since it was last kept */
};

/** @return a cleared verdict with an id, unkept; valid until the next one is made. */
struct heal_network_verdict *heal_verdicts_make(struct heal_verdicts *verdicts);

/** Takes one in that an earlier run has kept. One that is there already is left as it is. */
void heal_verdicts_restore(struct heal_verdicts *verdicts, const struct heal_network_verdict *verdict);

/** @return the verdict with this id, or NULL. */
struct heal_network_verdict *heal_verdicts_find(struct heal_verdicts *verdicts, uint64_t id);
const struct heal_network_verdict *heal_verdicts_find_const(const struct heal_verdicts *verdicts,
                                                            uint64_t id);

/** Says that a verdict has changed. @param verdict of the table */
void heal_verdicts_touch(struct heal_verdicts *verdicts, const struct heal_network_verdict *verdict);

/** @return the first that has changed since it was kept, or NULL; once it is kept, _kept says so. */
const struct heal_network_verdict *heal_verdicts_unkept(const struct heal_verdicts *verdicts);
void heal_verdicts_kept(struct heal_verdicts *verdicts, const struct heal_network_verdict *verdict);

#endif
