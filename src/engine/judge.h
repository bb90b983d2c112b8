/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Where the network's probation meets the world: which looks, incidents and words it is judged by, what is
 * kept of it, and what people are told.
 */
#ifndef HEAL_ENGINE_JUDGE_H
#define HEAL_ENGINE_JUDGE_H

#include "engine/internal.h"

/** Takes in what the model of a slot has said of a port in this round. */
void heal_judge_look(struct heal_engine *engine, enum heal_slot slot, const struct heal_port *port,
                     int32_t logit);

/** @return whether an incident is at a port: an overloaded node is sick at all of its ports, a link at the
 * one that leads to it. */
bool heal_judge_is_at(const struct heal_world *world, const struct heal_incident *incident,
                      const struct heal_port *port);

/** An incident is over, or an operator has labelled it. @param witness HEAL_WITNESS_INCIDENT or _OPERATOR */
void heal_judge_incident(struct heal_engine *engine, const struct heal_incident *incident,
                         enum heal_witness witness, bool is_true);

/** An operator's word on a verdict; that there was trouble of this diagnosis; that the detector is to be in
 * another mode; that the shadow's model is to be the active one; who makes faults says that one begins or
 * ends: "NEIGHBOUR" or "NEIGHBOUR DIAGNOSIS". */
void heal_judge_label(struct heal_engine *engine, const struct heal_event_operator *operator_);
void heal_judge_missed(struct heal_engine *engine, enum heal_diagnosis diagnosis);
void heal_judge_mode(struct heal_engine *engine, const struct heal_event_operator *operator_);
void heal_judge_activate(struct heal_engine *engine, const struct heal_event_operator *operator_);
void heal_judge_truth(struct heal_engine *engine, const struct heal_event_operator *operator_);

/** Judges what has waited, looks at the mode, and keeps what has changed; once a round. @param blind after a
 * gap: what was said before it nobody has watched */
void heal_judge_update(struct heal_engine *engine, bool blind);

/** Takes in a record of an earlier run: HEAL_RECORD_VERDICT, _MERIT, or the order "detector". @return 0 or
 * -EINVAL with nothing changed. */
int heal_judge_restore(struct heal_engine *engine, const struct heal_record *record);

#endif
