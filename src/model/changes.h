/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What a step has led otherwise, noted down for people as it is ordered and kept when it is taken back: the
 * text is the step's.
 */
#ifndef HEAL_MODEL_CHANGES_H
#define HEAL_MODEL_CHANGES_H

#include "heal/command.h"
#include "model/incident.h"

/** Adds "PREFIX over INTERFACE", once. What does not fit any more is an ellipsis. A step that is none of the
 * incident's has no such text. */
void heal_changes_note(struct heal_incident *incident, const struct heal_step *step,
                       const struct heal_command_route *route);

#endif
