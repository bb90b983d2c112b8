/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What comes next for an incident, in plain words: when what is in place is taken back, what would be tried
 * after it, what holds heald back, and what it will not do here. It reads what choose.c and the step machine
 * act on, so it cannot promise anything else.
 */
#ifndef HEAL_PLAN_OUTLOOK_H
#define HEAL_PLAN_OUTLOOK_H

#include "base/text.h"
#include "model/world.h"

/** Adds one to three lines, each a sentence. */
void heal_plan_outlook(const struct heal_world *world, const struct heal_incident *incident,
                       struct heal_text *text);

#endif
