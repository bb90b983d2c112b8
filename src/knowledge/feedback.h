/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The feedback that closes the loop: after each cycle, what came of it moves thresholds and strategies. Every
 * change is counted, traced and kept.
 */
#ifndef HEAL_KNOWLEDGE_FEEDBACK_H
#define HEAL_KNOWLEDGE_FEEDBACK_H

#include "knowledge/strategies.h"
#include "knowledge/thresholds.h"
#include "model/world.h"

struct heal_knowledge {
    struct heal_thresholds thresholds;
    struct heal_strategies strategies;
};

/**
 * A step of an incident has ended: the record grows of its remedy against the diagnosis that it was chosen
 * for, whatever the incident is called by now; its time to repair is from its own beginning.
 */
void heal_feedback_step(struct heal_knowledge *knowledge, struct heal_world *world,
                        const struct heal_incident *incident, size_t step, bool worked);

/** An incident is over: it was confirmed, or went away by itself before it could have mattered (refuted). */
void heal_feedback_incident(struct heal_knowledge *knowledge, struct heal_world *world,
                            const struct heal_incident *incident);

/** A person has judged a detection. */
void heal_feedback_label(struct heal_knowledge *knowledge, struct heal_world *world, uint64_t incident,
                         enum heal_diagnosis diagnosis, bool is_true);

/** A person reports trouble that was not found. */
void heal_feedback_missed(struct heal_knowledge *knowledge, struct heal_world *world,
                          enum heal_diagnosis diagnosis);

/** Hands the thresholds to the world, where the detectors read them. */
void heal_knowledge_apply(const struct heal_knowledge *knowledge, struct heal_world *world);

#endif
