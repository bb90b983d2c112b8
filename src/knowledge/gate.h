/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The gate that a model must pass before its verdicts are acted upon, and the bounds within which it must
 * stay after. Pure functions of their arguments.
 */
#ifndef HEAL_KNOWLEDGE_GATE_H
#define HEAL_KNOWLEDGE_GATE_H

#include "base/text.h"
#include "knowledge/judging.h"

enum heal_gate {
    HEAL_GATE_PASSED,
    HEAL_GATE_NO_MODEL,
    HEAL_GATE_FEW_ALARMS,
    HEAL_GATE_FEW_WATCHES,
    HEAL_GATE_PRECISION,
    HEAL_GATE_RECALL,
    HEAL_GATE_MOVED,
    HEAL_GATE_OUTSIDE,
    HEAL_GATES,
};
/** "passed", "no-model" and so on; NULL past the last. */
extern const char *const heal_gate_names[HEAL_GATES + 1];

/** Fewer alarms than this say nothing of a model that acts: one slip is no fall. */
enum { HEAL_GATE_KEEP_LEAST = 5 };

/**
 * Whether a model may act: so many alarms judged, so many healthy watches, and a precision whose lower bound
 * is high enough.
 * @param words what is missing, with its figure, or what was shown
 */
enum heal_gate heal_gate_check(const struct heal_merit *merit, const struct heal_gate_setting *setting,
                               struct heal_text *words);

/**
 * Whether a model that acts may go on. It may not where even the upper bound of its live precision is too
 * low, where a feature has moved away from what earned it its trust, or lies outside of what it has learned
 * from, by the lower bound of that share.
 * @param recent its last alarms @param words what is wrong, with its figure; untouched where nothing is
 */
enum heal_gate heal_gate_keep(const struct heal_merit *merit, const struct heal_share *recent,
                              const struct heal_gate_setting *setting, struct heal_text *words);

/**
 * Whether a model beside the active one has earned its place: it has the gate's counts, and its precision and
 * recall are no worse than what the active one has shown since the two run side by side.
 */
enum heal_gate heal_gate_compare(const struct heal_merit *shadow, const struct heal_merit *active,
                                 const struct heal_gate_setting *setting, struct heal_text *words);

#endif
