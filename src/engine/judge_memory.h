/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** What is kept of the network's probation: verdicts, what each model has shown, and the mode. */
#ifndef HEAL_ENGINE_JUDGE_MEMORY_H
#define HEAL_ENGINE_JUDGE_MEMORY_H

#include "engine/internal.h"

/** Keeps the mode that is in force, what was wanted, and why it is not that. */
void heal_judge_keep_mode(struct heal_engine *engine);

/** Keeps what has changed, as far as the step's output has room for it. */
void heal_judge_keep(struct heal_engine *engine);

#endif
