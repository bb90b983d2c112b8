/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The probation of the network: it is a detector that must earn the right to act, and can lose it again. Two
 * models at most are on probation: the active one, whose mode is the detector's, and one in its shadow, whose
 * verdicts are judged, too, and never acted upon. Plain data; the engine owns it. Which ports an incident is
 * about, and what is kept where, is the engine's business (engine/probation.h).
 */
#ifndef HEAL_KNOWLEDGE_PROBATION_H
#define HEAL_KNOWLEDGE_PROBATION_H

#include "knowledge/gate.h"

enum { HEAL_PROBATION_WORDS = 160 };

struct heal_probation {
    struct heal_verdicts verdicts;
    struct heal_merit merit[HEAL_SLOTS];
    enum heal_mode wanted; /**< by the configuration, or by order */
    enum heal_mode mode;   /**< in force; never above `wanted` */
    bool forced;           /**< it was let act without having passed the gate */
    bool unearned;         /**< the active model is another since the last update, and must earn it */
    uint64_t acts_since;   /**< live precision is of verdicts from this id on */
    enum heal_gate fell;   /**< why it may not act any more, until it is ordered again */
    char words[HEAL_PROBATION_WORDS]; /**< about that, or why it does not act yet; may be empty */
};

/** What a model's file says of it, as far as probation cares. */
struct heal_candidate_model {
    uint64_t id; /**< not 0 */
    int32_t threshold;
    struct heal_drift_training training;
};

/** What has happened to the mode. */
enum heal_probation_change {
    HEAL_PROBATION_STANDS,
    HEAL_PROBATION_ACTS,
    HEAL_PROBATION_FALLS,
    HEAL_PROBATION_BEGINS, /**< what acted was another model: this one observes until it has earned it */
};

/** Begins a model's record in a slot, in place of what was there; the same model goes on as it was. Another
 * active one does not act until it has earned that itself. @param model NULL: the slot is empty from now on
 */
void heal_probation_put(struct heal_probation *probation, enum heal_slot slot,
                        const struct heal_candidate_model *model,
                        const struct heal_detector_setting *setting);

/** Makes the shadow the active one, with its record; the detector's mode is then what that has earned.
 * @return 0, or -ENOENT: there is no shadow. */
int heal_probation_promote(struct heal_probation *probation, const struct heal_detector_setting *setting);

/** Takes other settings. @param mode_changed the configuration's mode is another than before */
void heal_probation_configure(struct heal_probation *probation, const struct heal_detector_setting *setting,
                              bool mode_changed);

/**
 * Orders a mode.
 * @return 0; or -EPERM with words: the gate for act is not passed, and it is not forced. The mode is as it
 * was then.
 */
int heal_probation_order(struct heal_probation *probation, enum heal_mode mode, bool forced,
                         const struct heal_detector_setting *setting);

/** Looks whether the mode is still earned, or is by now; once a round. */
enum heal_probation_change heal_probation_update(struct heal_probation *probation,
                                                 const struct heal_detector_setting *setting);

/** What judges a slot's verdicts. */
struct heal_docket heal_probation_docket(struct heal_probation *probation, enum heal_slot slot,
                                         const struct heal_detector_setting *setting);

/** The slot of a model, or HEAL_SLOTS. */
enum heal_slot heal_probation_slot(const struct heal_probation *probation, uint64_t model);

/** Live precision of the active model. */
struct heal_share heal_probation_recent(const struct heal_probation *probation);

#endif
