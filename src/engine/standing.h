/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Standing orders: the mode and the pause that an operator has ordered outlive the run. Who has said "paused,
 * I am on the mast" is not to be surprised by a heald that was started anew.
 */
#ifndef HEAL_ENGINE_STANDING_H
#define HEAL_ENGINE_STANDING_H

#include "engine/internal.h"

/** Keeps the mode that is in force. */
void heal_standing_keep_mode(struct heal_world *world);

/** Keeps the pause that is in force, or that there is none. */
void heal_standing_keep_pause(struct heal_world *world);

/** Ends a pause, and keeps that. @param by for the trace: "in-time" or "by-operator". */
void heal_standing_resume(struct heal_world *world, const char *by);

/**
 * Takes in an order of an earlier run. The mode is that of the configuration where that has changed since; a
 * pause lasts no longer than was ordered, and after a reboot, whose clock begins anew, once more as long.
 * @return 0, or -EINVAL with nothing changed.
 */
int heal_standing_restore(struct heal_engine *engine, const char *key, const char *value);

#endif
